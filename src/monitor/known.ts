/**
 * What a stranger can learn here: forms from the list, and of each the statements and the key, verified from the roots.
 * Its ids are the live ones that are tried.
 */
import { formKey, readDefinition, readKey, type FormKey } from "../contract/public.ts";
import { codeIn } from "../contract/refusal.ts";
import { addressOf } from "../contract/route.ts";
import { equalBytes, sha256, toHex } from "../domain/bytes.ts";
import { parseCanonical } from "../domain/canonical.ts";
import { formOf, type Form } from "../domain/form/form.ts";
import { verifyChain } from "../domain/grant/chain.ts";
import { currentEpoch, type BodyState } from "../domain/grant/state.ts";
import { codeOf } from "../domain/problem.ts";
import { recipientHash } from "../domain/seal/age.ts";
import type { Observation } from "../domain/watch/finding.ts";
import type { Config } from "./config.ts";
import { observe, told } from "./judge-answer.ts";
import { NotLooked } from "./asker.ts";
import { ask, jsonOf, type Answer } from "./stranger.ts";

export type KnownForm = {
  readonly form: Form;
  readonly formHash: string;
  readonly body: string;
  readonly state: BodyState;
  readonly inbox: string;
  readonly epoch: number;
  readonly recipient: string;
  readonly open: boolean;
  readonly browserOnly: boolean;
};
export type KeyLook = { readonly known: KnownForm | null; readonly seen: readonly Observation[] };

/** Names of forms on the public list. */
export async function formsListed(config: Config): Promise<string[]> {
  const page = await ask({
    method: "GET",
    origin: config.origins.public!,
    path: "/",
    headers: { accept: "text/html" },
  });
  if (page.status !== 200) throw new NotLooked(`the list of forms answered ${page.status}`);
  return [
    ...new Set(
      [...page.bytes.toString("utf8").matchAll(/href="\/forms\/([a-z0-9-]{1,64})"/g)].map((match) => match[1]!),
    ),
  ];
}

/** The key that a form's page would seal to, against what the owners signed (T1). */
export async function lookAtKey(config: Config, id: string): Promise<KeyLook> {
  const answer = await ask({
    method: "GET",
    origin: config.origins.public!,
    path: addressOf(readKey, { form: id }),
    headers: { accept: "application/json" },
  });
  const said = jsonOf(answer);
  const of = {
    place: `key ${id}`,
    body: typeof said?.["body"] === "string" && config.roots.has(said["body"]) ? said["body"] : null,
    form: id,
  };
  const broken = (why: string): KeyLook => ({
    known: null,
    seen: [observe(of, "statements-broken", told(answer, why))],
  });
  if (codeIn(said) === "CHAIN_BROKEN")
    return broken("the server itself says that the statements or the key do not hold");
  if (codeIn(said) === "FORM_UNKNOWN") return { known: null, seen: [] };
  if (answer.status !== 200 || !said) throw new NotLooked(`the key of ${id} answered ${answer.status}`);
  const root = of.body === null ? undefined : config.roots.get(of.body);
  if (of.body === null || !root) return broken("a body without a root");
  let key: FormKey;
  let state: BodyState;
  try {
    key = formKey.parse(said);
    state = verifyChain(key.statements, { installation: config.installation, body: of.body, root });
  } catch (thrown) {
    return broken(codeOf(thrown));
  }
  return compare(config, id, of, state, answer, key);
}

async function compare(
  config: Config,
  id: string,
  of: { place: string; body: string | null; form: string },
  state: BodyState,
  answer: Answer,
  key: FormKey,
): Promise<KeyLook> {
  const published = state.forms.get(id);
  const inbox = published && state.inboxes.get(published.inbox);
  const { recipient } = key;
  if (!published || !inbox || of.body === null)
    return {
      known: null,
      seen: [observe(of, "statements-broken", told(answer, "no signed statement publishes this form"))],
    };
  const { epoch, recipientHash: signed } = currentEpoch(inbox);
  const bad = [
    ...(equalBytes(recipientHash(recipient), signed) ? [] : ["the key is not the one that an owner signed"]),
    ...(key.epoch === epoch ? [] : ["the number of the key is another"]),
    ...(key.inbox === published.inbox ? [] : ["the inbox is another"]),
    ...(key.formHash === toHex(published.formHash) ? [] : ["the form is another"]),
  ];
  const definition = await ask({
    method: "GET",
    origin: config.origins.public!,
    path: addressOf(readDefinition, { form: id }),
    headers: { accept: "application/json" },
  });
  if (definition.status !== 200) throw new NotLooked(`the form ${id} answered ${definition.status}`);
  const same = equalBytes(sha256(new Uint8Array(definition.bytes)), published.formHash);
  if (bad.length > 0 || !same)
    return {
      known: null,
      seen: [
        observe(
          of,
          "key-differs",
          told(answer, [...bad, ...(same ? [] : ["the questions are not the signed ones"])].join(", ")),
        ),
      ],
    };
  return {
    known: {
      form: formOf(parseCanonical(new Uint8Array(definition.bytes))),
      formHash: toHex(published.formHash),
      body: of.body,
      state,
      inbox: inbox.inbox,
      epoch,
      recipient,
      open: published.state === "open",
      browserOnly: published.browserOnly,
    },
    seen: [],
  };
}

/** Ids that exist, by the name of the part of an address that they fill. */
export function liveIds(forms: readonly KnownForm[], markers: readonly string[]): ReadonlyMap<string, string> {
  const first = forms[0];
  const grant = first && [...first.state.grants.values()][0];
  const entries: readonly (readonly [string, string | undefined])[] = [
    ["body", first?.body],
    ["form", first?.form.id],
    ["hash", first?.formHash],
    ["inbox", first?.inbox],
    ["request", grant?.request],
    ["grant", grant?.grant],
    ["person", first && [...first.state.persons.keys()][0]],
    ["submission", markers[0]],
    ["epoch", first && String(first.epoch)],
  ];
  return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
