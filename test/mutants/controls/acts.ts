/** What a member signs when they act, and who compares it (`src/domain/person/signed.ts`, `src/domain/log/act.ts`). */
import type { Control } from "../control.ts";

const attack = ["test/attack/acts.test.ts"];
const STOLEN = ["a stolen session erases nothing"];
const ASKED = ["a stolen session asks for nobody"];
const EXCHANGED = ["a request exchanged between asking and granting"];
const TAKEN = ["an act of erasure that was changed or taken away"];
const OPERATOR = ["a row that says operator makes nobody one"];

export const ACTS: readonly Control[] = [
  {
    control: "A session alone does nothing that has to be signed: the server verifies the act before it writes",
    threat: ["T11", "T39"],
    file: "src/server/acts/action.ts",
    find: "  checkSigned(act as unknown as SignedEvent, person, signers);\n",
    replace: "",
    tests: attack,
    pattern: STOLEN,
  },
  {
    control: "What an owner signed of one erasure erases nothing else",
    threat: ["T39"],
    file: "src/server/erasure/action.ts",
    find: "if (said.erasure !== id || said.body !== body || said.inbox !== inbox || said.submission !== submission)",
    replace: "if (said.erasure === '' || id === '' || body === '' || inbox === '' || submission === '')",
    tests: attack,
    pattern: STOLEN,
  },
  {
    control: "With a letter goes what the owner was shown that was added, and nothing that came since",
    threat: ["T39"],
    file: "src/server/erasure/action.ts",
    find: `if (canonicalJson(said.additions) !== canonicalJson(row.additions)) throw new Fault("ACT_MOVED");`,
    replace: "",
    tests: attack,
    pattern: STOLEN,
  },
  {
    control: "Of an erasure that no owner signed there is no certificate",
    threat: ["T39"],
    file: "src/server/erasure/action.ts",
    find: " || faultOfSignature(entry, signature, signer) !== null)",
    replace: ")",
    tests: attack,
    pattern: TAKEN,
  },
  {
    control: "A certificate of erasure is signed by who decided",
    threat: ["T39"],
    file: "src/domain/log/certificate.ts",
    find: `if (faultOfSignature(entry, decided.signature, { role: "owner", signingKey: decided.key }) !== null)`,
    replace: "if (decided.key.length === 0)",
    tests: ["test/unit/log-certificate.test.ts"],
  },
  {
    control: "An act is by the person to whom it commits",
    threat: ["T37", "T39"],
    file: "src/domain/log/act.ts",
    find: `if (bySalt !== null && !commits(event.by, bySalt, person)) return "not by a person of this body in this role";`,
    replace: "",
    tests: ["test/unit/incident.test.ts"],
  },
  {
    control: "Asking for access is signed",
    threat: ["T11"],
    file: "src/server/grants/action.ts",
    find: "    const written = await writeAct(client, signersOf(state, config.operators), who.person, act);\n",
    replace: `    const { writeEvent } = await import("../log/store/events.ts");
    const { insertAct } = await import("../acts/store.ts");
    const by = { person: who.person, salt: act.bySalt, commitment: act.event.by };
    const { id: written } = await writeEvent(client, act.event, [by]);
    await insertAct(client, { event: written, person: who.person, signature: act.signature });
`,
    tests: attack,
    pattern: ASKED,
  },
  {
    control: "What is asked is what was signed",
    threat: ["T11"],
    file: "src/server/grants/action.ts",
    find: "      !asksFor(act.event, asked, personsSalt) ||\n",
    replace: "",
    tests: attack,
    pattern: ASKED,
  },
  {
    control: "Declining a request and taking it back are signed",
    threat: ["T11"],
    file: "src/server/grants/action.ts",
    find: "    const { state } = await chains.need(client, body);\n    await writeAct(client, signersOf(state, config.operators), who.person, act);\n",
    replace: `    const { writeEvent } = await import("../log/store/events.ts");
    const { insertAct } = await import("../acts/store.ts");
    const by = { person: who.person, salt: act.bySalt, commitment: said.by };
    const { id } = await writeEvent(client, said, [by]);
    await insertAct(client, { event: id, person: who.person, signature: act.signature });
`,
    tests: attack,
    pattern: ASKED,
  },
  {
    control: "An owner's browser compares a request with what was asked",
    threat: ["T11", "T14"],
    file: "src/member/hands/drafts.ts",
    find: "checkAsked({ ...wanted, body: ask.body,",
    replace: "void ({ ...wanted, body: ask.body,",
    tests: attack,
    pattern: EXCHANGED,
  },
  {
    control: "An owner's browser asks for the log's proof of a request",
    threat: ["T11"],
    file: "src/domain/log/asked.ts",
    find: `  if (proof === null) throw new Fault("LOG_NOT_SIGNED");\n`,
    replace: "",
    also: [
      {
        file: "src/domain/log/asked.ts",
        find: "    verifyProof(proof, bytes, parseVerifierKey(keyUnder(logs, proof) ?? logKey));\n",
        replace: "",
      },
    ],
    tests: attack,
    pattern: EXCHANGED,
  },
  {
    control: "The server compares a request's row with the act by which it was asked",
    threat: ["T11"],
    file: "src/server/statements/append.ts",
    find: "    if (request) checkAct(parsed, request, signersOf(after, config.operators));\n",
    replace: "",
    tests: attack,
    pattern: EXCHANGED,
  },
  {
    control: "A grant's statement holds what its asker signed",
    threat: ["T11", "T19"],
    file: "src/domain/grant/apply.ts",
    find: "  if (unasked !== null) no(unasked);\n",
    replace: "",
    tests: ["test/unit/statement-rules.test.ts"],
  },
  {
    control: "The verifier asks for the act of each event that has to be signed",
    threat: ["T39"],
    file: "src/domain/verify/acts.ts",
    find: `if (!act) judge.missing(leaf, "nobody signed it");`,
    replace: "if (!act) void leaf;",
    tests: attack,
    pattern: TAKEN,
  },
  {
    control: "The verifier verifies the signature of each act",
    threat: ["T39"],
    file: "src/domain/verify/acts.ts",
    find: "if (why !== null) judge.against(",
    replace: "if (why === '') judge.against(",
    tests: attack,
    pattern: TAKEN,
  },
  {
    control: "The verifier compares a request's row with its event",
    threat: ["T11"],
    file: "src/domain/verify/compare-rows.ts",
    find: "if (row.event !== event || !asksFor(entry, { ...row, request: row.id }, new Uint8Array(row.personsSalt)))",
    replace: "if (row.event !== event)",
    tests: attack,
    pattern: EXCHANGED,
  },
  {
    control: "The verifier compares how a request stands with its events",
    threat: ["T11"],
    file: "src/domain/verify/asked.ts",
    find: `if (state !== (over.get(id) ?? "open"))`,
    replace: "if (id === '')",
    tests: attack,
    pattern: EXCHANGED,
  },
  {
    control: "An operator is whom the configuration names, and nobody by a row",
    threat: ["T11"],
    file: "src/server/http/visitor.ts",
    find: "if (config.operators.has(account.id)) return",
    replace: `if (account.role === "operator") return`,
    tests: attack,
    pattern: OPERATOR,
  },
  {
    control: "Whom only a row calls an operator does not sign in",
    threat: ["T11"],
    file: "src/server/session/action.ts",
    find: "if (!found || !same || !named) {",
    replace: "if (!found || !same) {",
    tests: attack,
    pattern: OPERATOR,
  },
  {
    control: "The verifier names whom only a row calls an operator",
    threat: ["T11"],
    file: "src/domain/verify/database.ts",
    find: "      checkOperators(report, judge, await rows.operators(), operators);\n",
    replace: "",
    tests: attack,
    pattern: OPERATOR,
  },
];
