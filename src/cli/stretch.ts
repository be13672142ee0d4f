/** The engine's own scrypt for the passphrase (RFC 7914), off the main thread. */
import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { toUtf8 } from "../domain/bytes.ts";
import {
  KDF,
  normalisePassphrase,
  passphraseKeys,
  passphraseSalt,
  type PassphraseKeys,
  type Stretch,
} from "../domain/person/passphrase.ts";

const { N, r, p, dkLen } = KDF;
const native = promisify<Uint8Array, Uint8Array, number, object, Uint8Array>(scrypt);

const stretch: Stretch = async (passphrase, salt) =>
  new Uint8Array(await native(passphrase, salt, dkLen, { N, r, p, maxmem: 2 * 128 * N * r }));

/** Both keys of a typed passphrase at one installation; `PASSPHRASE_INVALID` when it is not seven words of the list. */
export const keysOfPassphrase = async (
  installation: string,
  account: string,
  passphrase: string,
): Promise<PassphraseKeys> =>
  passphraseKeys(await stretch(toUtf8(normalisePassphrase(passphrase)), passphraseSalt(installation, account)));
