/**
 * Who was affected, over a log of a million entries: reading and indexing it in one pass, verified; then each question
 * asked of the index.
 */
import { hash } from "node:crypto";
import { IndexFill } from "../src/domain/incident/log-index-fill.ts";
import { evidenceOf, looksAt, reachedIn, touching, writersOf, type ReadingRow } from "../src/domain/incident/reach.ts";
import { encodeBundle } from "../src/domain/log/bundle.ts";
import { signCheckpoint } from "../src/domain/log/checkpoint.ts";
import { idsRoot, personCommitment } from "../src/domain/log/commit.ts";
import { encodeEntry, type LogEvent } from "../src/domain/log/event.ts";
import { newGrowth } from "../src/domain/log/growth.ts";
import { formatVerifierKey, signerKey } from "../src/domain/log/note-key.ts";
import { newId, randomBytes } from "../src/domain/seal/random.ts";
import { leafHash } from "../src/domain/log/tree.ts";
import { median, rounded, say, type Measure } from "./figure.ts";

const ENTRIES = 1_000_000;
const WIDTH = 256;
/** Of a thousand entries so many are readings; the rest are letters. */
const READINGS = 100;
const TURNS = 5;
const sha = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

export const measure: Measure = async (_place, print) => {
  say(`making a log of ${ENTRIES} entries …`);
  const signer = signerKey("example.com/log", randomBytes(32));
  const [inboxes, nonce, filler] = [[newId(), newId()] as const, randomBytes(32), "ab".repeat(32)];
  const [rows, bundles, growth] = [[] as ReadingRow[], [] as Uint8Array[], newGrowth([], sha)];
  let last = newId();
  const id = (i: number): string => i.toString(16).padStart(32, "0");
  const eventAt = (i: number): LogEvent => {
    if (i % 1000 < READINGS && i > 1000) {
      const [release, personSalt, idsSalt, person] = [newId(), randomBytes(32), randomBytes(32), newId()];
      rows.push({ release, person, personSalt, idsSalt, ids: [last] });
      return {
        kind: "letter.released",
        body: "city",
        inbox: inboxes[0],
        count: 1,
        ids: idsRoot(idsSalt, [last]),
        reader: personCommitment(personSalt, person),
        role: "reader",
        purpose: "open",
        release,
      };
    }
    // The letters that are read are of the inbox that is asked about.
    if (i % 2 === 0) last = id(i);
    return {
      kind: "submission.received",
      inbox: inboxes[i % 2]!,
      epoch: 1 + (i % 3),
      formHash: filler,
      submission: id(i),
      slip: filler,
      letter: filler,
      size: 9000,
      path: "browser",
      commitment: filler,
    };
  };
  for (let from = 0; from < ENTRIES; from += WIDTH) {
    const entries = Array.from({ length: Math.min(WIDTH, ENTRIES - from) }, (_, k) =>
      encodeEntry({ ...eventAt(from + k), at: 1_700_000_000_000 + (from + k) * 1000 }, nonce),
    );
    bundles.push(encodeBundle(entries));
    growth.add(Buffer.concat(entries.map((entry) => leafHash(entry))));
  }
  const note = signCheckpoint(
    { origin: "example.com/log", size: ENTRIES, root: growth.root(), extensions: [] },
    signer,
  );

  const spent = (): number => process.cpuUsage().user / 1_000_000;
  const [began, cpu] = [performance.now(), spent()];
  const fill = new IndexFill(sha);
  for (const bundle of bundles) fill.add(bundle);
  const index = fill.done(note, formatVerifierKey(signer.verifier));
  print({
    name: `read, verify and index ${ENTRIES} entries`,
    value: rounded((performance.now() - began) / 1000, 2),
    unit: "s",
    cpu: rounded(spent() - cpu, 2),
  });

  const from = 1_700_000_000_000 + 400_000_000;
  const before = spent();
  const times = Array.from({ length: TURNS }, () => {
    const started = performance.now();
    const { letters } = reachedIn(index, { inbox: inboxes[0], epochs: [1, 2], until: from + 500_000_000 });
    writersOf(letters);
    return [performance.now() - started, letters] as const;
  });
  const letters = times[0]![1];
  print({
    name: `affected set of ${letters.length} letters, of ${ENTRIES} entries`,
    value: rounded(median(times.map(([ms]) => ms)) / 1000, 3),
    unit: "s median",
    cpu: rounded((spent() - before) / TURNS, 3),
  });
  const asked = performance.now();
  const looks = touching(looksAt(index, inboxes[0], from, from + 3_600_000 * 24, rows), letters);
  evidenceOf(looks, { from, until: from + 3_600_000 * 24 }, index.coverage);
  print({
    name: `who looked in one day, ${looks.length} readings checked against their commitments`,
    value: rounded((performance.now() - asked) / 1000, 3),
    unit: "s",
  });
};
