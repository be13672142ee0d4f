/**
 * Makes up the demonstration: keys for everyone, the first statement of each body, and what the database must hold
 * before anybody can sign in.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toBase64, toHex } from "../src/domain/bytes.ts";
import { parseJson } from "../src/domain/canonical.ts";
import { statementHash } from "../src/domain/grant/statement.ts";
import { newPassphrase } from "../src/domain/person/passphrase.ts";
import { signInHash } from "../src/domain/person/sign-in.ts";
import { randomBytes } from "../src/domain/seal/random.ts";
import { Fault } from "../src/domain/problem.ts";
import { keysOfPassphrase } from "../src/cli/stretch.ts";
import { newcomer, personAct } from "../src/member/flows/joining.ts";
import { directHands } from "../src/member/hands/direct.ts";
import type { DeskHands } from "../src/member/member.ts";
import { anyText, maybe, record as shapeOf } from "../src/contract/shape.ts";
import type { DemoConfig } from "./config.ts";
import { EASTVALE, FOUNDER, HARROWMERE, PEOPLE, type InventedPerson } from "./people.ts";
import { personJson, type PreparedPerson } from "./prepared.ts";

/** No server runs yet: only what was decided before. */
export type Preparing = Pick<DemoConfig, "installation" | "sealing" | "root">;

type Made = { readonly one: PreparedPerson; readonly hands: DeskHands };

/** Each has hands of their own: no private key leaves them but sealed. */
async function make({ installation, sealing }: Preparing, invented: InventedPerson): Promise<Made> {
  const passphrase = newPassphrase();
  const unlocked = await keysOfPassphrase(installation, invented.email, passphrase);
  const hands = directHands(unlocked.unlock);
  const joining = await newcomer(hands, unlocked.signIn, sealing);
  return { one: { ...invented, passphrase, unlocked, joining, person: joining.person }, hands };
}

/** The first owner confirms themselves; the hash of that is the body's root. */
function firstStatement({ installation }: Preparing, body: string, all: readonly Made[], now: number) {
  const made = all.find(({ one }) => one.body === body && one.part === FOUNDER);
  if (!made) throw new Fault("INTERNAL", "a body without an owner");
  const owner = personAct(made.one.joining, { ...made.one, role: "owner" });
  return made.hands.atDesk("draftRoot", { installation, body, owner, now });
}

/**
 * @returns the JSON that the launcher keeps: roots, seed for the database, people to sign in as, and the state for
 * `fill`
 */
export async function prepare(config: Preparing, now: number): Promise<object> {
  const all = await Promise.all(PEOPLE.map((one) => make(config, one)));
  const people = all.map(({ one }) => one);
  const operators = people.filter((one) => one.role === "operator");
  const firsts = await Promise.all(
    [HARROWMERE, EASTVALE].map(async (body) => [body, await firstStatement(config, body, all, now)] as const),
  );
  const recordOf = (body: string): unknown =>
    parseJson(readFileSync(join(config.root, "forms", "bodies", `${body}.json`), "utf8"));
  return {
    roots: Object.fromEntries(firsts.map(([body, first]) => [body, toHex(statementHash(first.bytes))])),
    zones: Object.fromEntries(
      firsts.flatMap(([body]) => {
        const { timeZone } = shapeOf({ timeZone: maybe(anyText) }).parse(recordOf(body));
        return timeZone === null ? [] : [[body, timeZone]];
      }),
    ),
    operators: Object.fromEntries(operators.map(({ person, joining }) => [person, toHex(joining.signingKey)])),
    seed: {
      operators: operators.map(({ person, name, email, unlocked, joining }) => ({
        id: person,
        name,
        email,
        signInHash: toHex(signInHash(unlocked.signIn)),
        copy: {
          unlocker: joining.copy.unlocker,
          recipientHash: toHex(joining.copy.recipientHash),
          sealedKeys: toBase64(joining.copy.sealedKeys),
        },
        recipient: joining.recipient,
        signingKey: toHex(joining.signingKey),
        detailsSalt: toHex(joining.detailsSalt),
      })),
      bodies: firsts.map(([body]) => {
        const record = recordOf(body);
        return { id: body, name: shapeOf({ name: anyText }).parse(record).name, record };
      }),
    },
    people: people.map(({ name, email, passphrase, role, body, part }) => ({
      name,
      email,
      passphrase,
      role,
      body,
      part,
    })),
    state: {
      seed: toHex(randomBytes(32)),
      people: people.map(personJson),
      first: Object.fromEntries(
        firsts.map(([body, { bytes, signature }]) => [
          body,
          { bytes: toBase64(bytes), signature: toBase64(signature) },
        ]),
      ),
    },
  };
}
