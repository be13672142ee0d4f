/**
 * What the app shell says about this installation: above all the roots, from which every body's statements are
 * verified.
 */
import { hash, record, slug } from "./shape.ts";
import { setup as parseSetup } from "./wire.ts";
import { parseJson } from "../domain/canonical.ts";
import { Fault } from "../domain/problem.ts";

export type Setup = Omit<ReturnType<typeof parseSetup>, "roots" | "lockAfterMs" | "assets"> & {
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

/** Reads the shell's setup element. @throws `CONFIG_INVALID`, `MALFORMED` */
export function readSetup(page: Document): Setup {
  const element = page.getElementById("pillarbox-setup");
  if (!element) throw new Fault("CONFIG_INVALID", "the page has no setup");
  const { roots, lockAfterMs, assets, ...rest } = parseSetup(parseJson(element.textContent ?? ""));
  return {
    ...rest,
    roots: rootsOf(roots),
    lockAfterMs: lockAfterMs ?? TEN_MINUTES_MS,
    worker: assets["staff-worker.js"],
  };
}
