/**
 * Asking witnesses to co-sign (c2sp.org/tlog-witness). They are asked once a checkpoint is in the store; publication
 * waits for them a short while and never for long:
 * what comes later is added to the published checkpoint while it still stands, and who did not answer is asked again.
 */
import { cosignaturesOf, type CosignerKey } from "../../domain/log/cosignature.ts";
import { encodeAddCheckpoint } from "../../domain/log/add-checkpoint.ts";
import { parseDecimal } from "../../domain/log/checkpoint.ts";
import { nodesOfTiles, tilesFor } from "../../domain/log/tile.ts";
import { consistencyProof } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import type { WitnessAddress } from "../config.ts";
import { HOST, type Whose } from "../../domain/log/names.ts";
import { readTiles, type Which } from "./store/log.ts";
import type { Pool } from "../database/pool.ts";

/** A signed checkpoint, with whose it is and its size at hand. */
export type Signed = Which & { readonly size: number; readonly note: string };

/** The witnesses of each log: a witness remembers each by its own name. */
export type WitnessesOf = (whose: Whose) => Witnesses;

export type Witnesses = {
  /** The checkpoint with the cosignatures that came in time. */
  readonly cosign: (signed: Signed) => Promise<string>;
  /**
   * The checkpoint with more cosignatures than were given out before; null when there are none. Asks again whoever is
   * due.
   */
  readonly more: (signed: Signed) => string | null;
  /** Whether an answer may still come. */
  readonly isAsking: () => boolean;
};

/** What one witness last did. */
type State = {
  readonly at: WitnessAddress;
  /** the size that it last co-signed, as far as we know */
  has: number;
  line: { readonly size: number; readonly text: string; readonly at: number } | null;
  busy: boolean;
  due: number;
};

/** Publication waits for witnesses at most this long; milliseconds. */
const PATIENCE = 150;
const TIMEOUT = 5000;
const AGAIN = 10_000;
const MOST_CHARACTERS = 16_384;
/**
 * On a log where nothing happens a cosignature is asked for again after this long, so that its time says how lately the
 * witness saw no other log.
 */
const RENEW = 300_000;

/** As `newWitnesses`, for each log. */
export function witnessesOf(
  pool: Pool,
  addresses: readonly WitnessAddress[],
  say: (name: string, detail: string) => void,
): WitnessesOf {
  const known = new Map<Whose, Witnesses>();
  return (whose) => {
    const found = known.get(whose);
    if (found) return found;
    const of = whose === HOST ? "" : `, of the log of ${whose}`;
    const made = newWitnesses(pool, addresses, (name, detail) => say(name, `${detail}${of}`));
    known.set(whose, made);
    return made;
  };
}

/**
 * @param renew milliseconds after which a cosignature counts as old
 * @param say hears, by the witness's name, when one refuses or cannot be reached, and once when it answers again
 */
export function newWitnesses(
  pool: Pool,
  addresses: readonly WitnessAddress[],
  say: (name: string, detail: string) => void,
  renew = RENEW,
): Witnesses {
  const states: State[] = addresses.map((at) => ({ at, has: 0, line: null, busy: false, due: 0 }));
  const said = new Map<string, string>();
  let given = "";

  const sayOnce = (name: string, detail: string): void => {
    if (said.get(name) === detail) return;
    if (said.has(name) || detail !== "co-signs") say(name, detail);
    said.set(name, detail);
  };

  const isFresh = ({ line }: State, { size }: Signed): boolean => line?.size === size && Date.now() - line.at < renew;

  async function ask(state: State, signed: Signed): Promise<void> {
    if (state.busy || isFresh(state, signed)) return;
    state.busy = true;
    try {
      state.line = { size: signed.size, text: await cosignatureOf(pool, state, signed), at: Date.now() };
      state.due = 0;
      sayOnce(state.at.name, "co-signs");
    } catch (thrown) {
      state.due = Date.now() + AGAIN;
      sayOnce(state.at.name, thrown instanceof Fault ? thrown.detail : "cannot be reached");
    } finally {
      state.busy = false;
    }
  }

  const withLines = ({ size, note }: Signed): string =>
    note + states.map(({ line }) => (line?.size === size ? line.text : "")).join("");

  return {
    async cosign(signed) {
      const asked = states.map((state) => ask(state, signed));
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([Promise.all(asked), new Promise((done) => (timer = setTimeout(done, PATIENCE)))]);
      clearTimeout(timer);
      return (given = withLines(signed));
    },
    isAsking: () => states.some((state) => state.busy),
    more(signed) {
      for (const state of states) if (state.due <= Date.now()) void ask(state, signed);
      const now = withLines(signed);
      if (now === signed.note || now === given) return null;
      return (given = now);
    },
  };
}

/** The witness's signature line over a checkpoint. @throws `NOTE_INVALID`, `UNAVAILABLE` */
async function cosignatureOf(pool: Pool, state: State, { whose, log, size, note }: Signed): Promise<string> {
  // It says which size it has when ours is another; twice, because another writer may ask it at the same time.
  for (let turn = 0; turn < 3; turn++) {
    const old = Math.min(state.has, size);
    const { status, body } = await post(
      state.at.url,
      encodeAddCheckpoint({ old, proof: await proofFrom(pool, { whose, log }, old, size), checkpoint: note }),
    );
    if (status === 200) {
      const line = body
        .split("\n")
        .map((text) => `${text}\n`)
        .find((text) => text.startsWith("— ") && isBy(note + text, state.at.key));
      if (line === undefined) throw new Fault("NOTE_INVALID", "answered without a cosignature of its key");
      state.has = size;
      return line;
    }
    if (status !== 409) throw new Fault("UNAVAILABLE", `answered ${status}`);
    state.has = parseDecimal(body.trimEnd());
    // The log is older than what a witness has seen: it went back, or another writer is ahead.
    if (state.has > size)
      throw new Fault("LOG_DIVERGED", `has co-signed size ${state.has}, and this checkpoint is of size ${size}`);
  }
  throw new Fault("UNAVAILABLE", "is asked by somebody else at the same time");
}

function isBy(note: string, key: CosignerKey): boolean {
  try {
    return cosignaturesOf(note, [key]).length === 1;
  } catch {
    return false;
  }
}

async function proofFrom(pool: Pool, of: Which, old: number, size: number): Promise<Uint8Array[]> {
  if (old === 0) return [];
  const prove = (read: Parameters<typeof consistencyProof>[2]): Uint8Array[] => consistencyProof(old, size, read);
  return prove(nodesOfTiles(await readTiles(pool, tilesFor(prove), of)));
}

async function post(url: string, body: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url.replace(/\/+$/, "")}/add-checkpoint`, {
    method: "POST",
    headers: { "content-type": "text/plain; charset=utf-8" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const text = await response.text();
  if (text.length > MOST_CHARACTERS) throw new Fault("UNAVAILABLE", "answered more than a witness says");
  return { status: response.status, body: text };
}
