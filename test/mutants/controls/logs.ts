/** A log for each body and one for the host, all signed by one key (`src/domain/log/names.ts`, decision 0046). */
import type { Control } from "../control.ts";

const attack = ["test/attack/logs.test.ts"];
const store = ["test/store/body-logs.test.ts"];

export const LOGS: readonly Control[] = [
  {
    control: "A body's log has a name of its own, which its key's id and every checkpoint begin with",
    threat: ["T8", "T43"],
    file: "src/domain/log/names.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a piece of the program.
    find: "(whose === HOST ? host : `${host}/${whose}`)",
    replace: "(whose === HOST ? host : host)",
    tests: attack,
    pattern: ["a release is not proved by another body's checkpoint", "no two logs of one key have the same name"],
  },
  {
    control: "A browser demands the log of the body that it asked for",
    threat: ["T8", "T43"],
    file: "src/member/hands/log.ts",
    find: "const trusted = keyOfPage(hostKey, whose);",
    replace: "const trusted = hostKey;",
    tests: attack,
    pattern: ["a server that shows one log where another was asked for is refused"],
  },
  {
    control: "A receipt holds under the log of the body that its entry names",
    threat: ["T30", "T43"],
    file: "src/domain/log/receipt-check.ts",
    find: "keyGivenFor(parseVerifierKey(vkey), whoseEntry(entry))",
    replace: "parseVerifierKey(vkey)",
    tests: attack,
    pattern: ["a receipt holds under its body's log alone"],
  },
  {
    control: "An entry of one body in another's log is found by whoever looks",
    threat: ["T43"],
    file: "src/domain/verify/look.ts",
    find: "if (!mayStandIn(entry, whose))",
    replace: "if (whose === entry.kind && !mayStandIn(entry, whose))",
    tests: attack,
    pattern: ["an entry of one body in the log of another"],
  },
  {
    control: "An event that names what is another body's is set aside",
    threat: ["T43"],
    file: "src/server/log/sequence.ts",
    find: " || others.has(one.id)",
    replace: "",
    tests: store,
    pattern: ["an event of no body, or that names what is another body's"],
  },
  {
    control: "No log is made for a name that is no body's",
    threat: ["T43"],
    file: "src/server/log/sequence.ts",
    find: "(!known.has(one.whose) ||",
    replace: "(",
    tests: store,
    pattern: ["an event of no body, or that names what is another body's"],
  },
  {
    control: "A body's log that is refused holds up no other",
    threat: ["T7"],
    file: "src/server/log/sequence.ts",
    find: "    if (!(thrown instanceof Fault)) throw thrown;\n    refused.set",
    replace: "    if (thrown instanceof Fault) throw thrown;\n    refused.set",
    tests: store,
    pattern: ["a body's log that went back"],
  },
  {
    control: "The store of a body's log is made before its first leaf, and never again",
    threat: ["T7"],
    file: "src/server/log/writer.ts",
    find: "if (whose !== HOST && size === 0 && signedSize === 0) await store.begin();",
    replace: "if (whose !== HOST) await store.begin();",
    tests: store,
    pattern: ["a body's log that went back"],
  },
  {
    control: "What waits for a log whose head was taken away is not set aside",
    threat: ["T7"],
    file: "src/server/log/sequence.ts",
    find: "new Set([...heads.keys(), ...signed])",
    replace: "new Set([...heads.keys(), ...signed.slice(signed.length)])",
    tests: store,
    pattern: ["a body's log that went back"],
  },
  {
    control: "A log of which something was signed is looked at, although its head was taken away",
    threat: ["T7"],
    file: "src/server/log/writer.ts",
    find: "return [...heads, ...gone.map(noHead)];",
    replace: "return [...heads, ...gone.slice(gone.length).map(noHead)];",
    tests: store,
    pattern: ["a body's log that went back"],
  },
];
