/** MDN's data about browsers (`@mdn/browser-compat-data`), asked about the calls that stand in a built bundle. */
import { createRequire } from "node:module";
import type { CompatData, CompatStatement, SimpleSupportStatement } from "@mdn/browser-compat-data";
import type { Browsers } from "../../src/domain/form/browsers.ts";

const data = createRequire(import.meta.url)("@mdn/browser-compat-data") as CompatData;

const NAMES = { chrome: "chrome", edge: "edge", firefox: "firefox", safari: "safari", ios: "safari_ios" } as const;
type Versions = { readonly [browser in keyof Browsers]: number };

/** Names of ours, and of the libraries, that some interface which nobody here uses has, too. */
const OURS =
  /^(?:bytes|destroy|equals|getPublicKey|isValid|neg|mul|div|multiply|forget|watch|run|opened|messages|level|scan|range)$/;

/** A call as it is written: `at`, `Map.groupBy`, `DecompressionStream`. */
export type Call = { readonly name: string };

/** Of several statements about one thing the best, without flags, prefixes and other names. */
function versionIn(found: SimpleSupportStatement | readonly SimpleSupportStatement[] | undefined): number {
  const all = found === undefined ? [] : Array.isArray(found) ? found : [found as SimpleSupportStatement];
  const usable = all.filter((one) => !one.flags && !one.prefix && !one.alternative_name && !one.version_removed);
  const versions = usable.map(({ version_added: version }) =>
    typeof version === "string" ? Number.parseFloat(version.replace("≤", "")) : Number.NaN,
  );
  return Math.min(Number.POSITIVE_INFINITY, ...versions.filter((version) => !Number.isNaN(version)));
}

const versionsOf = ({ support }: CompatStatement): Versions =>
  Object.fromEntries(
    Object.entries(NAMES).map(([browser, name]) => [browser, versionIn(support[name] as SimpleSupportStatement)]),
  ) as Versions;

type Known = { readonly __compat?: CompatStatement };
const below = (about: object): [string, Known][] =>
  Object.entries(about as { [name: string]: Known }).filter(([name]) => name !== "__compat");

function membersOf(): Map<string, Versions> {
  const found = new Map<string, Versions>();
  const keep = (name: string, { __compat: compat }: Known): void => {
    if (compat && !/_event$|_permission$/.test(name)) found.set(name.replace(/_static$/, ""), versionsOf(compat));
  };
  for (const part of [data.api, data.javascript["builtins"]!])
    for (const [name, about] of below(part)) {
      keep(name, about);
      for (const [member, its] of below(about)) {
        keep(`${name}.${member}`, its);
        // Intl.Segmenter.segment
        if (name === "Intl") for (const [inner, deep] of below(its)) keep(`${member}.${inner}`, deep);
      }
    }
  return found;
}

/** Every interface with its members, by the name of each: "Array.at" → versions. */
export const MEMBERS: ReadonlyMap<string, Versions> = membersOf();

/** The best of every interface that has a member of this name. */
const BY_MEMBER = new Map<string, Versions>();
for (const [path, versions] of MEMBERS) {
  const member = path.split(".")[1];
  // Numbers with units (`CSS.s`, `CSSUnitValue.mul`) have the shortest of names, and nothing here has them.
  if (member === undefined || /^CSS(?:\.|\w*Value)/.test(path)) continue;
  const before = BY_MEMBER.get(member);
  BY_MEMBER.set(member, before ? best(before, versions) : versions);
}

function best(one: Versions, other: Versions): Versions {
  return Object.fromEntries(
    Object.keys(NAMES).map((name) => [name, Math.min(one[name as keyof Browsers], other[name as keyof Browsers])]),
  ) as Versions;
}

/** What a bundle calls and the data knows. */
export function callsIn(code: string): Call[] {
  const statics = [...code.matchAll(/\b([A-Z]\w+)\.(\w+)\(/g)].map(([, of, member]) => `${of}.${member}`);
  const known = new Set(statics.filter((name) => MEMBERS.has(name)));
  const members = [...code.matchAll(/\.(\w+)\(/g)].map(([, member]) => member!);
  const made = [...code.matchAll(/\bnew ([A-Z]\w+)/g)].map(([, name]) => name!);
  return [
    ...new Set(members.filter((name) => BY_MEMBER.has(name) && !OURS.test(name))),
    ...known,
    ...new Set(made.filter((name) => MEMBERS.has(name))),
  ].map((name) => ({ name }));
}

const versionsFor = (name: string): Versions => MEMBERS.get(name) ?? BY_MEMBER.get(name)!;

/** Those calls that at least one of these browsers lacks. */
export const newerThan = (calls: readonly Call[], browsers: Browsers): Call[] =>
  calls.filter(({ name }) => {
    const since = versionsFor(name);
    return Object.entries(browsers).some(([browser, version]) => since[browser as keyof Browsers] > Number(version));
  });
