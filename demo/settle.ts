/**
 * Brings the people of the demonstration into their bodies, each by the way that a real one goes. Everything that
 * stands already is left.
 */
import type { Form } from "../src/domain/form/form.ts";
import { Fault } from "../src/domain/problem.ts";
import { ask } from "../src/cli/act/ask.ts";
import { confirm } from "../src/cli/act/confirm.ts";
import { addForm, openForm } from "../src/cli/act/forms.ts";
import { confirmPeople, invite, join, personAct, postRoot } from "../src/cli/act/join.ts";
import { peopleOf, requestsOf, signInWith, stateOf, type Visit } from "../src/cli/act/visit.ts";
import type { Role } from "../src/cli/wire.ts";
import type { DemoConfig } from "./config.ts";
import { dataProblemForm, type DemoForms } from "./forms.ts";
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
  await Promise.all(
    players
      .filter((one) => one.joining && !there.has(one.person))
      .map(async (one) => join(config.staffOrigin, await invite(operator, body, invited(one)), one.joining!)),
  );
  const owner = await signInAs(
    config,
    first(players, (one) => one.role === "owner"),
  );
  await postRoot(owner, body, prepared.first(body));
  await confirmPeople(
    owner,
    body,
    players.flatMap((one) => (one.joining ? [personAct(one.joining, invited(one))] : [])),
  );
  return owner;
}

/** A form is stored and opened; where somebody who tried the demonstration has closed it, that stands. */
async function openOnce(owner: Visit, form: Form): Promise<void> {
  if ((await stateOf(owner, form.body)).forms.get(form.id)?.state === "closed") return;
  await addForm(owner, form);
  await openForm(owner, form);
}

const TWO_YEARS = 2 * 365 * 86_400_000;

/**
 * The form about problems with data goes to the data protection officer: an ordinary grant, asked for by one person and
 * confirmed by another.
 */
async function settleDataProblem(operator: Visit, owner: Visit, officer: Player, form: Form): Promise<void> {
  await openOnce(owner, form);
  const { inbox } = (await stateOf(owner, form.body)).forms.get(form.id)!;
  const waiting = (await requestsOf(owner, form.body)).find(
    (one) => one.inbox === inbox && one.persons.includes(officer.person),
  );
  if (waiting !== undefined && waiting.state !== "open") return;
  const request =
    waiting?.request ??
    (await ask(operator, form.body, {
      inbox,
      persons: [officer.person],
      scope: "all",
      until: Date.now() + TWO_YEARS,
      purpose: "other",
      purposeText: "The data protection officer deals with what the public tells us about problems with our data.",
    }));
  await confirm(owner, form.body, request);
}

/**
 * Both bodies with their people, and their forms open. Nobody but the owners holds a key of the two forms yet: asking
 * for the officers is the first thing to try.
 */
export async function settle(config: DemoConfig, prepared: Prepared, forms: DemoForms): Promise<void> {
  const operator = await signInAs(
    config,
    first(prepared.players, (one) => one.role === "operator"),
  );
  const owner = await settleBody(config, prepared, operator, HARROWMERE);
  await settleBody(config, prepared, operator, EASTVALE);
  for (const form of Object.values(forms)) await openOnce(owner, form);
  const officer = first(prepared.players, (one) => one.body === HARROWMERE && one.role === "auditor");
  await settleDataProblem(operator, owner, officer, dataProblemForm(config.root));
}
