/**
 * The monitor's own letters: planted once in each epoch and once a day, told before they are sent, remembered by what
 * they leave behind.
 */
import { setTimeout as wait } from "node:timers/promises";
import { submit } from "../contract/public.ts";
import { requestOf } from "../contract/route.ts";
import type { ReportAnswer } from "../contract/watch.ts";
import type { Bytes } from "../domain/bytes.ts";
import { slipOf } from "../domain/form/slip.ts";
import { encodeSubmission, SUBMISSION_TYPE } from "../domain/seal/envelope.ts";
import { randomBytes } from "../domain/seal/random.ts";
import { kindOfRecipient } from "../domain/seal/age.ts";
import { newIdentity } from "../domain/seal/identity.ts";
import { newSubmissionId, sealAnswers } from "../domain/seal/seal.ts";
import { markerWords, signMarker, withMarker, type SignedMarker } from "../domain/watch/marker.ts";
import type { Config } from "./config.ts";
import type { KnownForm } from "./known.ts";
import { markerAnswers } from "./letter.ts";
import { needlesOf, SEALED, type Needle } from "./needles.ts";
import { ask } from "./stranger.ts";

type Told = ReportAnswer["markers"];
type Sending = { readonly marker: SignedMarker; readonly wire: Bytes; readonly tries: number };

const DAY = 86_400_000;
/**
 * More of the past than this is not looked for by its words: the beginning of a sealed file gives it away all the same.
 */
const REMEMBERED = 40;
const TRIES = 5;

/** Words that nobody has: no visit finds a marker, and nobody reads a reply to one. */
const nobodys = async (recipient: string) => ({
  receipt: randomBytes(32),
  nonce: randomBytes(32),
  reply: (await newIdentity(kindOfRecipient(recipient))).recipient,
});

export class Markers {
  readonly #config: Config;
  #told: Told = [];
  readonly #sealed = new Map<string, readonly Bytes[]>();
  #sending: Sending[] = [];
  #needles: readonly Needle[] = SEALED;

  constructor(config: Config) {
    this.#config = config;
  }

  get needles(): readonly Needle[] {
    return this.#needles;
  }

  get submissions(): readonly string[] {
    return this.#told.map((one) => one.submission);
  }

  /** What the installation knows of what was planted. */
  update(told: Told): void {
    if (
      told.length === this.#told.length &&
      told.at(-1)?.submission === this.#told.at(-1)?.submission &&
      told[0]?.submission === this.#told[0]?.submission
    )
      return;
    this.#told = told;
    const kept = told.slice(-REMEMBERED);
    this.#needles = [
      ...SEALED,
      ...kept.flatMap(({ submission }) =>
        needlesOf(submission, markerWords(this.#config.secret, submission), this.#sealed.get(submission) ?? []),
      ),
    ];
  }

  /** Seals what is due; it must be told before it is sent. */
  async due(forms: readonly KnownForm[], now: number): Promise<SignedMarker[]> {
    const made: SignedMarker[] = [];
    for (const known of forms) {
      const { form, formHash, body, inbox, epoch, recipient } = known;
      const fresh =
        this.#told.some((one) => one.inbox === inbox && one.epoch === epoch && now - one.planted < DAY) ||
        this.#sending.some(({ marker }) => marker.inbox === inbox && marker.epoch === epoch);
      if (!known.open || fresh) continue;
      const submission = newSubmissionId();
      const words = markerWords(this.#config.secret, submission);
      const answers = markerAnswers(form, words);
      if (answers === null) continue;
      const sealed = await sealAnswers(
        withMarker(answers, words),
        withMarker(slipOf(form, answers), words),
        { form: form.id, formHash, inbox, epoch, submission, first: null },
        await nobodys(recipient),
        recipient,
      );
      const marker = signMarker(this.#config.secret, this.#config.installation, { body, inbox, epoch, submission });
      this.#sealed.set(submission, [sealed.slip, sealed.letter]);
      this.#sending.push({ marker, wire: encodeSubmission(sealed), tries: 0 });
      made.push(marker);
    }
    return made;
  }

  /**
   * Sends what was told, as anybody would. What is refused (a key that has just changed) is given up, and made anew by
   * the next round.
   */
  async send(): Promise<void> {
    for (const one of this.#sending) {
      const { method, path } = requestOf(submit, {}, one.wire);
      const answer = await ask({
        method,
        origin: this.#config.origins.public!,
        path,
        headers: { "content-type": SUBMISSION_TYPE },
        body: one.wire,
      }).catch(() => null);
      const over = answer !== null && answer.status < 500;
      this.#sending = this.#sending.flatMap((other) =>
        other !== one ? [other] : over || one.tries >= TRIES ? [] : [{ ...one, tries: one.tries + 1 }],
      );
      await wait(20);
    }
  }
}
