/**
 * An incident: what its acts say, in order. One total function judges whether an act may come next; one adds it.
 * Nothing is overwritten: the newest window, assessment and decision stand, the earlier ones stay.
 */
import { ALLOWED, Fault, refused, type Decision } from "../problem.ts";
import type { ActEvent, ActKind } from "./act.ts";
import {
  AWARE_BASES,
  INCIDENT_KINDS,
  known,
  DOCUMENTS,
  PARTIES,
  SOURCES,
  STAGES,
  type AwareBasis,
  type IncidentKind,
  type DocumentKind,
  type Party,
  type Source,
  type Stage,
} from "./codes.ts";
import { decisionOf, type Decided } from "./decision.ts";
import { firstSent, followedOf, mayFollow, type Followed } from "./follow-up.ts";
import { mayNotice, noticeOf, type NoticeStated } from "./notice.ts";
import { mayReport, reportedOf, type Reported } from "./reported.ts";
import { assessmentOf, type Assessment } from "./severity.ts";
import type { Act } from "./verify.ts";
import { windowOf, type Window } from "./window.ts";

/**
 * What every record keeps of its act: who, when by the server's clock, in which words, under which entry of the log.
 */
export type Recorded<T> = T & {
  readonly seq: number;
  readonly recordedAt: number;
  readonly person: string;
  readonly words: Readonly<Record<string, string>>;
  readonly leaf: number | null;
  readonly signedAt: number | null;
};

/** `awareAt` is what somebody says. */
export type Aware = { readonly party: Party; readonly awareAt: number; readonly basis: AwareBasis };
export type Opened = { readonly what: IncidentKind; readonly source: Source; readonly sourceId: string | null };
export type Moved = { readonly from: Stage; readonly to: Stage };
/** Something that was sealed to the incident's own inbox; `digest` is of the sealed bytes. */
export type Sealed = {
  readonly document: string;
  readonly what: DocumentKind;
  readonly epoch: number;
  readonly digest: string;
  readonly size: number;
  readonly count: number;
};
export type Packed = { readonly pack: string; readonly content: string; readonly count: number };

export type IncidentState = {
  readonly incident: string;
  readonly body: string;
  readonly opened: Recorded<Opened>;
  readonly stage: Stage;
  readonly awareness: readonly Recorded<Aware>[];
  readonly windows: readonly Recorded<Window>[];
  readonly assessments: readonly Recorded<Assessment>[];
  readonly decisions: readonly Recorded<Decided>[];
  readonly moves: readonly Recorded<Moved>[];
  readonly documents: readonly Recorded<Sealed>[];
  readonly reports: readonly Recorded<Reported>[];
  readonly followed: readonly Recorded<Followed>[];
  readonly notices: readonly Recorded<NoticeStated>[];
  readonly packs: readonly Recorded<Packed>[];
  readonly acts: readonly Act[];
};

/**
 * Whether an act may be recorded after the work was closed or dismissed, when only the story may still be mended and
 * the work begun again.
 */
const AFTER_THE_END: { readonly [K in ActKind]: boolean } = {
  "incident.opened": false,
  "incident.aware": true,
  "incident.window": false,
  "incident.moved": true,
  "incident.assessed": false,
  "incident.sealed": true,
  "incident.decided": false,
  "incident.reported": true,
  "incident.followed": true,
  "incident.notice": true,
  "incident.packed": true,
};
const OVER: readonly Stage[] = ["closed", "dismissed"];

/** Where the work may go from where it stands. */
export const MOVES: { readonly [from in Stage]: readonly Stage[] } = {
  open: ["contained", "dismissed"],
  contained: ["answered", "open", "dismissed"],
  answered: ["closed", "contained"],
  closed: ["answered"],
  dismissed: ["open"],
};

/** A clock that is a little ahead is no lie. */
const TOLERANCE_MS = 5 * 60_000;

/** What a move still lacks, if anything. */
export type Lack = "end" | "decisions" | "assessment" | "words";
export function lacksFor(state: IncidentState, to: Stage, words: boolean): readonly Lack[] {
  const lacks: Lack[] = [];
  if (to === "contained" && state.windows.at(-1)?.end === undefined) lacks.push("end");
  if (to === "answered" && !(standing(state, "regulator") && standing(state, "people"))) lacks.push("decisions");
  if (to === "closed" && state.assessments.length === 0) lacks.push("assessment");
  if (to === "dismissed" && !words) lacks.push("words");
  return lacks;
}

/** The decision that stands on a question. */
export const standing = (state: IncidentState, about: Decided["about"]): Recorded<Decided> | undefined =>
  state.decisions.findLast((one) => one.about === about);

/** Whether an act may come next, at the server's time `at`. Total: every act in every state is allowed, or refused. */
export function judge(state: IncidentState | null, event: ActEvent, at: number): Decision {
  if (state === null) return event.kind === "incident.opened" && reads(event, at) ? ALLOWED : refused("INCIDENT_RULE");
  if (event.kind === "incident.opened") return refused("INCIDENT_RULE");
  if (OVER.includes(state.stage) && !AFTER_THE_END[event.kind]) return refused("INCIDENT_RULE");
  if (event.kind === "incident.moved") {
    const to = known(STAGES, event.to);
    const may =
      to !== undefined &&
      event.from === state.stage &&
      MOVES[state.stage].includes(to) &&
      lacksFor(state, to, event.words !== undefined).length === 0;
    return may ? ALLOWED : refused("INCIDENT_RULE");
  }
  return reads(event, at) && follows(state, event) ? ALLOWED : refused("INCIDENT_RULE");
}

/** Whether what counts on what was there before does so: versions, revisions, a notice. */
function follows(state: IncidentState, event: ActEvent): boolean {
  switch (event.kind) {
    case "incident.reported":
      return mayReport(state.reports, firstSent(state.followed), reportedOf(event)!);
    case "incident.followed":
      return mayFollow(state.followed, followedOf(event)!);
    case "incident.sealed":
      return state.documents.every(({ document }) => document !== event.document);
    case "incident.notice":
      return mayNotice(state.notices, noticeOf(event)!);
    default:
      return true;
  }
}

/**
 * Whether what an act says can be read by itself: known codes, times in order and none in the future, words where they
 * are due.
 */
function reads(event: ActEvent, at: number): boolean {
  switch (event.kind) {
    case "incident.opened":
      return openedOf(event) !== null && event.words !== undefined;
    case "incident.aware":
      return awareOf(event) !== null && event.awareAt <= at + TOLERANCE_MS;
    case "incident.window":
      return windowOf(event, at + TOLERANCE_MS) !== null && event.words !== undefined;
    case "incident.assessed":
      return assessmentOf(event) !== null;
    case "incident.decided":
      return decisionOf(event) !== null && event.words !== undefined;
    case "incident.moved":
      return movedOf(event) !== null;
    case "incident.sealed":
      return sealedOf(event) !== null;
    case "incident.reported":
      return reportedOf(event) !== null;
    case "incident.followed":
      // What has happened has happened: only a deadline lies ahead.
      return followedOf(event) !== null && Math.max(event.on, event.done ?? 0) <= at + TOLERANCE_MS;
    case "incident.notice":
      return noticeOf(event) !== null;
    case "incident.packed":
      return true;
  }
}

type Of<K extends ActKind> = Extract<ActEvent, { kind: K }>;

function openedOf(event: Of<"incident.opened">): Opened | null {
  const [what, source] = [known(INCIDENT_KINDS, event.what), known(SOURCES, event.source)];
  if (!what || !source || (source === "none") !== (event.sourceId === undefined)) return null;
  return { what, source, sourceId: event.sourceId ?? null };
}

function awareOf({ party, basis, awareAt }: Of<"incident.aware">): Aware | null {
  const [who, by] = [known(PARTIES, party), known(AWARE_BASES, basis)];
  // The host cannot be told by itself.
  if (!who || !by || (who === "processor" && by === "processor-told")) return null;
  return { party: who, basis: by, awareAt };
}

function movedOf(event: Of<"incident.moved">): Moved | null {
  const [from, to] = [known(STAGES, event.from), known(STAGES, event.to)];
  return from && to ? { from, to } : null;
}

function sealedOf({ document, what, epoch, digest, size, count }: Of<"incident.sealed">): Sealed | null {
  const sealed = known(DOCUMENTS, what);
  return sealed ? { document, what: sealed, epoch, digest, size, count } : null;
}

/**
 * The state after an act.
 * @throws `INCIDENT_BROKEN` for one that may not come next: it was not written by this program
 */
export function addAct(state: IncidentState | null, act: Act): IncidentState {
  const { event, at, person, texts: words, leaf, signedAt } = act;
  if (!judge(state, event, at).ok) throw new Fault("INCIDENT_BROKEN", `act ${event.seq}: it may not come here`);
  const recorded = <T>(what: T | null): Recorded<T> => ({
    ...what!,
    seq: event.seq,
    recordedAt: at,
    person,
    words,
    leaf,
    signedAt,
  });
  if (event.kind === "incident.opened") {
    return {
      incident: event.incident,
      body: event.body,
      opened: recorded(openedOf(event)),
      stage: "open",
      awareness: [],
      windows: [],
      assessments: [],
      decisions: [],
      moves: [],
      documents: [],
      reports: [],
      followed: [],
      notices: [],
      packs: [],
      acts: [act],
    };
  }
  const next = { ...state!, acts: [...state!.acts, act] };
  switch (event.kind) {
    case "incident.aware":
      return { ...next, awareness: [...next.awareness, recorded(awareOf(event))] };
    case "incident.window":
      return { ...next, windows: [...next.windows, recorded(windowOf(event, at + TOLERANCE_MS))] };
    case "incident.assessed":
      return { ...next, assessments: [...next.assessments, recorded(assessmentOf(event))] };
    case "incident.decided":
      return { ...next, decisions: [...next.decisions, recorded(decisionOf(event))] };
    case "incident.moved":
      return { ...next, stage: movedOf(event)!.to, moves: [...next.moves, recorded(movedOf(event))] };
    case "incident.sealed":
      return { ...next, documents: [...next.documents, recorded(sealedOf(event))] };
    case "incident.reported":
      return { ...next, reports: [...next.reports, recorded(reportedOf(event))] };
    case "incident.followed":
      return { ...next, followed: [...next.followed, recorded(followedOf(event))] };
    case "incident.notice":
      return { ...next, notices: [...next.notices, recorded(noticeOf(event))] };
    case "incident.packed":
      return {
        ...next,
        packs: [...next.packs, recorded({ pack: event.pack, content: event.content, count: event.count })],
      };
  }
}

/** The incident that verified acts make. @throws `INCIDENT_UNKNOWN` when there is none, `INCIDENT_BROKEN` */
export function incidentOf(acts: readonly Act[]): IncidentState {
  const state = acts.reduce<IncidentState | null>(addAct, null);
  if (state === null) throw new Fault("INCIDENT_UNKNOWN");
  return state;
}
