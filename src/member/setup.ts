/** What is known of an installation before its servers are asked: above all the roots of its bodies. */
import { setup, type SetupAnswer } from "../contract/setup.ts";
import { parseJson } from "../domain/canonical.ts";

export type Setup = Omit<SetupAnswer, "roots" | "lockAfterMs" | "assets"> & {
  /** body → hash of its first statement, hex: every body's statements are verified from there */
  readonly roots: ReadonlyMap<string, string>;
  readonly lockAfterMs: number;
  /** address of the worker script */
  readonly worker: string;
};

const TEN_MINUTES_MS = 600_000;

/** @param text the JSON that the app's shell brings @throws `MALFORMED` */
export function parseSetup(text: string): Setup {
  const { roots, lockAfterMs, assets, ...rest } = setup.parse(parseJson(text));
  return {
    ...rest,
    roots: new Map(Object.entries(roots)),
    lockAfterMs: lockAfterMs ?? TEN_MINUTES_MS,
    worker: assets["staff-worker.js"],
  };
}
