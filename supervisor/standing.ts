/** What `pillarbox status` makes of what it saw: lines without a name or a secret, and an exit code. */
import type { Running } from "./lock.ts";
import { isNeeded, type ServerName } from "./servers.ts";

/** What was seen of an installation that runs. */
export type Seen = {
  /** which processes there should be */
  readonly servers: readonly ServerName[];
  readonly running: readonly Pick<Running, "name">[];
  /** of each that has an address, whether it answered */
  readonly answers: Readonly<Partial<Record<ServerName, boolean>>>;
  readonly addresses: readonly string[];
  /** whether all bodies of the installation have a root */
  readonly open: boolean;
  /** how long ago the last good backup was made, milliseconds; null: none was */
  readonly backup: number | null;
  /** when the backup was made from which all of it came, and when it was put back, milliseconds; null: from none */
  readonly restored: { readonly from: number; readonly at: number } | null;
  /** null where the database cannot be asked */
  readonly numbers: {
    readonly unsigned: number;
    /** how long the oldest entry waits, milliseconds; null: none waits */
    readonly since: number | null;
    readonly waiting: number;
  } | null;
};

/** The log signs within a quarter of a second; what waits longer than this is not being signed. Milliseconds. */
const LATE_MS = 60_000;

const HOUR = 3_600_000;

/** In whole hours, or days from the second one on. A clock that was put back makes no backup of the future. */
function ago(age: number | null, restored: boolean): string {
  if (age === null) return restored ? "none since it was restored" : "none yet";
  const hours = Math.max(0, Math.floor(age / HOUR));
  return hours < 48 ? `${hours} h old` : `${Math.floor(hours / 24)} days old`;
}

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** @returns 0: all is well; 1: something is not, and letters are received; 2: no letters are received */
export function standingOf(seen: Seen): { readonly code: 0 | 1 | 2; readonly lines: readonly string[] } {
  const there = new Set(seen.running.map(({ name }) => name));
  const stateOf = (name: ServerName): string =>
    !there.has(name) ? "does not run" : seen.answers[name] === false ? "runs and does not answer" : "runs";
  const states = seen.servers.map((name) => ({ name, state: stateOf(name) }));
  const bad = states.filter(({ state }) => state !== "runs").map(({ name }) => name);
  const { numbers } = seen;
  const late = numbers !== null && (numbers.since ?? 0) > LATE_MS;
  const log =
    numbers === null
      ? "cannot be asked"
      : late
        ? `is not being signed: ${numbers.unsigned} entries wait, the oldest for ${Math.round((numbers.since ?? 0) / 1000)} s`
        : "is signed";
  const none = numbers === null || bad.some(isNeeded);
  return {
    code: none ? 2 : bad.length > 0 || late ? 1 : 0,
    lines: [
      ...states.map(({ name, state }) => `${name.padEnd(12)} ${state}`),
      `${"the log".padEnd(12)} ${log}`,
      `${"mail".padEnd(12)} ${numbers === null ? "cannot be asked" : `${numbers.waiting} waiting`}`,
      `${"last backup".padEnd(12)} ${ago(seen.backup, seen.restored !== null)}`,
      ...(seen.restored === null
        ? []
        : [`${"restored".padEnd(12)} ${minute(seen.restored.at)}, from the backup of ${minute(seen.restored.from)}`]),
      ...(seen.open ? [] : ["Not open yet: its first owner is not confirmed."]),
      `Addresses: ${seen.addresses.join(" ")}`,
    ],
  };
}
