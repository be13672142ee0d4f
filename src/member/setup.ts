/** What is known of an installation before its servers are asked: above all the roots of its bodies. */
import { setup, type SetupAnswer } from "../contract/setup.ts";
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { parseJson } from "../domain/canonical.ts";
import { Fault } from "../domain/problem.ts";
import { isZone, type Zones } from "../domain/time.ts";

export type Setup = Omit<SetupAnswer, "roots" | "operators" | "zones" | "lockAfterMs" | "assets"> & {
  /** body → hash of its first statement, hex: every body's statements are verified from there */
  readonly roots: ReadonlyMap<string, string>;
  /** person → signing key of the host's operators */
  readonly operators: ReadonlyMap<string, Bytes>;
  /** body → where its clock hangs, of those that are not in London */
  readonly zones: Zones;
  readonly lockAfterMs: number;
  /** address of the worker script */
  readonly worker: string;
};

const TEN_MINUTES_MS = 600_000;

/** @param text the JSON that the app's shell brings @throws `MALFORMED` */
export function parseSetup(text: string): Setup {
  const { roots, operators, zones, lockAfterMs, assets, ...rest } = setup.parse(parseJson(text));
  return {
    ...rest,
    roots: new Map(Object.entries(roots)),
    operators: new Map(Object.entries(operators).map(([person, key]) => [person, fromHex(key)])),
    zones: zonesOf(zones),
    lockAfterMs: lockAfterMs ?? TEN_MINUTES_MS,
    worker: assets["staff-worker.js"],
  };
}

/** @throws `MALFORMED` for a name that this browser or machine does not know: a time would be another's */
export function zonesOf(said: Readonly<Record<string, string>> | null): Zones {
  const zones = Object.entries(said ?? {});
  if (!zones.every(([, zone]) => isZone(zone))) throw new Fault("MALFORMED", "a time zone that is not known");
  return new Map(zones);
}
