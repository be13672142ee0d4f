/** Forms as the public sees them: only what signed statements name, with bytes that have the signed hash. */
import { equalBytes, fromHex, sha256, toHex } from "../../domain/bytes.ts";
import { parseCanonical } from "../../domain/canonical.ts";
import { formOf, type Form } from "../../domain/form/form.ts";
import { Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { currentEpoch, type FormState } from "../../domain/grant/state.ts";
import { allBodies } from "../people/store/bodies.ts";
import type { Db } from "../database/pool.ts";
import { formDefinition, recipientsOf } from "./store.ts";
import type { Chain, Chains } from "./chains.ts";

export type PublishedForm = {
  readonly body: string;
  readonly chain: Chain;
  readonly published: FormState;
  readonly form: Form;
  readonly definition: Uint8Array;
};

/** Definitions whose hash was compared; a hash never means another form. */
const checked = new Map<string, { form: Form; definition: Uint8Array }>();

async function definitionOf(db: Db, hash: Uint8Array): Promise<{ form: Form; definition: Uint8Array }> {
  const key = toHex(hash);
  const known = checked.get(key);
  if (known) return known;
  const row = await formDefinition(db, key);
  if (!row || !equalBytes(sha256(row.definition), hash))
    throw new Fault("CHAIN_BROKEN", "a published form has no bytes of its hash");
  const found = { form: formOf(parseCanonical(row.definition)), definition: row.definition };
  checked.set(key, found);
  return found;
}

/** A version that was published once, by its hash in hex. @throws `CHAIN_BROKEN` */
export const formVersion = async (db: Db, hash: string): Promise<Form> => (await definitionOf(db, fromHex(hash))).form;

/** The published version of a form, open or closed. @throws `FORM_UNKNOWN`, `CHAIN_BROKEN` */
export async function publishedForm(db: Db, chains: Chains, id: string): Promise<PublishedForm> {
  const found: Pick<PublishedForm, "body" | "chain" | "published">[] = [];
  for (const [body, chain] of await chains.loadAll(db)) {
    const published = chain.state.forms.get(id);
    if (published) found.push({ body, chain, published });
  }
  const [one, ...more] = found;
  if (!one) throw new Fault("FORM_UNKNOWN", id);
  // Never the first that comes: a letter must not go to whichever body is listed before another.
  if (more.length > 0) throw new Fault("CHAIN_BROKEN", "two bodies have published one name");
  return { ...one, ...(await definitionOf(db, one.published.formHash)) };
}

export type Listed = {
  readonly bodies: readonly { readonly id: string; readonly name: string }[];
  readonly open: readonly PublishedForm[];
};

/** Every open form of every body whose statements hold. */
export async function openForms(db: Db, chains: Chains): Promise<Listed> {
  const open: PublishedForm[] = [];
  for (const [body, chain] of await chains.loadAll(db)) {
    for (const published of chain.state.forms.values()) {
      if (published.state === "open")
        open.push({ body, chain, published, ...(await definitionOf(db, published.formHash)) });
    }
  }
  return { bodies: (await allBodies(db)).map(({ id, name }) => ({ id, name })), open };
}

/** The recipient of an inbox's current key; `CHAIN_BROKEN` when the stored one is not the signed one (T1). */
export async function currentRecipient(db: Db, found: PublishedForm): Promise<{ epoch: number; recipient: string }> {
  const inbox = found.chain.state.inboxes.get(found.published.inbox)!;
  const { epoch, recipientHash: signed } = currentEpoch(inbox);
  const stored = (await recipientsOf(db, found.body)).find((row) => row.inbox === inbox.inbox && row.epoch === epoch);
  if (!stored || !equalBytes(recipientHash(stored.recipient), signed))
    throw new Fault("CHAIN_BROKEN", "the stored key is not the signed one");
  return { epoch, recipient: stored.recipient };
}
