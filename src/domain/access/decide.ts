/**
 * Access: one total function. (who, action, thing) → allowed, or refused with a reason. `test/unit/access-matrix.txt`
 * pins every role, every action of the route table, own and other body, every state.
 */
import { ALLOWED, refused, type Decision } from "../problem.ts";
import type { BodyRole, StatementKind } from "../grant/statement.ts";

export type Who =
  | { readonly kind: "stranger" }
  /** at the host: holds no key, and never has a role at a body */
  | { readonly kind: "operator"; readonly person: string }
  /** invited, not yet confirmed by an owner: powerless (T20) */
  | { readonly kind: "waiting"; readonly person: string; readonly body: string }
  | { readonly kind: "member"; readonly person: string; readonly body: string; readonly role: BodyRole }
  /** the monitor or the inspector, by its own credential: reports, and nothing else */
  | { readonly kind: "watcher"; readonly watcher: "monitor" | "inspect" | "site" };

/** What an action is done to. Only what the decision needs. */
export type Thing = {
  readonly body?: string;
  /** the request asked, declined, withdrawn or confirmed */
  readonly request?: {
    readonly asker: string;
    readonly persons: readonly string[];
    readonly state: "open" | "confirmed" | "declined" | "withdrawn";
  };
  /** what the verified statements say of this person and these epochs (`mayRead`) */
  readonly reading?: Decision;
  /** what the verified statements say of this owner and the people of the request (`mayConfirm`) */
  readonly confirming?: Decision;
  /** the request for erasure that is decided */
  readonly erasure?: { readonly state: "open" | "granted" | "refused" };
  /** whose release it is */
  readonly releasedTo?: string;
  /** whom the invitation is for: the host begins a body by inviting its first owner, and nobody else */
  readonly invited?: { readonly role: BodyRole; readonly first: boolean };
  /** the kinds of statement to append */
  readonly statements?: readonly StatementKind[];
};

type Role = Who["kind"] | BodyRole;

const STAFF: readonly Role[] = ["owner", "reader", "auditor"];
const EVERYONE: readonly Role[] = ["stranger", "operator", "waiting", ...STAFF];

/** Who may do what, before the thing is looked at. A role that is not named may not. */
export const ACTIONS = {
  // anyone: nothing here reads what was sent
  "page.view": EVERYONE,
  "form.read": EVERYONE,
  "submission.send": EVERYONE,
  "log.read": EVERYONE,
  // whoever brings the words of a letter: what they find is theirs, and nothing else is found
  "receipt.status": EVERYONE,
  "receipt.add": EVERYONE,
  "receipt.erase": EVERYONE,
  "session.start": EVERYONE,
  "join.accept": EVERYONE,
  // anyone signed in
  "session.end": ["operator", "waiting", ...STAFF],
  "sessions.own": ["operator", "waiting", ...STAFF],
  "unlockers.own": STAFF,
  "unlockers.change": STAFF,
  "me.view": ["operator", "waiting", ...STAFF],
  "bodies.list": ["operator", "waiting", ...STAFF],
  "chain.view": ["operator", "waiting", ...STAFF],
  "checkpoint.view": ["operator", ...STAFF],
  "log.audit": ["operator", "waiting", ...STAFF],
  // names of colleagues, counts; nothing that was sent
  "people.list": ["operator", ...STAFF],
  "inboxes.list": ["operator", ...STAFF],
  "requests.list": ["operator", ...STAFF],
  // asking and taking back
  "request.ask": ["operator", "owner", "reader"],
  "request.withdraw": ["operator", "owner", "reader"],
  "invitation.make": ["operator", "owner"],
  "invitation.list": ["owner"],
  "invitation.withdraw": ["owner"],
  // somebody who waits is turned away
  "newcomer.refuse": ["owner"],
  // six words: an owner begins, and the other side is whoever waits
  "words.begin": ["owner"],
  "words.own": ["waiting"],
  // an owner's acts
  "request.decline": ["owner"],
  "statement.append": ["owner"],
  "statement.root": ["waiting"],
  "form.add": ["owner"],
  // erasure: asked by the writer, who has no account, or begun by an owner when a letter's time has come
  "erasure.list": ["owner", "auditor"],
  "erasure.certificate": ["owner", "auditor"],
  "erasure.decide": ["owner"],
  "erasure.due": ["owner"],
  // reading
  "form.view": STAFF,
  "wraps.own": STAFF,
  "release.list": STAFF,
  "release.open": STAFF,
  "release.fetch": STAFF,
  "release.opened": STAFF,
  // answering: whoever may read the letter, and what is received now
  "case.reply": STAFF,
  // assigning, noting, closing, opening again: the same people
  "case.act": STAFF,
  // the history
  "log.view": ["owner", "auditor"],
  // the host's log: nothing in it is of any body
  "log.entries": ["operator", "owner", "auditor"],
  // a body's log: its own people, and nobody at the host
  "log.own": ["owner", "auditor"],
  // of the log what it says of letters that whoever asks may read: lists are compared with it
  "log.letters": STAFF,
  // incidents: whoever decides and whoever advises; readers and the host do not see them
  "incident.list": ["owner", "auditor"],
  "incident.view": ["owner", "auditor"],
  "incident.open": ["owner", "auditor"],
  "incident.act": ["owner", "auditor"],
  // to speak to the public
  "incident.notice": ["owner"],
  // letters to the people of an incident, and who was rung
  "messages.view": ["owner", "auditor"],
  "messages.work": ["owner", "auditor"],
  "incident.seal": ["owner", "auditor"],
  "incident.readings": ["owner", "auditor"],
  // what names the people affected: for those of them who hold the key
  "release.affected": ["owner", "auditor"],
  "document.release": ["owner", "auditor"],
  "document.fetch": ["owner", "auditor"],
  // what the watchers found: that something is open everybody sees, what it is those see who answer for it
  "watch.report": ["watcher"],
  "watch.view": ["operator", "waiting", ...STAFF],
  "findings.list": ["owner", "auditor"],
  "markers.list": ["operator", ...STAFF],
} as const satisfies { readonly [action: string]: readonly Role[] };

export type Action = keyof typeof ACTIONS;

const roleOf = (who: Who): Role => (who.kind === "member" ? who.role : who.kind);
/** The decision. Anything not allowed here is refused; there is no other way in. */
export function decide(who: Who, action: Action, thing: Thing = {}): Decision {
  const roles: readonly Role[] = ACTIONS[action];
  // What a stranger may, everybody may: nothing is looked at.
  if (roles.includes("stranger")) return ALLOWED;
  if (who.kind === "stranger") return refused("NOT_SIGNED_IN");
  if (!roles.includes(roleOf(who))) return refused("REFUSED_ROLE");
  if (who.kind === "watcher") return ALLOWED;
  if (who.kind !== "operator" && thing.body !== undefined && thing.body !== who.body) return refused("REFUSED_BODY");
  if (action === "invitation.make" && who.kind === "operator") return founding(thing);
  return decideThing(who.person, action, thing);
}

function founding({ invited }: Thing): Decision {
  return !invited || (invited.first && invited.role === "owner") ? ALLOWED : refused("REFUSED_ROLE");
}

function decideThing(person: string, action: Action, thing: Thing): Decision {
  switch (action) {
    case "request.ask":
      return asking(person, thing);
    case "request.decline":
      return thing.request?.state === "open" ? ALLOWED : refused("REFUSED_STATE");
    case "erasure.decide":
      return thing.erasure?.state === "open" ? ALLOWED : refused("REFUSED_STATE");
    case "request.withdraw":
      if (!thing.request) return refused("REQUEST_UNKNOWN");
      if (thing.request.asker !== person) return refused("REFUSED_ROLE");
      return thing.request.state === "open" ? ALLOWED : refused("REFUSED_STATE");
    case "statement.append":
      return appending(person, thing);
    case "release.list":
    case "release.open":
    case "release.affected":
    case "case.reply":
    case "case.act":
    case "document.release":
      return thing.reading ?? refused("REFUSED_NO_GRANT");
    case "release.fetch":
    case "release.opened":
    case "document.fetch":
      return thing.releasedTo === person ? ALLOWED : refused("RELEASE_UNKNOWN");
    default:
      return ALLOWED;
  }
}

/** Asker and beneficiary are different people; a grant to nobody is refused, not made. */
function asking(person: string, thing: Thing): Decision {
  const persons = thing.request?.persons ?? [];
  if (persons.length === 0) return refused("REFUSED_EMPTY");
  return persons.includes(person) ? refused("REFUSED_SAME_PERSON") : ALLOWED;
}

/** A grant is made for a request that is open, by an owner who neither asked nor will read by it. */
function appending(person: string, thing: Thing): Decision {
  if (!thing.statements?.length) return refused("REFUSED_EMPTY");
  if (!thing.statements.includes("grant.made")) return ALLOWED;
  const request = thing.request;
  if (!request) return refused("REQUEST_UNKNOWN");
  if (request.state !== "open") return refused("REFUSED_STATE");
  if (request.asker === person || request.persons.includes(person)) return refused("REFUSED_SAME_PERSON");
  return thing.confirming ?? refused("REFUSED_BROUGHT");
}
