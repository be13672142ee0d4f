/** Replies: who may answer, and what is compared before one is shown (`src/domain/case`, `src/server/cases`). */
import type { Control } from "../control.ts";

const tests = ["test/attack/replies.test.ts"];
const SESSION = ["a session answers nothing without the signature"];
const OFFICER = ["a server that exchanges, drops or moves replies is seen"];
const WRITER = ["a server that exchanges, drops, invents or moves replies shows the writer none"];
const GRANT = ["who may not read the inbox answers nothing"];

export const REPLIES: readonly Control[] = [
  {
    control: "An act of a case names the one before",
    threat: ["T7"],
    file: "src/domain/case/fold.ts",
    find: "  said.prev === head.prev;",
    replace: "  said.prev.length === head.prev.length;",
    tests,
    pattern: SESSION,
  },
  {
    control: "A reply is about the letter whose case it stands in",
    threat: ["T7"],
    file: "src/server/cases/action.ts",
    find: "if (said.body !== body || said.case !== letter || said.submission !== letter)",
    replace: "if (said.body !== body)",
    tests,
    pattern: SESSION,
  },
  {
    control: "The server takes the very bytes that were signed",
    threat: ["T7"],
    file: "src/server/cases/action.ts",
    find: "if (said.digest !== toHex(sha256(bytes)) || said.size !== bytes.length)",
    replace: "if (said.size !== bytes.length)",
    tests,
    pattern: SESSION,
  },
  {
    control: "Whoever answers may read the inbox",
    threat: ["T11"],
    file: "src/server/cases/action.ts",
    find: "    if (!decision.ok) throw new Fault(decision.code);\n    const current",
    replace: "    const current",
    tests,
    pattern: GRANT,
  },
  {
    control: "Of two answers at once one is taken",
    threat: ["T7"],
    file: "src/server/cases/action.ts",
    find: '    if (!follows(said, head)) throw new Fault("CASE_MOVED");\n',
    replace: "",
    tests,
    pattern: SESSION,
  },
  {
    control: "A reader's browser compares who signed a reply",
    threat: ["T7"],
    file: "src/member/hands/cases.ts",
    find: '  if (why !== null) throw new Fault("CASE_BROKEN", why);\n',
    replace: "",
    tests,
    pattern: OFFICER,
  },
  {
    control: "A reader's browser compares the bytes of a reply with its act",
    threat: ["T7"],
    file: "src/member/hands/cases.ts",
    find: "if (given.sealed === null || toHex(sha256(given.sealed)) !== digest)",
    replace: "if (given.sealed === null)",
    tests,
    pattern: OFFICER,
  },
  {
    control: "A reply is sealed to the key that an owner signed",
    threat: ["T1"],
    file: "src/member/hands/cases.ts",
    find: "!equalBytes(signed.recipientHash, recipientHash(recipient))",
    replace: "recipient === ''",
    tests,
    pattern: ["a reply seals to the key that an owner signed"],
  },
  {
    control: "The writer's page compares the bytes of a reply with its act",
    threat: ["T7"],
    file: "src/domain/case/held.ts",
    find: "entry.digest !== toHex(sha256(bytes)) || ",
    replace: "",
    tests,
    pattern: WRITER,
  },
  {
    control: "The writer's page compares who signed a reply",
    threat: ["T7"],
    file: "src/domain/case/held.ts",
    find: "if (!person || faultOfSignature(act, fromHex(by.signature), person) !== null) return false;",
    replace: "if (!person) return false;",
    tests,
    pattern: WRITER,
  },
  {
    control: "A reply goes with an erased letter",
    threat: ["T39"],
    file: "sql/000002.sql",
    find: "  DELETE FROM reply WHERE submission = ANY (ids);\n",
    replace: "  PERFORM FROM reply WHERE false;\n",
    tests,
    pattern: ["an erased letter takes its replies with it"],
  },
  {
    control: "The counter opens replies and nothing else",
    threat: ["T4"],
    file: "src/counter/replies.ts",
    find: 'import { openReply } from "../domain/case/open-reply.ts";',
    replace: 'import { openReply } from "../domain/case/open-reply.ts";\nimport "../domain/seal/open.ts";',
    tests: ["test/boundaries.test.ts"],
  },
];
