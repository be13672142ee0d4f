/**
 * A whole installation with the demonstration's people and open forms, and without letters; tests act as those people
 * over HTTP.
 */
import pg from "pg";
import { askFor } from "../../src/member/flows/asking.ts";
import { canonicalJson, parseJson } from "../../src/domain/canonical.ts";
import type { Form } from "../../src/domain/form/form.ts";
import type { Fields } from "../../src/domain/form/fields.ts";
import { fieldsFor } from "../../demo/fit.ts";
import { demoForms, type DemoForms } from "../../demo/forms.ts";
import { syntheticLetters } from "../../demo/letters.ts";
import { demoConfig, type DemoConfig } from "../../demo/config.ts";
import { preparedOf, type Prepared, type PreparedPerson } from "../../demo/prepared.ts";
import { setUpBodies } from "../../demo/set-up.ts";
import { confirm, untilAsked } from "../../demo/by-id.ts";
import { formKey, sealFields, sendSealed, type Received } from "../../demo/writing/send.ts";
import { signInWith, type Desk } from "../../src/cli/desk/desk.ts";
import type { PersonKeys } from "../../src/domain/person/keys.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { Fault } from "../../src/domain/problem.ts";
import type { SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { startWorld, type World, type WorldOptions } from "../../demo/world.ts";
import { secretsOf } from "./by-hand.ts";
import { rawClient, type RawClient } from "./raw.ts";

export const BODY = "harrowmere";
export const YEAR = 365 * 86_400_000;

/** Whether something thrown is a fault with this code. */
export const is =
  (...codes: string[]) =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault && codes.includes(thrown.code);

/** Somebody at work as the staff pages let them, and beside it what an attacker has who is that person. */
export type Visit = Desk & { readonly client: RawClient; readonly keys: PersonKeys | null };

export type StaffedWorld = {
  readonly world: World;
  readonly config: DemoConfig;
  readonly prepared: Prepared;
  readonly forms: DemoForms;
  /** by part: "owner", "deputy owner", "case officer" (four), … */
  readonly person: (part: string, nth?: number, body?: string) => PreparedPerson;
  readonly visit: (who: PreparedPerson) => Promise<Visit>;
  readonly inboxOf: (form: Form) => Promise<string>;
  /** sealed, not sent */
  readonly seal: (form: Form, fields: Fields, submission?: string) => Promise<SealedSubmission>;
  readonly write: (form: Form, fields: Fields) => Promise<Received & { readonly submission: string }>;
  /** asks as the operator and confirms as the owner */
  readonly grant: (form: Form, people: readonly PreparedPerson[], scope?: "all" | "from-now") => Promise<string>;
  /** a connection as the database's superuser: the attacker who owns the database */
  readonly attacker: () => Promise<pg.Client>;
  readonly stop: () => Promise<void>;
};

const everybodyJoins: NonNullable<WorldOptions["settle"]> = async (started, made) => {
  const config = demoConfig(canonicalJson(started));
  await setUpBodies(config, preparedOf(parseJson(JSON.stringify(made))), demoForms(config.root));
};

export async function staffedWorld(options: WorldOptions = {}): Promise<StaffedWorld> {
  const world = await startWorld({ demonstration: true, settle: everybodyJoins, ...options });
  try {
    const config = demoConfig(canonicalJson(world.config));
    const prepared = preparedOf(parseJson(JSON.stringify(world.prepared)));
    const forms = demoForms(config.root);
    // The keys of a person and the inbox of a form stay what they are; looking them up costs as much as a sign-in.
    const secrets = new Map<string, PersonKeys>();
    const inboxes = new Map<string, string>();
    const opened = async (who: PreparedPerson): Promise<PersonKeys> => {
      const keys = secrets.get(who.person) ?? (await secretsOf(who));
      secrets.set(who.person, keys);
      return keys;
    };
    const visit = async (who: PreparedPerson): Promise<Visit> => {
      const desk = await signInWith(config, who.email, who.unlocked);
      return { ...desk, client: rawClient(desk), keys: who.joining && (await opened(who)) };
    };
    const person = (part: string, nth = 0, body?: string): PreparedPerson => {
      const found = prepared.people.filter((one) => one.part === part && (body === undefined || one.body === body))[
        nth
      ];
      if (!found) throw new Error(`nobody is ${part}`);
      return found;
    };
    const owner = person("owner", 0, BODY);
    const inboxOf = async (form: Form): Promise<string> => {
      const inbox = inboxes.get(form.id) ?? (await stateOf(await visit(owner), BODY)).forms.get(form.id)!.inbox;
      inboxes.set(form.id, inbox);
      return inbox;
    };
    const seal = async (form: Form, fields: Fields, submission?: string): Promise<SealedSubmission> =>
      sealFields(form, await formKey(config, form), fields, submission);
    return {
      world,
      config,
      prepared,
      forms,
      person,
      visit,
      inboxOf,
      seal,
      write: async (form, fields) => {
        const sealed = await seal(form, fields);
        return { ...(await sendSealed(config.publicOrigin, sealed)), submission: sealed.submission };
      },
      grant: async (form, people, scope = "all") => {
        const operator = await visit(person("operator at the host"));
        const request = await askFor(operator, BODY, {
          inbox: await inboxOf(form),
          persons: people.map((one) => one.person),
          scope,
          until: Date.now() + YEAR,
          purpose: "case-handling",
          purposeText: "They handle these cases.",
        });
        const confirming = await visit(owner);
        await untilAsked(confirming, BODY, request);
        return confirm(confirming, BODY, request);
      },
      attacker: async () => {
        const client = new pg.Client({
          connectionString: world.databaseUrl("pb_superuser"),
          options: "-c search_path=pillarbox",
        });
        await client.connect();
        return client;
      },
      stop: () => world.stop(),
    };
  } catch (thrown) {
    await world.stop();
    throw thrown;
  }
}

/** Fields of one synthetic letter to a form, with a marker word in its longest text. */
export function letterTo(form: "complaint" | "contact", marker?: string): Fields {
  const letter = syntheticLetters().find((one) => one.to === form && one.path === "browser")!;
  const fields = fieldsFor(letter);
  if (!marker) return fields;
  const longest = Object.entries(fields)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .sort((a, b) => b[1].length - a[1].length)[0]![0];
  return { ...fields, [longest]: `${String(fields[longest])} ${marker}` };
}
