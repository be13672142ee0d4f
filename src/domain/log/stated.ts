/** What the log says of a signed statement: its hash and the ids. The rest stands in the statement. */
import { toHex } from "../bytes.ts";
import { statementHash, type SignedStatement, type Statement } from "../grant/statement.ts";
import type { LogEvent } from "./event.ts";

/** The one event of a statement. Whoever writes the log and whoever verifies it go by the same lines. */
export function eventOfStatement(s: Statement, signed: SignedStatement): LogEvent {
  const stated = { body: s.body, statement: toHex(statementHash(signed.bytes)) };
  switch (s.kind) {
    case "person.confirmed":
      return { kind: s.kind, role: s.role, ...stated };
    case "person.ended":
      return { kind: s.kind, person: s.person, ...stated };
    case "inbox.key":
      return { kind: "inbox.rekeyed", inbox: s.inbox, epoch: s.epoch, ...stated };
    case "grant.made":
      return { kind: s.kind, inbox: s.inbox, grant: s.grant, count: s.persons.length, request: s.request, ...stated };
    case "grant.ended":
      return { kind: s.kind, inbox: s.inbox, grant: s.grant, ...stated };
    case "form.published":
      return { kind: s.kind, form: s.form, version: s.version, inbox: s.inbox, ...stated };
  }
}
