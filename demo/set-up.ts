/**
 * Brings the people of the demonstration into their bodies, each by the way that a real one goes. Everything that
 * stands already is left.
 */
import { askFor } from "../src/member/flows/asking.ts";
import type { Form } from "../src/domain/form/form.ts";
import { Fault } from "../src/domain/problem.ts";
import { signInWith, type Desk } from "../src/cli/desk/desk.ts";
import { sessionAt } from "../src/cli/desk/session.ts";
import { openForm } from "../src/member/flows/forms.ts";
import { confirmPeople, inviteByHand, personAct, postRoot, type Invited } from "../src/member/flows/joining.ts";
import { stateOf } from "../src/member/flows/world.ts";
import { makeApi } from "../src/member/wire/api.ts";
import { confirm, untilAsked } from "./by-id.ts";
import type { DemoConfig } from "./config.ts";
import { dataProblemForm, type DemoForms } from "./forms.ts";
import { EASTVALE, FOUNDER, HARROWMERE } from "./people.ts";
import type { Prepared, PreparedPerson } from "./prepared.ts";

const signInAs = (config: DemoConfig, one: PreparedPerson): Promise<Desk> =>
  signInWith(config, one.email, one.unlocked);

function first(people: readonly PreparedPerson[], is: (one: PreparedPerson) => boolean): PreparedPerson {
  const found = people.find(is);
  if (!found) throw new Fault("MALFORMED", "somebody of the demonstration is missing");
  return found;
}

const invited = ({ name, email, role }: PreparedPerson): Invited => ({ name, email, role: role as Invited["role"] });

/**
 * The operator invites the first owner, who begins the body and invites everyone else; each joins. The first owner
 * confirms at a desk, in the place of six words: all of them are invented here. Whoever confirmed somebody does not let
 * them read, so the other owner goes on.
 */
async function setUpBody(config: DemoConfig, prepared: Prepared, operator: Desk, body: string): Promise<Desk> {
  const people = prepared.people.filter((one) => one.body === body);
  // Whoever joins has no account yet.
  const stranger = makeApi(sessionAt(config.staffOrigin).send);
  const there = new Set((await operator.api.people(body)).map((row) => row.person));
  const joins = async (by: Desk, one: PreparedPerson): Promise<void> => {
    if (!one.joining || there.has(one.person)) return;
    await stranger.join(await inviteByHand(by, body, invited(one)), one.joining);
  };
  const founder = first(people, (one) => one.part === FOUNDER);
  await joins(operator, founder);
  const founding = await signInAs(config, founder);
  await postRoot(founding, body, prepared.first(body));
  await Promise.all(people.filter((one) => one !== founder).map((one) => joins(founding, one)));
  await confirmPeople(
    founding,
    body,
    people.flatMap((one) => (one.joining ? [personAct(one.joining, invited(one))] : [])),
  );
  return signInAs(
    config,
    first(people, (one) => one.role === "owner" && one !== founder),
  );
}

/** A form is stored and opened; where somebody who tried the demonstration has closed it, that stands. */
async function openOnce(owner: Desk, form: Form): Promise<void> {
  if ((await stateOf(owner, form.body)).forms.get(form.id)?.state === "closed") return;
  await owner.api.addForm(form.body, form);
  await openForm(owner, form);
}

const TWO_YEARS = 2 * 365 * 86_400_000;

/**
 * The form about problems with data goes to the data protection officer: an ordinary grant, asked for by one person and
 * confirmed by another.
 */
async function letOfficerRead(operator: Desk, owner: Desk, officer: PreparedPerson, form: Form): Promise<void> {
  await openOnce(owner, form);
  const { inbox } = (await stateOf(owner, form.body)).forms.get(form.id)!;
  const waiting = (await owner.api.requests(form.body)).find(
    (one) => one.inbox === inbox && one.persons.includes(officer.person),
  );
  if (waiting !== undefined && waiting.state !== "open") return;
  const request =
    waiting?.request ??
    (await askFor(operator, form.body, {
      inbox,
      persons: [officer.person],
      scope: "all",
      until: Date.now() + TWO_YEARS,
      purpose: "other",
      purposeText: "The data protection officer deals with what the public tells us about problems with our data.",
    }));
  await untilAsked(owner, form.body, request);
  await confirm(owner, form.body, request);
}

/**
 * Both bodies with their people, and their forms open. Nobody but the owners holds a key of the two forms yet: asking
 * for the officers is the first thing to try.
 */
export async function setUpBodies(config: DemoConfig, prepared: Prepared, forms: DemoForms): Promise<void> {
  const operator = await signInAs(
    config,
    first(prepared.people, (one) => one.role === "operator"),
  );
  const owner = await setUpBody(config, prepared, operator, HARROWMERE);
  await setUpBody(config, prepared, operator, EASTVALE);
  for (const form of Object.values(forms)) await openOnce(owner, form);
  const officer = first(prepared.people, (one) => one.body === HARROWMERE && one.role === "auditor");
  await letOfficerRead(operator, owner, officer, dataProblemForm(config.root));
}
