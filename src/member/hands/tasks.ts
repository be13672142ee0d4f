/**
 * What the page may ask of the worker, and what comes back. No private key is in any answer:
 * the types say so, and test/journeys/staff.test.ts looks at what crosses.
 */
import type { LogReading } from "../../domain/affected/access-log.ts";
import type { Columns, Suggestion } from "../../domain/affected/columns.ts";
import type { Decision, Joined, Settled } from "../../domain/affected/join.ts";
import type { Entry } from "../../domain/affected/likeness.ts";
import type { Note } from "../../domain/affected/people.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import type { LogAsk } from "../../domain/affected/question.ts";
import type { TextLine } from "../../domain/affected/text.ts";
import type { Verdict } from "../../domain/affected/verdict.ts";
import type { Bytes } from "../../domain/bytes.ts";
import type { Code } from "../../domain/problem.ts";
import type { Row } from "../../domain/form/display.ts";
import type { PersonRow as SignedRow } from "../../domain/grant/confirmed.ts";
import type { Draft, FormAct, NewPerson } from "../../domain/grant/drafts.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import type { EndReason, Purpose, Scope, SignedStatement } from "../../domain/grant/statement.ts";
import type { ActFields, ActHead, SignedAct, Texts } from "../../domain/incident/act.ts";
import type { DocumentKind } from "../../domain/incident/codes.ts";
import type { Coverage } from "../../domain/incident/log-index.ts";
import type {
  Evidence,
  Look,
  Reached as ReachedLetter,
  ReadingRow,
  Scope as ReachScope,
} from "../../domain/incident/reach.ts";
import type { FormTimes } from "../../domain/form/clock.ts";
import type { CaseStep, Outcome } from "../../domain/case/fold.ts";
import type { IncidentState, Sealed } from "../../domain/incident/state.ts";
import type { MessageTemplate } from "../../domain/mail/template.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import type { MessageTo } from "../../domain/mail/seal-message.ts";
import type { KeyKind } from "../../domain/seal/age.ts";
import type { StoredAct } from "../../domain/incident/verify.ts";
import type { SignedMarker } from "../../domain/watch/marker.ts";
import type { SeenSize } from "../../contract/log.ts";
import type { Item, Released } from "../../contract/reading.ts";
import type { AskedAct } from "../../domain/log/asked.ts";
import type { SignedEvent, PlainKind, ToSay } from "../../domain/log/act.ts";
import type { Seen, ShownLog } from "../../domain/log/audit.ts";
import type { Whose } from "../../domain/log/names.ts";

/** A person's row and whether it is the one that an owner confirmed. */
export type CheckedPerson = SignedRow & { readonly code: Code | null; readonly fingerprint: string };

/** A release as it came, with what the page asked for. */
export type ReleaseBytes = {
  readonly body: string;
  readonly inbox: string;
  /** made by this app for this reading */
  readonly release: string;
  readonly proof: string;
  readonly entry: Bytes;
  readonly personSalt: Bytes;
  readonly idsSalt: Bytes;
  readonly items: readonly Item[];
  /** for a letter: that it was received, as the log has it */
  readonly received: Released["received"];
  /** for a letter: what was added to it later, oldest first, each as the log has it; whether these are all is the
   * server's word */
  readonly added: Released["added"];
  /** for a letter: what was answered, each with its act */
  readonly acts: Released["acts"];
  readonly done: Released["done"];
  /** canonical text of every form version that the items name, by hash */
  readonly forms: ReadonlyMap<string, string>;
  /** what the monitor says that it planted in this inbox, and by which key that is verified */
  readonly planted: {
    readonly installation: string;
    readonly monitorKey: Bytes;
    readonly markers: readonly SignedMarker[];
  };
};

/** A release of a list, with what was asked for: letters from `since` until just before `before`, milliseconds. */
export type ListBytes = ReleaseBytes & {
  readonly since: number;
  readonly before: number;
  /** how many entries of the log were read before the list was asked for: it must hold what they say */
  readonly known: number;
};

/** `receivedAt` is the entry's time. */
type RowOf = Pick<Item, "submission" | "epoch" | "formHash" | "path" | "first" | "reference"> & {
  readonly receivedAt: number;
};

/** A slip, opened; or why it is not shown. Cells are plain text, by question. */
export type SlipRow = RowOf & {
  readonly code: Code | null /** the monitor planted it: so it says itself, and so the log says */;
  readonly marker: boolean;
  readonly cells: Readonly<Record<string, string>>;
  /** where the letter stands, of an addition its letter; null where what was done about it does not hold */
  readonly stand: Stand | null;
};
export type Missing = { readonly submission: string; readonly reference: string; readonly receivedAt: number };
export type SlipColumn = { readonly id: string; readonly title: string };
export type Slips = {
  readonly entry: number;
  /** letters that the log says were received in this time, and that did not come: then this list is not whole */
  readonly missing: readonly Missing[];
  /** entries of the log that were not shown to this reader: of them it is the server's word that they are no letters */
  readonly withheld: number;
  readonly rows: readonly SlipRow[];
  readonly columns: readonly SlipColumn[];
  readonly versions: ReadonlyMap<string, number>;
  /** what each of these versions says of time */
  readonly times: ReadonlyMap<string, FormTimes>;
};

export type Reached = { readonly part: string; readonly lines: readonly string[] };
export type Added = { readonly submission: string; readonly reference: string; readonly receivedAt: number };
/** An act as it was verified: by whom and when, and its place in the log. */
export type ThreadAct = {
  readonly at: number;
  readonly entry: number;
  readonly person: string;
  readonly role: string;
} & (
  | {
      readonly kind: "case.replied";
      /** null for whoever holds no key of its time */
      readonly text: string | null;
      /** when somebody with the words was given it, by the log; null: not yet */
      readonly fetchedAt: number | null;
    }
  | { readonly kind: "case.noted"; readonly text: string | null }
  | { readonly kind: "case.assigned"; readonly to: string }
  | { readonly kind: "case.closed"; readonly outcome: Outcome }
  | { readonly kind: "case.reopened" }
);

/**
 * Where a letter stands, by acts that hold. `to` has it; null: nobody was given it. `since`: the last act; `replied`: the
 * first reply.
 */
export type Stand = {
  readonly step: CaseStep;
  readonly outcome: Outcome | null;
  readonly to: string | null;
  readonly since: number | null;
  readonly replied: number | null;
};

/** What was done about a letter; or why it is not shown, and nothing can be done. */
export type Thread =
  | { readonly ok: true; readonly acts: readonly ThreadAct[]; readonly stand: Stand }
  | { readonly ok: false; readonly code: Code };

/** What somebody wants done about a letter. */
export type Wish =
  | { readonly kind: "case.assigned"; readonly to: string }
  | { readonly kind: "case.noted"; readonly text: string }
  | { readonly kind: "case.closed"; readonly outcome: Outcome }
  | { readonly kind: "case.reopened" };
/** Who was given a letter, and what opens the commitment to them. */
export type To = { readonly person: string; readonly salt: Bytes };

export type Letter = RowOf & {
  readonly entry: number;
  readonly marker: boolean;
  readonly title: string;
  readonly version: number;
  readonly times: FormTimes;
  readonly rows: readonly Row[];
  readonly reach: readonly Reached[];
  readonly thread: Thread;
  readonly added: readonly Added[] /** the entry that says that these very answers were received */;
  readonly receivedAs: number;
};

/** One log's bundles that are wanted: `nth` in the order of the logs, `log` its number. */
export type EntriesToRead = {
  readonly nth: number;
  readonly log: number;
  readonly size: number;
  readonly bundles: readonly { readonly index: number; readonly width: number }[];
};

/** Of each letter that was asked for its writer; or that the monitor planted it, as seal and signature both say. */
export type Writers = { readonly people: readonly AffectedPerson[]; readonly markers: readonly string[] };

export type GrantAsk = {
  readonly body: string;
  readonly inbox: string;
  readonly request: string;
  readonly asker: string;
  readonly scope: Scope;
  readonly until: number;
  readonly purpose: Purpose;
  readonly purposeText: string;
  readonly purposeSalt: Bytes;
  /** that it was asked, and by whom: the log's proof and the asker's signature */
  readonly act: AskedAct;
  readonly operators: ReadonlyMap<string, Bytes>;
  readonly logKey: string;
  readonly people: readonly SignedRow[];
  readonly remaining: readonly SignedRow[];
  readonly counted: number;
  readonly now: number;
};
export type EndAsk = {
  readonly body: string;
  readonly inbox: string;
  readonly grant: string;
  readonly person: string;
  readonly reason: EndReason;
  readonly remaining: readonly SignedRow[];
  readonly now: number;
};

/**
 * A witness of the policy: when it says that it co-signed, milliseconds; null when it did not, or (not `sound`) not
 * truly.
 */
export type WitnessView = {
  readonly name: string;
  readonly key: string;
  readonly at: number | null;
  readonly sound: boolean;
};
export type LogView = {
  readonly origin: string;
  readonly size: number;
  readonly witnesses: readonly WitnessView[] /** null where the policy asks for none */;
  readonly quorum: { readonly name: string; readonly reached: boolean } | null;
};
export type ReachAsk = {
  readonly body: string;
  readonly scope: ReachScope /** when it may have begun: readings are looked for from then on */;
  readonly from: number;
  readonly rows: readonly ReadingRow[];
  readonly incident: string /** how many acts of the incident the page shows */;
  readonly acts: number;
};
/**
 * `hidden`: acts of the incident that stand in the log and are not shown: somebody has shortened it. `looks` are those
 * that touched one of the letters.
 */
export type ReachAnswer = {
  readonly letters: readonly ReachedLetter[];
  readonly erased: number;
  readonly evidence: Evidence;
  readonly looks: readonly Look[];
  readonly coverage: Coverage;
  readonly hidden: number;
};
export type DocumentAsk = {
  readonly body: string;
  readonly incident: string;
  readonly sealed: Sealed;
  readonly release: string;
  readonly proof: string;
  readonly entry: Bytes;
  readonly personSalt: Bytes;
  readonly bytes: Bytes;
};

/**
 * An incident whose acts hold; `head` is where the next act stands, `waiting` how many are not under a signed
 * checkpoint yet.
 */
export type HeldIncident = {
  readonly state: IncidentState;
  readonly head: ActHead;
  readonly waiting: number /** by act: when a witness of the policy says that it co-signed the first checkpoint over it, milliseconds */;
  readonly witnessed: ReadonlyMap<number, { readonly name: string; readonly at: number }>;
};
/** An incident as far as it can be believed: `code` says why it is not shown. */
export type ReadIncident = {
  readonly incident: string;
  readonly held: HeldIncident | null;
  readonly code: Code | null;
};

export type Tasks = {
  /** Stretches the passphrase; the answer is the part that signs in. The part that unlocks stays. */
  stretch: {
    ask: { readonly installation: string; readonly account: string; readonly passphrase: string };
    answer: Bytes;
  };
  unlock: { ask: { readonly person: string; readonly sealedKeys: Bytes }; answer: null };
  /** Makes the unlocker of a passkey, out of what it answered, to `unlock` with. */
  touch: { ask: { readonly prf: Bytes }; answer: null };
  /** A copy of the visitor's keys for a new passkey. It counts when the passkey has opened it once (`proveCopy`). */
  makeCopy: { ask: { readonly prf: Bytes }; answer: SealedCopy };
  /**
   * Opens the new copy with what the passkey answered when it was asked again, and signs that it was added.
   * @throws `PASSKEY_PRF` when it does not open
   */
  proveCopy: {
    ask: { readonly body: string; readonly prf: Bytes; readonly credential: Bytes };
    answer: SignedEvent<"unlocker.added">;
  };
  /**
   * A copy of the visitor's keys for the new words that were just stretched, opened by them, and signed for. Of the words
   * the server is given `signInHash`, by which they sign in.
   */
  renew: {
    ask: { readonly body: string; readonly signInHash: Bytes };
    answer: { readonly copy: SealedCopy; readonly act: SignedEvent<"unlocker.added"> };
  };
  /** Seven new words, to be written down. */
  newPassphrase: { ask: null; answer: string };
  /**
   * New keys for somebody who joins, sealed to what the passphrase unlocks, and opened again by it; the hands hold them
   * from then on.
   */
  makeKeys: { ask: { readonly kind: KeyKind }; answer: MadeKeys };
  /** The six words of whoever joins, from the keys that are unlocked here. */
  ownWords: {
    ask: Pick<SignedRow, "role" | "name" | "email"> & { readonly nonce: Bytes; readonly body: string };
    answer: string;
  };
  /** The first statement of a body, by the keys that are unlocked here. `CHAIN_BROKEN` unless `root` is its hash. */
  draftFounding: {
    ask: Pick<SignedRow, "name" | "email" | "detailsSalt"> & {
      readonly installation: string;
      readonly body: string;
      readonly root: string;
      readonly at: number;
    };
    answer: Draft;
  };
  /** An owner begins to compare: `row` is what the server says of the person, and stays that. */
  beginWords: {
    ask: { readonly body: string; readonly row: SignedRow; readonly now: number };
    answer: { readonly nonce: Bytes; readonly until: number };
  };
  /** What the owner was told. Three tries in fifteen minutes, then `WORDS_OVER`. */
  tryWords: {
    ask: { readonly person: string; readonly typed: string; readonly now: number };
    answer: { readonly same: boolean; readonly left: number };
  };
  /** Confirms somebody whose words were just compared here. @throws `PERSON_UNCONFIRMED` when they were not */
  draftCompared: { ask: { readonly body: string; readonly person: string; readonly now: number }; answer: Draft };
  /** Seals what the person types to their own key, and opens it for them again. */
  sealOwn: { ask: { readonly text: string }; answer: Bytes };
  openOwn: { ask: { readonly sealed: Bytes }; answer: string };
  replay: {
    ask: {
      readonly installation: string;
      readonly body: string;
      readonly root: string;
      readonly statements: readonly SignedStatement[];
      readonly own: boolean;
    };
    answer: BodyState;
  };
  people: { ask: { readonly body: string; readonly rows: readonly SignedRow[] }; answer: readonly CheckedPerson[] };
  /** Takes the caller's wrapped keys of an inbox; answers the epochs that it can now open. */
  takeWraps: {
    ask: {
      readonly body: string;
      readonly inbox: string;
      readonly wraps: readonly { readonly epoch: number; readonly wrap: Bytes }[];
    };
    answer: readonly number[];
  };
  /** @throws `PROOF_INVALID`, `NOT_AS_RECEIVED` with the references of what is not what was received */
  openSlips: { ask: ListBytes; answer: Slips };
  /** `known`: how many entries of the log were read before it was asked for */
  openLetter: { ask: ReleaseBytes & { readonly submission: string; readonly known: number }; answer: Letter };
  /**
   * Seals a reply to a letter that was opened in this visit, to its writer and to the inbox, and signs the act that names
   * it. @throws `CASE_BROKEN`, `RECIPIENT_MISMATCH`, `ANSWERS_INVALID`
   */
  sealReply: {
    ask: {
      readonly body: string;
      readonly submission: string;
      readonly text: string;
      readonly epoch: number;
      readonly recipient: string;
    };
    answer: { readonly act: SignedEvent<"case.replied">; readonly bytes: Bytes };
  };
  /**
   * Signs any other act about a letter that was opened in this visit, and seals its note to the inbox.
   * @throws `CASE_BROKEN`, `CASE_CLOSED`, `CASE_OPEN`, `CASE_NOT_THEIRS`, `RECIPIENT_MISMATCH`, `ANSWERS_INVALID`
   */
  signCaseAct: {
    ask: {
      readonly body: string;
      readonly submission: string;
      readonly wish: Wish;
      readonly epoch: number;
      readonly recipient: string;
    };
    answer: { readonly act: SignedEvent<Wish["kind"]>; readonly bytes: Bytes | null; readonly to: To | null };
  };
  draftGrant: { ask: GrantAsk; answer: Draft & { readonly grant: string } };
  draftEnd: { ask: EndAsk; answer: Draft };
  /** Lets a person out, with the next key of every inbox that they hold. @param people everybody at the body */
  draftLeave: {
    ask: {
      readonly body: string;
      readonly person: string;
      readonly reason: EndReason;
      readonly people: readonly SignedRow[];
      readonly now: number;
    };
    answer: Draft;
  };
  /**
   * What a log, of the host or of a body, must prove: that it extends everything that this browser has seen, and every checkpoint of these
   * proofs.
   */
  seen: {
    ask: { readonly whose: Whose; readonly kept: Seen | null; readonly proofs: readonly string[] };
    answer: readonly SeenSize[];
  };
  /** Verifies the answer; null when nothing is signed yet and nothing was seen. */
  audit: {
    ask: {
      readonly whose: Whose;
      readonly kept: Seen | null;
      readonly proofs: readonly string[];
      /** of the host's log, from the page's setup */
      readonly hostKey: string;
      readonly shown: readonly ShownLog[];
    };
    answer: Seen | null;
  };
  /** The key of the log that a proof is under. @throws `LOG_REFUSED` for a log that is none of this installation's */
  keyUnder: { ask: { readonly whose: Whose; readonly proof: string }; answer: string };
  /** The log as last verified in this visit. */
  log: { ask: { readonly whose: Whose; readonly policy: string | null }; answer: LogView | null };
  /**
   * Verifies what the server says of incidents: every act signed by a person of the body, and proved to stand in the
   * log.
   */
  readIncidents: {
    ask: {
      readonly body: string;
      readonly logKey: string;
      readonly policy: string | null;
      readonly incidents: readonly { readonly incident: string; readonly acts: readonly StoredAct[] }[];
    };
    answer: readonly ReadIncident[];
  };
  /**
   * Which bundles of entries are to be read: what this visit has read before is not read again, except by a reader who
   * may read more by now than then. `anew`: nor by whom entries were withheld, whatever the statements say.
   */
  entriesToRead: { ask: { readonly body: string; readonly anew: boolean }; answer: readonly EntriesToRead[] };
  /** The next bundles of one log, in their order. Answers how many entries of it are read by now. */
  readEntries: {
    ask: { readonly body: string; readonly nth: number; readonly bundles: readonly Bytes[] };
    answer: number;
  };
  /**
   * Believes the entries, if they are what the audited checkpoints sign.
   * @throws `LOG_REFUSED`; then nothing that was read is kept
   */
  entriesRead: { ask: { readonly body: string }; answer: Coverage };
  /** When a letter was received, by the log, milliseconds; null where the log says nothing of it. */
  whenReceived: {
    ask: { readonly body: string; readonly inbox: string; readonly submission: string };
    answer: number | null;
  };
  whoWasReached: { ask: ReachAsk; answer: ReachAnswer };
  /** The writers of released letters, as people to be told. */
  openPeople: { ask: ReleaseBytes & { readonly submissions: readonly string[] }; answer: Writers };
  /** A new inbox for an incident's documents, held by these owners. */
  draftDocumentInbox: {
    ask: {
      readonly body: string;
      readonly incident: string;
      readonly holders: readonly SignedRow[];
      readonly now: number;
    };
    answer: Draft;
  };
  /** Seals content to the incident's inbox, and signs the act that names it. */
  sealDocument: {
    ask: {
      readonly head: ActHead;
      readonly what: DocumentKind;
      readonly content: Bytes;
      readonly count: number;
      readonly epoch: number;
      readonly recipient: string;
    };
    answer: { readonly document: string; readonly act: SignedAct; readonly bytes: Bytes };
  };
  openDocument: { ask: DocumentAsk; answer: Bytes };
  /** Another system's files: read here, and sent nowhere. */
  readLog: { ask: { readonly files: readonly File[]; readonly question: LogAsk }; answer: Readable<LogJudged> };
  readTable: { ask: { readonly file: File }; answer: Readable<TableRead> };
  joinTable: {
    ask: { readonly file: File; readonly columns: Columns; readonly repeated: Suggestion["repeated"] };
    answer: Readable<TableJoined>;
  };
  /** Joined anew, with those apart whom somebody took out of a join. */
  joinAgain: { ask: { readonly entries: readonly Entry[]; readonly parted: ReadonlySet<string> }; answer: Joined };
  settleList: {
    ask: {
      readonly entries: readonly Entry[];
      readonly joined: Joined;
      readonly decisions: ReadonlyMap<string, Decision>;
    };
    answer: Settled;
  };
  /** Since when the mailroom runs. @throws `MAILROOM_KEY`, `MAILROOM_OLD` */
  mailroom: {
    ask: {
      readonly installation: string;
      readonly mailKey: string;
      readonly mailroom: SignedMailroomKey;
      readonly now: number;
    };
    answer: { readonly start: string; readonly at: number };
  };
  sealMessages: {
    ask: {
      readonly installation: string;
      readonly mailKey: string;
      readonly mailroom: SignedMailroomKey;
      readonly now: number;
      readonly template: MessageTemplate;
      readonly messages: readonly { readonly person: AffectedPerson; readonly to: string; readonly delivery: string }[];
    };
    answer: readonly MessageTo[];
  };
  /** Signs something that the visitor does, with their name as a commitment and their role. */
  sign: { ask: { readonly fields: ToSay<PlainKind> }; answer: SignedEvent<PlainKind> };
  signAct: { ask: { readonly head: ActHead; readonly fields: ActFields; readonly texts: Texts }; answer: SignedAct };
};

/** A copy of a person's keys, sealed to one unlocker; of what it is sealed to, others have the hash alone. */
export type SealedCopy = { readonly unlocker: string; readonly recipientHash: Bytes; readonly sealedKeys: Bytes };

/** A person's keys as others may have them: what is public, and the rest sealed to the person's first unlocker. */
export type MadeKeys = {
  readonly person: string;
  readonly recipient: string;
  readonly signingKey: Bytes;
  readonly copy: SealedCopy;
};

/**
 * What hands at a desk do beside that. No screen asks for it, so the worker of a browser cannot: there, nobody is let in
 * without six words. A page that was taken over can compute those by itself (T3).
 */
export type DeskTasks = {
  /** The first statement of a body: its first owner, by themselves. */
  draftRoot: {
    ask: { readonly installation: string; readonly body: string; readonly owner: NewPerson; readonly now: number };
    answer: SignedStatement;
  };
  /** Confirms those of these people who are not confirmed yet; no statements when all are. */
  draftPeople: {
    ask: { readonly body: string; readonly people: readonly NewPerson[]; readonly now: number };
    answer: Draft;
  };
  /** A new inbox for a form, held by these owners. */
  draftInbox: {
    ask: { readonly body: string; readonly holders: readonly SignedRow[]; readonly now: number };
    answer: Draft & { readonly inbox: string };
  };
  draftForm: {
    ask: { readonly body: string; readonly form: FormAct; readonly now: number };
    answer: Draft;
  };
};

/** What was read and judged, or every sentence that says what to mend. */
export type Readable<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problems: readonly string[] };
export type LogJudged = { readonly reading: LogReading; readonly verdict: Verdict };
export type TableRead = {
  readonly encoding: string;
  readonly header: readonly string[];
  readonly rows: number;
  readonly empty: number;
  readonly sample: readonly (readonly string[])[];
} & Pick<Suggestion, "columns" | "repeated">;
export type TableJoined = {
  readonly entries: readonly Entry[] /** of an entry, where it stands in the file */;
  readonly lines: ReadonlyMap<string, number>;
  readonly notes: readonly Note[] /** to be looked at before anybody is written to; [] where the encoding is certain */;
  readonly toRead: readonly TextLine[];
  readonly joined: Joined;
};

export type Name = keyof Tasks;
export type Asked<N extends Name = Name> = {
  [K in N]: { readonly turn: number; readonly name: K; readonly ask: Tasks[K]["ask"] };
}[N];
export type Answered =
  | { readonly turn: number; readonly progress: { readonly done: number; readonly total: number } }
  | { readonly turn: number; readonly answer: unknown }
  | { readonly turn: number; readonly code: Code; readonly detail: string };
