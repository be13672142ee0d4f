/**
 * Makes up the demonstration: keys for everyone, the first statement of each body, and what the database must hold
 * before anybody can sign in.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toBase64, toHex } from "../src/domain/bytes.ts";
import { parseJson } from "../src/domain/canonical.ts";
import { draftRoot } from "../src/domain/grant/drafts.ts";
import { statementHash, type SignedStatement } from "../src/domain/grant/statement.ts";
import { newPassphrase, signInHash } from "../src/domain/person/passphrase.ts";
import { newId, randomBytes } from "../src/domain/seal/random.ts";
import { Fault } from "../src/domain/problem.ts";
import { newcomer, personAct } from "../src/cli/act/join.ts";
import { member, text } from "../src/cli/shape.ts";
import { keysOfPassphrase } from "../src/cli/stretch.ts";
import type { DemoConfig } from "./config.ts";
import { CAST, EASTVALE, HARROWMERE, type Cast } from "./people.ts";
import { playerJson, type Player } from "./prepared.ts";

async function play(config: DemoConfig, one: Cast): Promise<Player> {
  const passphrase = newPassphrase();
  const unlocked = await keysOfPassphrase(config.staffOrigin, one.email, passphrase);
  const joining = one.role === "operator" ? null : await newcomer(unlocked, config.sealing);
  return { ...one, passphrase, unlocked, joining, person: joining?.keys.person ?? newId() };
}

/** The first owner confirms themselves; the hash of that is the body's root. */
function firstStatement(config: DemoConfig, body: string, players: readonly Player[], now: number): SignedStatement {
  const owner = players.find((one) => one.body === body);
  if (!owner?.joining) throw new Fault("INTERNAL", "a body without an owner");
  const { installation } = config;
  return draftRoot(
    { installation, body },
    personAct(owner.joining, { ...owner, role: "owner" }),
    owner.joining.keys,
    now,
  );
}

/**
 * @returns the JSON that the launcher keeps: roots, seed for the database, people to sign in as, and the state for
 * `fill`
 */
export async function prepare(config: DemoConfig, now: number): Promise<object> {
  const players = await Promise.all(CAST.map((one) => play(config, one)));
  const hashOf = (one: Player) => signInHash(one.unlocked.signIn);
  const firsts = [HARROWMERE, EASTVALE].map((body) => [body, firstStatement(config, body, players, now)] as const);
  const records = firsts.map(([body]) =>
    parseJson(readFileSync(join(config.root, "forms", "bodies", `${body}.json`), "utf8")),
  );
  return {
    roots: Object.fromEntries(firsts.map(([body, first]) => [body, toHex(statementHash(first.bytes))])),
    seed: {
      operators: players
        .filter((one) => one.role === "operator")
        .map((one) => ({ id: one.person, name: one.name, email: one.email, signInHash: toHex(hashOf(one)) })),
      bodies: firsts.map(([body], index) => ({
        id: body,
        name: member("name", text)(records[index]),
        record: records[index],
      })),
    },
    people: players.map(({ name, email, passphrase, role, body, part }) => ({
      name,
      email,
      passphrase,
      role,
      body,
      part,
    })),
    state: {
      seed: toHex(randomBytes(32)),
      players: players.map((one) => playerJson(one, hashOf(one))),
      first: Object.fromEntries(
        firsts.map(([body, { bytes, signature }]) => [
          body,
          { bytes: toBase64(bytes), signature: toBase64(signature) },
        ]),
      ),
    },
  };
}
