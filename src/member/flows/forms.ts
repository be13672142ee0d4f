/** An owner's acts on forms: open a stored version, close it. */
import { ownersNow } from "../../domain/grant/state.ts";
import { fromHex, toHex } from "../../domain/bytes.ts";
import { formHash, type Form } from "../../domain/form/form.ts";
import type { FormAct } from "../../domain/grant/drafts.ts";
import { Fault } from "../../domain/problem.ts";
import type { DeskMember } from "../member.ts";
import { again } from "./again.ts";
import { loadWorld, rowsOfPeople, stateOf } from "./world.ts";

export type Opening = {
  readonly version: number;
  readonly inbox: string;
  /** an inbox was made, held by this many people */
  readonly madeFor?: number;
  /** false: it was open in this version already */
  readonly changed: boolean;
};

/**
 * A new inbox, held by every owner of the body. One that stands there without a form is never taken: it could be an
 * incident's, whose documents its holders read. Killed before the form is published, it stays empty.
 * @throws `REFUSED_FEW_HOLDERS`
 */
async function makeInbox(
  member: DeskMember,
  id: string,
): Promise<{ readonly inbox: string; readonly holders: number }> {
  const world = await loadWorld(member, { id, name: "" });
  const owners = rowsOfPeople(world, ownersNow(world.state));
  const { inbox, ...draft } = await member.hands.atDesk("draftInbox", { body: id, holders: owners, now: Date.now() });
  await member.api.post(id, draft);
  return { inbox, holders: owners.length };
}

/**
 * Opens a stored version; makes the inbox first where there is none, held by every confirmed owner.
 * @throws `REFUSED_FEW_HOLDERS`
 */
export async function openForm(member: DeskMember, form: Form): Promise<Opening> {
  const { body, id, browserOnly } = form;
  const hash = formHash(form);
  // Kept over a second try, so that somebody who was faster leaves no empty inbox behind.
  let made: { readonly inbox: string; readonly holders: number } | undefined;
  return again(async () => {
    const known = (await stateOf(member, body)).forms.get(id);
    if (known?.state === "open" && toHex(known.formHash) === hash)
      return { version: known.version, inbox: known.inbox, changed: false };
    if (known === undefined && made === undefined) {
      made = await makeInbox(member, body);
      await stateOf(member, body);
    }
    const inbox = known?.inbox ?? made!.inbox;
    await publish(member, body, { form: id, formHash: fromHex(hash), inbox, state: "open", browserOnly });
    const published = (await stateOf(member, body)).forms.get(id);
    if (!published) throw new Fault("INTERNAL", "the form was not published");
    return { version: published.version, inbox, changed: true, ...(made && { madeFor: made.holders }) };
  });
}

/** Closes a form; what was received stays. @throws `FORM_UNKNOWN` @returns false when it was closed already */
export const closeForm = (member: DeskMember, body: string, id: string): Promise<boolean> =>
  again(async () => {
    const known = (await stateOf(member, body)).forms.get(id);
    if (!known) throw new Fault("FORM_UNKNOWN");
    if (known.state === "closed") return false;
    const { formHash: hash, inbox, browserOnly } = known;
    await publish(member, body, { form: id, formHash: hash, inbox, state: "closed", browserOnly });
    return true;
  });

const publish = async ({ api, hands }: DeskMember, body: string, form: FormAct): Promise<unknown> =>
  api.post(body, await hands.atDesk("draftForm", { body, form, now: Date.now() }));
