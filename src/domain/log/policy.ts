/**
 * Trust policies: which logs, which witnesses, and how many of them are enough. Source: c2sp.org/tlog-policy. Every
 * refusal is a Fault `CONFIG_INVALID` that names the line.
 */
import { toHex } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { parseCosignerKey, type CosignerKey } from "./cosignature.ts";
import { parseVerifierKey, type VerifierKey } from "./note-key.ts";

export type PolicyLog = { readonly key: VerifierKey; readonly url?: string };
export type PolicyWitness = { readonly name: string; readonly key: CosignerKey; readonly url?: string };
/** Witnessed when at least `least` of its members are. */
type Group = { readonly name: string; readonly least: number; readonly members: readonly string[] };

export type Policy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly Group[];
  /** a witness, a group, or "none" */
  readonly quorum: string;
};

const NONE = "none";
// Tab, newline and what is not a control character of ASCII.
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Reads a policy file. */
export function parsePolicy(text: string): Policy {
  const [logs, witnesses, groups]: [PolicyLog[], PolicyWitness[], Group[]] = [[], [], []];
  const quorums: string[] = [];
  const members = new Set<string>();
  const defined = (name: string): boolean => [...witnesses, ...groups].some((one) => one.name === name);
  const known = new Set<string>();
  text.split("\n").forEach((line, i) => {
    const refuse = (why: string): never => {
      throw new Fault("CONFIG_INVALID", `line ${i + 1} of the policy: ${why}`);
    };
    const keyOf = <T>(parse: (vkey: string) => T, vkey: string): T => {
      try {
        return parse(vkey);
      } catch (thrown) {
        return refuse(thrown instanceof Fault ? thrown.detail : "the key cannot be read");
      }
    };
    const once = (kind: string, publicKey: Uint8Array): void => {
      const key = `${kind} ${toHex(publicKey)}`;
      if (known.has(key)) refuse(`the same ${kind} stands twice`);
      known.add(key);
    };
    const fresh = (name: string): string =>
      name === NONE || defined(name) ? refuse(`the name ${name} is taken`) : name;
    if (FORBIDDEN.test(line)) refuse("a character that may not stand here");
    const [word, ...rest] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (word === undefined || word.startsWith("#")) return;
    if (word === "log") {
      const [vkey, url, ...more] = rest;
      if (vkey === undefined || more.length > 0) return refuse("a log has a key and perhaps an address");
      const key = keyOf(parseVerifierKey, vkey);
      once("log", key.publicKey);
      logs.push({ key, ...(url !== undefined && { url }) });
    } else if (word === "witness") {
      const [name, vkey, url, ...more] = rest;
      if (name === undefined || vkey === undefined || more.length > 0)
        return refuse("a witness has a name, a key and perhaps an address");
      const key = keyOf(parseCosignerKey, vkey);
      once("witness", key.publicKey);
      witnesses.push({ name: fresh(name), key, ...(url !== undefined && { url }) });
    } else if (word === "group") {
      const [name, rule, ...names] = rest;
      if (name === undefined || rule === undefined || names.length === 0)
        return refuse("a group has a name, a number, and members");
      for (const member of names) {
        if (!defined(member)) refuse(`${member} is not defined above`);
        // So that each witness counts in one way only.
        if (members.has(member)) refuse(`${member} is a member already`);
        members.add(member);
      }
      const least =
        rule === "any" ? 1 : rule === "all" ? names.length : /^[1-9][0-9]{0,8}$/.test(rule) ? Number(rule) : 0;
      if (least < 1 || least > names.length) refuse("a group asks for all, any, or a number of its members");
      groups.push({ name: fresh(name), least, members: names });
    } else if (word === "quorum") {
      const [name, ...more] = rest;
      if (name === undefined || more.length > 0 || quorums.length > 0)
        return refuse("there is one quorum, of one name");
      if (name !== NONE && !defined(name)) refuse(`${name} is not defined above`);
      quorums.push(name);
    } else refuse("not a line that a policy knows");
  });
  const [quorum] = quorums;
  if (quorum === undefined) throw new Fault("CONFIG_INVALID", "the policy has no quorum line");
  return { logs, witnesses, groups, quorum };
}

/** Whether the witnesses who co-signed, by their names in the policy, are enough. */
export function isQuorum(policy: Policy, cosigned: ReadonlySet<string>): boolean {
  const witnessed = (name: string): boolean => {
    const group = policy.groups.find((one) => one.name === name);
    return group === undefined ? cosigned.has(name) : group.members.filter(witnessed).length >= group.least;
  };
  return policy.quorum === NONE || witnessed(policy.quorum);
}
