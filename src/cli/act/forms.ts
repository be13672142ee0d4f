/** An owner's acts on forms: store a version, open it, close it. */
import { toHex, fromHex } from "../../domain/bytes.ts";
import { canonicalJson } from "../../domain/canonical.ts";
import { formHash, type Form } from "../../domain/form/form.ts";
import { draftForm, draftInbox } from "../../domain/grant/drafts.ts";
import { Fault } from "../../domain/problem.ts";
import { again, postDraft } from "./post.ts";
import { confirmedOf, keysOf, kindOf, peopleOf, stateOf, type Visit } from "./visit.ts";

/** Stores a version; nobody sees it until it is opened. @returns its hash, hex */
export async function addForm({ client }: Visit, form: Form): Promise<string> {
  await client.post(`/api/bodies/${encodeURIComponent(form.body)}/forms`, JSON.parse(canonicalJson(form)));
  return formHash(form);
}

export type Opening = {
  readonly version: number;
  readonly inbox: string /** an inbox was made, held by this many people */;
  readonly madeFor?: number /** false: it was open in this version already */;
  readonly changed: boolean;
};

/**
 * Opens a stored version; makes the inbox first where there is none, held by every confirmed owner.
 * @throws `REFUSED_FEW_HOLDERS`
 */
export const openForm = (visit: Visit, form: Form, now = Date.now()): Promise<Opening> =>
  again(async () => {
    let state = await stateOf(visit, form.body);
    const hash = formHash(form);
    const known = state.forms.get(form.id);
    if (known?.state === "open" && toHex(known.formHash) === hash)
      return { version: known.version, inbox: known.inbox, changed: false };
    let inbox = known?.inbox ?? unusedInbox();
    let madeFor: number | undefined;
    if (inbox === undefined) {
      const owners = [...state.persons.values()]
        .filter((person) => person.role === "owner")
        .map((person) => person.person);
      const holders = confirmedOf(state, await peopleOf(visit, form.body), owners);
      const made = await draftInbox(state, keysOf(visit), holders, kindOf(visit), now);
      await postDraft(visit, form.body, made);
      [inbox, madeFor] = [made.inbox, holders.length];
      state = await stateOf(visit, form.body);
    }
    await postDraft(
      visit,
      form.body,
      draftForm(
        state,
        keysOf(visit),
        { form: form.id, formHash: fromHex(hash), inbox, state: "open", browserOnly: form.browserOnly },
        now,
      ),
    );
    const published = (await stateOf(visit, form.body)).forms.get(form.id);
    if (!published) throw new Fault("INTERNAL", "the form was not published");
    return { version: published.version, inbox, changed: true, ...(madeFor !== undefined && { madeFor }) };

    // Killed between the two statements, an inbox stands there without a form; the next run takes it.
    function unusedInbox(): string | undefined {
      const used = new Set([...state.forms.values()].map((one) => one.inbox));
      return [...state.inboxes.keys()].find((one) => !used.has(one));
    }
  });

/** Closes a form; what was received stays. @throws `FORM_UNKNOWN` @returns false when it was closed already */
export const closeForm = (visit: Visit, body: string, id: string, now = Date.now()): Promise<boolean> =>
  again(async () => {
    const state = await stateOf(visit, body);
    const known = state.forms.get(id);
    if (!known) throw new Fault("FORM_UNKNOWN");
    if (known.state === "closed") return false;
    const { formHash: hash, inbox, browserOnly } = known;
    await postDraft(
      visit,
      body,
      draftForm(state, keysOf(visit), { form: id, formHash: hash, inbox, state: "closed", browserOnly }, now),
    );
    return true;
  });
