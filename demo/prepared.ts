/**
 * What `prepare` makes up before any server runs, and `fill` reads again: people, their keys, and the roots of the
 * bodies.
 */
import { toBase64, toHex } from "../src/domain/bytes.ts";
import type { PersonKeys } from "../src/domain/person/keys.ts";
import type { PassphraseKeys } from "../src/domain/person/passphrase.ts";
import type { Newcomer } from "../src/cli/act/join.ts";
import { anything, bytes, hash, hex, id, list, maybe, member, record, text } from "../src/cli/shape.ts";
import { signed, type Role } from "../src/cli/wire.ts";
import type { Cast } from "./people.ts";

/** Somebody of the demonstration with everything that is theirs. An operator has no keys. */
export type Player = Cast & {
  readonly person: string;
  readonly passphrase: string;
  readonly unlocked: PassphraseKeys;
  readonly joining: Newcomer | null;
};

const keys = record({ identity: text, recipient: text, signingSecret: hex, signingKey: hex });
const player = record({
  person: id,
  name: text,
  email: text,
  role: anything,
  body: text,
  part: text,
  passphrase: text,
  signIn: bytes,
  unlock: text,
  keys: maybe(keys),
  sealedIdentity: maybe(bytes),
  signInHash: hex,
  detailsSalt: maybe(hex),
});

/** As JSON for the state that `fill` gets. Secrets, all of them; invented, all of them. */
export function playerJson({ joining, unlocked, ...rest }: Player, signInHash: Uint8Array): object {
  return {
    ...rest,
    signIn: toBase64(unlocked.signIn),
    unlock: unlocked.unlock,
    signInHash: toHex(signInHash),
    keys: joining && {
      identity: joining.keys.identity,
      recipient: joining.keys.recipient,
      signingSecret: toHex(joining.keys.signingSecret),
      signingKey: toHex(joining.keys.signingKey),
    },
    sealedIdentity: joining && toBase64(joining.sealedIdentity),
    detailsSalt: joining && toHex(joining.detailsSalt),
  };
}

function playerOf(value: unknown): Player {
  const { keys: found, signIn, unlock, sealedIdentity, signInHash, detailsSalt, role, ...rest } = player(value);
  const own: PersonKeys | null = found && { person: rest.person, ...found };
  const joining = own && sealedIdentity && detailsSalt ? { keys: own, sealedIdentity, signInHash, detailsSalt } : null;
  return { ...rest, role: role as Role, unlocked: { signIn, unlock }, joining };
}

const state = record({ seed: hash, players: list(playerOf), first: anything });

export type Prepared = ReturnType<typeof preparedOf>;

/** Reads what `prepare` wrote. @throws `MALFORMED` */
export function preparedOf(value: unknown) {
  const { seed, players, first } = member("state", state)(value);
  return { seed, players, first: (body: string) => member(body, signed)(first) };
}
