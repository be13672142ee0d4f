/** Brings the people of the demonstration into their bodies, each by the way that a real one goes. Everything that stands already is left. */
import { Fault } from "../../domain/problem.ts";
import { addForm, openForm } from "../act/forms.ts";
import { confirmPeople, invite, join, personAct, postRoot } from "../act/join.ts";
import { peopleOf, signInWith, stateOf, type Visit } from "../act/visit.ts";
import type { Role } from "../wire.ts";
import type { DemoConfig } from "./config.ts";
import type { DemoForms } from "./forms.ts";
import { EASTVALE, HARROWMERE } from "./people.ts";
import type { Player, Prepared } from "./prepared.ts";

const signInAs = (config: DemoConfig, one: Player): Promise<Visit> => signInWith(config, one.email, one.unlocked);

const first = (players: readonly Player[], is: (one: Player) => boolean): Player => {
  const found = players.find(is);
  if (!found) throw new Fault("MALFORMED", "somebody of the demonstration is missing");
  return found;
};

const invited = (one: Player) => ({ name: one.name, email: one.email, role: one.role as Exclude<Role, "operator"> });

/** The operator invites, everyone joins, the first owner confirms themselves and then everyone else. */
async function settleBody(config: DemoConfig, prepared: Prepared, operator: Visit, body: string): Promise<Visit> {
  const players = prepared.players.filter((one) => one.body === body);
  const there = new Set((await peopleOf(operator, body)).map((row) => row.person));
  await Promise.all(players.filter((one) => one.joining && !there.has(one.person)).map(async (one) => join(config.staffOrigin, await invite(operator, body, invited(one)), one.joining!)));
  const owner = await signInAs(config, first(players, (one) => one.role === "owner"));
  await postRoot(owner, body, prepared.first(body));
  await confirmPeople(owner, body, players.flatMap((one) => (one.joining ? [personAct(one.joining, invited(one))] : [])));
  return owner;
}

/** Both bodies with their people, and both forms open. Nobody but the owners holds a key yet: asking for the officers is the first thing to try. */
export async function settle(config: DemoConfig, prepared: Prepared, forms: DemoForms): Promise<void> {
  const operator = await signInAs(config, first(prepared.players, (one) => one.role === "operator"));
  const owner = await settleBody(config, prepared, operator, HARROWMERE);
  await settleBody(config, prepared, operator, EASTVALE);
  for (const form of Object.values(forms)) {
    // Somebody who tried the demonstration before it was full may have closed it: that stands.
    if ((await stateOf(owner, HARROWMERE)).forms.get(form.id)?.state === "closed") continue;
    await addForm(owner, form);
    await openForm(owner, form);
  }
}
