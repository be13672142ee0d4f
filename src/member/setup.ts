/** What is known of an installation before its servers are asked: above all the roots of its bodies. */
import { parseJson } from "../domain/canonical.ts";
import { setup as parseAnswer } from "./wire/answers.ts";
import { hash, record, slug } from "./wire/shape.ts";

export type Setup = Omit<ReturnType<typeof parseAnswer>, "roots" | "lockAfterMs" | "assets"> & {
  /** body → hash of its first statement, hex: every body's statements are verified from there */
  readonly roots: ReadonlyMap<string, string>;
  readonly lockAfterMs: number;
  /** address of the worker script */
  readonly worker: string;
};

const TEN_MINUTES_MS = 600_000;

function rootsOf(value: unknown): ReadonlyMap<string, string> {
  record({})(value);
  return new Map(Object.entries(value as object).map(([body, root]) => [slug(body), hash(root)]));
}

/** @param text the JSON that the app's shell brings @throws `MALFORMED` */
export function parseSetup(text: string): Setup {
  const { roots, lockAfterMs, assets, ...rest } = parseAnswer(parseJson(text));
  return {
    ...rest,
    roots: rootsOf(roots),
    lockAfterMs: lockAfterMs ?? TEN_MINUTES_MS,
    worker: assets["staff-worker.js"],
  };
}
