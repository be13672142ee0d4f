/**
 * What the watch remembers over a restart: its secret, what it planted, and what it saw where. Holds no personal data.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Shape } from "./look.ts";
import type { Planted } from "./plant.ts";
import { Refusal } from "./pinned.ts";

export type Open = {
  readonly since: number;
  readonly code: "site-open" | "site-answers";
  readonly cleanAt: number | null;
  readonly shape: Shape;
  readonly beside: number;
  readonly evidence: readonly string[];
};
export type Place = {
  /** the end of the last look that showed nothing */
  cleanAt: number | null;
  /** it answered a stranger once: looked at every minute from then on */
  hot: boolean;
  open: Open | null;
};
export type State = {
  readonly origin: string;
  readonly secret: string;
  readonly planted: { [form: string]: Planted[] };
  readonly places: { [path: string]: Place };
};

export const newState = (origin: string): State => ({
  origin,
  secret: randomBytes(32).toString("hex"),
  planted: {},
  places: {},
});

/** @throws `Refusal` for a file of another site, or one that cannot be read */
export function readState(file: string, origin: string): State {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return newState(origin);
    throw new Refusal(`${file}, in which the watch remembers what it planted, cannot be read. Mend its rights.`);
  }
  try {
    const state = JSON.parse(text) as State;
    if (state.origin === origin && /^[0-9a-f]{64}$/.test(state.secret)) return state;
  } catch {
    // said below
  }
  throw new Refusal(`${file} does not belong to the watch of ${origin}. Name another file with --state.`);
}

/** Whole or not at all. */
export function writeState(file: string, state: State): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
