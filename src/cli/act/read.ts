/** DANGEROUS: reading letters at a desk, in the order that may not change: release, proof, seal, context, form. */
import { fromHex } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { ADDITION_HASH, additionForm } from "../../domain/form/addition.ts";
import { isMarker, takeMarker } from "../../domain/watch/marker.ts";
import { checkOpened, checkOpenedSlip } from "../../domain/form/opened.ts";
import type { Answers } from "../../domain/form/answers.ts";
import { formHash, formOf, type Form } from "../../domain/form/form.ts";
import type { Slip } from "../../domain/form/slip.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import type { InboxKey } from "../../domain/grant/wrap.ts";
import type { ReleasePurpose } from "../../domain/log/event.ts";
import { verifyRelease } from "../../domain/log/release-proof.ts";
import { Fault } from "../../domain/problem.ts";
import type { SealContext } from "../../domain/seal/context.ts";
import { openLetter, openSlip } from "../../domain/seal/open.ts";
import { newId } from "../../domain/seal/random.ts";
import { bytes, id, listOf, record, text, whole } from "../shape.ts";
import * as wire from "../wire.ts";
import { inboxKeys } from "./keys.ts";
import { stateOf, type Visit } from "./visit.ts";

export type Opened<T> = Pick<wire.Item, "submission" | "epoch" | "receivedAt" | "path" | "first" | "reference"> & {
  readonly form: Form;
  readonly content: T;
};

/** How often a release is asked for; the server waits some seconds each time. */
const TURNS = 8;

/**
 * Asks for sealed bytes and demands the proof that this very reading is in the log, under its signature.
 * @throws `LOG_NOT_SIGNED`, `PROOF_INVALID`, and the server's refusals
 */
export async function release(
  visit: Visit,
  body: string,
  asked: {
    readonly inbox: string;
    readonly purpose: ReleasePurpose;
    readonly submissions?: readonly string[];
    readonly since?: number;
    readonly before?: number;
  },
): Promise<wire.Released & { readonly release: string }> {
  const { client, me, where } = visit;
  const release = newId();
  await client.post(`/api/bodies/${encodeURIComponent(body)}/releases`, { ...asked, release });
  for (let turn = 0; turn < TURNS; turn++) {
    const { status, value } = await client.get(`/api/releases/${release}`);
    if (status === 202) continue;
    const got = wire.released(value);
    const verdict = verifyRelease({
      ...got,
      ids: got.items.map((item) => item.submission),
      person: me.person,
      role: me.role,
      purpose: asked.purpose,
      body,
      inbox: asked.inbox,
      release,
      logKey: where.logKey,
    });
    if (!verdict.ok) throw new Fault(verdict.code);
    return { ...got, release };
  }
  throw new Fault("LOG_NOT_SIGNED");
}

/** What is needed to open items of one inbox. */
type Opener = {
  readonly form: string;
  readonly versions: ReadonlyMap<string, Form>;
  readonly keys: readonly InboxKey[];
};

async function openerFor(visit: Visit, state: BodyState, inbox: string, items: readonly wire.Item[]): Promise<Opener> {
  const published = [...state.forms.values()].find((form) => form.inbox === inbox);
  if (!published) throw new Fault("FORM_UNKNOWN");
  const versions = new Map<string, Form>();
  for (const hash of new Set(items.map((item) => item.formHash))) {
    if (hash === ADDITION_HASH) {
      versions.set(hash, additionForm);
      continue;
    }
    if (!published.versions.has(hash)) throw new Fault("OPEN_CONTEXT", "a form version that no owner published");
    versions.set(hash, await formVersion(visit, state.body, hash));
  }
  return { form: published.form, versions, keys: await inboxKeys(visit, state, inbox) };
}

/** A stored form version, compared with its hash. @throws `FORM_UNKNOWN`, `FORM_INVALID` */
export async function formVersion({ client }: Visit, body: string, hash: string): Promise<Form> {
  const { value } = await client.get(`/api/bodies/${encodeURIComponent(body)}/forms/${hash}`);
  const form = formOf(typeof value === "string" ? parseJson(value) : value);
  if (formHash(form) !== hash) throw new Fault("FORM_UNKNOWN", "another form came under this hash");
  return form;
}

function partsFor(
  { form, versions, keys }: Opener,
  inbox: string,
  item: wire.Item,
): { readonly identity: string; readonly context: SealContext; readonly version: Form } {
  const key = keys.find((known) => known.epoch === item.epoch);
  if (!key) throw new Fault("REFUSED_EPOCH", "no key of this epoch");
  return {
    identity: key.identity,
    version: versions.get(item.formHash)!,
    context: {
      form,
      formHash: item.formHash,
      inbox,
      epoch: item.epoch,
      submission: item.submission,
      first: item.first,
    },
  };
}

const opened = <T>(
  { submission, epoch, receivedAt, path, first, reference }: wire.Item,
  form: Form,
  content: T,
): Opened<T> => ({ submission, epoch, receivedAt, path, first, reference, form, content });

/** The slips of an inbox, opened and checked against the form. */
export async function list(
  visit: Visit,
  body: string,
  inbox: string,
  window: { readonly since?: number; readonly before?: number } = {},
): Promise<Opened<Slip>[]> {
  const state = await stateOf(visit, body);
  const { items } = await release(visit, body, { inbox, purpose: "list", ...window });
  const opener = await openerFor(visit, state, inbox, items);
  return Promise.all(
    items.map(async (item) => {
      const { identity, context, version } = partsFor(opener, inbox, item);
      return opened(
        item,
        version,
        checkOpenedSlip(version, takeMarker(await openSlip(identity, item.bytes, context)).content),
      );
    }),
  );
}

/** Letters of a release whose proof was checked, opened and compared with their form. All, or none. */
export async function lettersOf(
  visit: Visit,
  body: string,
  inbox: string,
  items: readonly wire.Item[],
): Promise<(Opened<Answers> & { /** its seal says that the monitor planted it */ readonly flagged: boolean })[]> {
  const opener = await openerFor(visit, await stateOf(visit, body), inbox, items);
  return Promise.all(
    items.map(async (item) => {
      const { identity, context, version } = partsFor(opener, inbox, item);
      const { flagged, content } = takeMarker((await openLetter(identity, item.bytes, context)).answers);
      return { ...opened(item, version, checkOpened(version, content)), flagged };
    }),
  );
}

/**
 * The letters that the monitor says it planted in a body's inboxes, by its own signature.
 * @param monitorKey hex, from the installation's configuration
 */
export async function plantedIn(
  { client, where }: Visit,
  body: string,
  monitorKey: string,
): Promise<ReadonlySet<string>> {
  const markers = listOf(
    "markers",
    record({ submission: id, body: text, inbox: id, epoch: whole, signature: bytes }),
  )((await client.get(`/api/bodies/${encodeURIComponent(body)}/markers`)).value);
  return new Set(
    markers.filter((one) => isMarker(fromHex(monitorKey), where.installation, one)).map(({ submission }) => submission),
  );
}

/** One letter, opened and checked; the server is then told that it was opened. */
export async function open(visit: Visit, body: string, inbox: string, submission: string): Promise<Opened<Answers>> {
  const state = await stateOf(visit, body);
  const { items, release: released } = await release(visit, body, {
    inbox,
    purpose: "open",
    submissions: [submission],
  });
  const [item] = items;
  if (!item || items.length !== 1 || item.submission !== submission)
    throw new Fault("OPEN_CONTEXT", "not the letter that was asked for");
  const { identity, context, version } = partsFor(await openerFor(visit, state, inbox, items), inbox, item);
  const letter = opened(
    item,
    version,
    checkOpened(version, takeMarker((await openLetter(identity, item.bytes, context)).answers).content),
  );
  await visit.client.post(`/api/releases/${released}/opened`, { submissions: [submission] });
  return letter;
}
