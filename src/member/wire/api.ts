/**
 * Every request that a member makes, in one place. What goes out and what comes back is written and read by the
 * contract; what the server refuses becomes a `Fault` with a code from the closed list.
 */
import type { To, Wish } from "../hands/tasks.ts";
import * as cases from "../../contract/cases.ts";
import * as erasure from "../../contract/erasure.ts";
import * as filings from "../../contract/filings.ts";
import * as grants from "../../contract/grants.ts";
import * as incidents from "../../contract/incidents.ts";
import * as log from "../../contract/log.ts";
import * as messages from "../../contract/messages.ts";
import * as people from "../../contract/people.ts";
import * as reading from "../../contract/reading.ts";
import { answerOf, isLater, requestOf, type Method, type Route } from "../../contract/route.ts";
import * as session from "../../contract/session.ts";
import type { Fields, Value, Values } from "../../contract/shape.ts";
import * as statements from "../../contract/statements.ts";
import * as totp from "../../contract/totp.ts";
import * as unlockers from "../../contract/unlockers.ts";
import * as watch from "../../contract/watch.ts";
import { fromHex, fromUtf8, type Bytes } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import type { Form } from "../../domain/form/form.ts";
import type { SignedAct } from "../../domain/incident/act.ts";
import type { SignedEvent } from "../../domain/log/act.ts";
import { HOST, type Whose } from "../../domain/log/names.ts";
import { entriesPath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";

/** How often a release is asked for before the log counts as not signed in time. */
const TURNS = 8;
/** A pack waits for proofs of everything in it: longer, and asked again after a pause, milliseconds. */
const PACK_TURNS = 32;
const PAUSE = 250;

/** One request, and what came back. @throws Unreachable when nothing did */
export type Send = (request: {
  readonly method: Method;
  readonly path: string;
  /** JSON */
  readonly body: string | null;
}) => Promise<{ readonly status: number; readonly bytes: Bytes }>;

export type ListAsk = {
  readonly inbox: string;
  readonly purpose: "list";
  readonly since?: number;
  readonly before?: number;
};
export type OpenAsk = { readonly inbox: string; readonly purpose: "open"; readonly submissions: readonly string[] };
type Released = reading.Released & { readonly release: string };
type Document = Value<typeof incidents.document> & { readonly release: string };

const bundleAt = (index: number, width: number) => ({
  "*": entriesPath(index, width).replace(/^tile\/entries\//, ""),
});

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list: every request that a member can make.
export function makeApi(send: Send) {
  type Sent = { readonly status: number; readonly bytes: Bytes };
  const asked = <P extends Fields, Q extends Fields, R, A>(
    route: Route<P, Q, R, A>,
    params: Values<P>,
    content: R,
    query?: Values<Q>,
  ): Promise<Sent> => {
    const { method, path, body } = requestOf(route, params, content, query);
    return send({ method, path, body: body === null || typeof body === "string" ? body : fromUtf8(body) });
  };
  const ask = async <P extends Fields, Q extends Fields, R, A>(
    route: Route<P, Q, R, A>,
    params: Values<P>,
    content: R,
    query?: Values<Q>,
  ): Promise<A> => {
    const { status, bytes } = await asked(route, params, content, query);
    return answerOf(route, status, bytes);
  };
  /** Asks until a signed checkpoint covers it. @throws `LOG_NOT_SIGNED` */
  async function collect<P extends Fields, Q extends Fields, A>(
    route: Route<P, Q, void, A>,
    params: Values<P>,
    turns = TURNS,
    pause = 0,
  ): Promise<A> {
    for (let turn = 0; turn < turns; turn++) {
      const { status, bytes } = await asked(route, params, undefined);
      if (!isLater(route, status)) return answerOf(route, status, bytes);
      if (pause > 0) await new Promise((later) => setTimeout(later, pause));
    }
    throw new Fault("LOG_NOT_SIGNED");
  }
  const fetched = async (release: string): Promise<Released> => ({
    ...(await collect(reading.fetchRelease, { release })),
    release,
  });

  return {
    /** @param code beside the words, where it was asked for */
    signIn: (account: string, signIn: Bytes, code: string | null = null): Promise<session.Entered> =>
      ask(session.startSession, {}, { account, signIn, ...(code !== null && { code }) }),
    signOut: (): Promise<void> => ask(session.endSession, {}, undefined),
    sessions: async (): Promise<readonly session.Running[]> => (await ask(session.ownSessions, {}, undefined)).sessions,
    endSession: (one: string): Promise<void> => ask(session.endOwnSession, { session: one }, undefined),
    me: async (): Promise<session.Me> => (await ask(session.ownAccount, {}, undefined)).me,

    unlockers: async (): Promise<readonly unlockers.Unlocker[]> =>
      (await ask(unlockers.ownUnlockers, {}, undefined)).unlockers,
    totp: async (): Promise<totp.Totp | null> => (await ask(totp.ownTotp, {}, undefined)).totp,
    beginTotp: (): Promise<totp.BegunTotp> => ask(totp.beginTotp, {}, undefined),
    /** @returns the recovery codes */
    turnTotpOn: async (given: { readonly act: SignedEvent<"totp.on">; readonly code: string }) =>
      (await ask(totp.turnTotpOn, {}, given)).recovery,
    turnTotpOff: (given: { readonly act: SignedEvent<"totp.off">; readonly code: string }): Promise<void> =>
      ask(totp.turnTotpOff, {}, given),
    beginPasskey: () => ask(unlockers.beginPasskey, {}, undefined),
    addPasskey: (adding: unlockers.Adding): Promise<void> => ask(unlockers.addPasskey, {}, adding),
    renewPassphrase: (renewing: unlockers.Renewing): Promise<void> => ask(unlockers.renewPassphrase, {}, renewing),
    removeUnlocker: (unlocker: string, act: SignedEvent<"unlocker.removed">): Promise<void> =>
      ask(unlockers.removeUnlocker, { unlocker }, { act }),
    beginPasskeySignIn: async (): Promise<Bytes> => (await ask(unlockers.beginPasskeySignIn, {}, undefined)).challenge,
    signInByPasskey: (shown: unlockers.ShownPasskey): Promise<session.Entered> =>
      ask(unlockers.signInByPasskey, {}, shown),

    bodies: async (): Promise<readonly session.Body[]> => (await ask(people.listBodies, {}, undefined)).bodies,
    people: async (body: string): Promise<readonly people.PersonRow[]> =>
      (await ask(people.listPeople, { body }, undefined)).people,
    invite: (body: string, person: Omit<people.Invited, "body">): Promise<void> =>
      ask(people.invite, {}, { body, ...person }),
    invitations: async (body: string): Promise<readonly people.Invitation[]> =>
      (await ask(people.listInvitations, { body }, undefined)).invitations,
    withdrawInvitation: (body: string, invitation: string, act: SignedEvent<"invitation.withdrawn">): Promise<void> =>
      ask(people.withdrawInvitation, { body, invitation }, { act }),
    turnAway: (body: string, person: string, act: SignedEvent<"person.refused">): Promise<void> =>
      ask(people.turnAway, { body, person }, { act }),
    /** Whom a link invites. @param token the secret of the link, hex */
    invitation: (token: string) => ask(people.lookAtInvitation, {}, { token: fromHex(token) }),
    beginComparing: (body: string, person: string, nonce: Bytes): Promise<void> =>
      ask(people.beginComparing, { body, person }, { nonce }),
    comparison: async () => (await ask(people.ownComparison, {}, undefined)).comparison,
    founding: async () => (await ask(people.ownComparison, {}, undefined)).founding,
    /** @param token the secret of the link, hex */
    join: (token: string, newcomer: people.Newcomer): Promise<void> =>
      ask(people.join, {}, { token: fromHex(token), ...newcomer }),

    chain: async (body: string) => (await ask(statements.readChain, { body }, undefined)).statements,
    inboxes: async (body: string): Promise<readonly statements.Inbox[]> =>
      (await ask(statements.listInboxes, { body }, undefined)).inboxes,
    wraps: async (body: string, inbox: string): Promise<readonly statements.Wrap[]> =>
      (await ask(statements.ownWraps, { body, inbox }, undefined)).wraps,
    /** The canonical text of a form version; its hash is compared by whoever holds the keys. */
    form: async (body: string, hash: string): Promise<string> =>
      fromUtf8(await ask(statements.readForm, { body, hash }, undefined)),
    /** Stores a version; nobody sees it until it is published. @returns its hash, hex */
    addForm: async (body: string, form: Form): Promise<string> =>
      (await ask(statements.addForm, { body }, form)).formHash,
    post: (body: string, posting: statements.Posting): Promise<void> =>
      ask(statements.postStatements, { body }, posting),

    requests: async (body: string): Promise<readonly grants.Request[]> =>
      (await ask(grants.listRequests, { body }, undefined)).requests,
    askFor: (body: string, asking: grants.Asking): Promise<void> => ask(grants.askToRead, { body }, asking),
    decline: (
      body: string,
      request: string,
      refusal: { readonly act: SignedEvent<"request.declined">; readonly reason: string; readonly salt: Bytes },
    ): Promise<void> => ask(grants.declineRequest, { body, request }, refusal),
    withdraw: (body: string, request: string, act: SignedEvent<"request.withdrawn">): Promise<void> =>
      ask(grants.withdrawRequest, { body, request }, { act }),

    erasures: async (body: string): Promise<readonly erasure.Erasure[]> =>
      (await ask(erasure.listErasures, { body }, undefined)).erasures,
    erase: (body: string, one: string, act: SignedEvent<"erasure.done">): Promise<void> =>
      ask(erasure.grantErasure, { body, erasure: one }, { act }),
    refuseErasure: (
      body: string,
      one: string,
      refusal: { readonly act: SignedEvent<"erasure.refused">; readonly words: string; readonly salt: Bytes },
    ): Promise<void> => ask(erasure.refuseErasure, { body, erasure: one }, refusal),
    due: async (body: string): Promise<readonly erasure.Due[]> => (await ask(erasure.listDue, { body }, undefined)).due,
    eraseDue: (body: string, acts: readonly SignedEvent<"erasure.done">[]): Promise<void> =>
      ask(erasure.eraseDue, { body }, { acts }),
    /** The file of a certificate. @throws `ERASURE_UNKNOWN`, `LOG_NOT_SIGNED` */
    certificate: (body: string, one: string): Promise<string> =>
      ask(erasure.readCertificate, { body, erasure: one }, undefined),

    /** One release: the event first, the bytes once the log is signed over it. */
    release: async (body: string, wanted: ListAsk | OpenAsk): Promise<Released> => {
      const release = newId();
      await ask(reading.beginRelease, { body }, { ...wanted, release });
      return fetched(release);
    },
    opened: (release: string): Promise<void> => ask(reading.noteOpened, { release }, undefined),

    /** A sealed reply beside the act that names it. */
    sendReply: (body: string, letter: string, act: SignedEvent<"case.replied">, bytes: Bytes): Promise<void> =>
      ask(cases.sendReply, { body, case: letter }, { act, bytes }),

    /** Any other act, with the note that it names or what opens to whom it gives the letter. */
    actOnCase: (
      body: string,
      letter: string,
      act: SignedEvent<Wish["kind"]>,
      bytes: Bytes | null,
      to: To | null,
    ): Promise<void> => ask(cases.actOnCase, { body, case: letter }, { act, bytes, to }),

    /** A log as it is now, with proofs that it extends what was seen. */
    audit: async (whose: Whose, seen: readonly log.SeenSize[]) =>
      whose === HOST
        ? (await ask(log.auditLog, {}, undefined, { seen })).logs
        : (await ask(log.auditBodyLog, { body: whose }, undefined, { seen })).logs,
    log: (body: string, before: number | null, kind: string): Promise<log.LogPage> =>
      ask(log.readHistory, { body }, undefined, {
        ...(before === null ? {} : { before }),
        ...(kind === "" ? {} : { kind }),
      }),
    /** The bytes of one bundle of entries of a body's log. @param nth which of them, counted from 0 */
    entries: (body: string, nth: number, index: number, width: number): Promise<Bytes> =>
      nth === 0
        ? ask(log.readBodyEntries, { body, ...bundleAt(index, width) }, undefined)
        : ask(log.readBodyEntriesOf, { body, log: String(nth), ...bundleAt(index, width) }, undefined),
    /** The same for somebody who may read letters and not the log: what is of no letter of theirs is its leaf alone. */
    letterEntries: (body: string, nth: number, index: number, width: number): Promise<Bytes> =>
      ask(log.readLetterEntries, { body, log: String(nth), ...bundleAt(index, width) }, undefined),

    incidents: async (body: string): Promise<readonly incidents.StoredIncident[]> =>
      (await ask(incidents.listIncidents, { body }, undefined)).incidents,
    cameBack: async (body: string): Promise<readonly { readonly incident: string; readonly count: number }[]> =>
      (await ask(incidents.listIncidents, { body }, undefined)).cameBack,
    incident: (body: string, incident: string): Promise<incidents.StoredIncident> =>
      ask(incidents.readIncident, { body, incident }, undefined),
    openIncident: (body: string, act: SignedAct): Promise<void> => ask(incidents.openIncident, { body }, act),
    recordAct: (body: string, incident: string, act: SignedAct): Promise<void> =>
      ask(incidents.recordAct, { body, incident }, act),
    /** Sealed bytes beside the act that names them. */
    sealDocument: (body: string, incident: string, act: SignedAct, bytes: Bytes): Promise<void> =>
      ask(incidents.sealDocument, { body, incident }, { act, bytes }),
    /** One release of a document: the event first, the bytes once the log is signed over it. */
    releaseDocument: async (body: string, incident: string, document: string): Promise<Document> => {
      const release = newId();
      await ask(incidents.beginDocumentRelease, { body, incident, document }, { release });
      return { ...(await collect(incidents.fetchDocumentRelease, { body, incident, release })), release };
    },
    /** Letters of one inbox, at most a hundred, to find out who is affected: one event. */
    releaseAffected: async (
      body: string,
      incident: string,
      inbox: string,
      submissions: readonly string[],
    ): Promise<Released> => {
      const release = newId();
      await ask(incidents.beginAffectedRelease, { body, incident }, { release, inbox, submissions });
      return fetched(release);
    },
    readings: async (body: string, incident: string, inbox: string) =>
      (await ask(incidents.listReadings, { body, incident, inbox }, undefined)).readings,

    /** What is written about an incident beside its acts. */
    filings: (body: string, incident: string): Promise<filings.Filings> =>
      ask(filings.readFilings, { body, incident }, undefined),
    typeAnswer: (body: string, incident: string, field: string, value: unknown): Promise<void> =>
      ask(filings.typeAnswer, { body, incident }, { field, value }),
    makeVersion: (
      body: string,
      incident: string,
      version: { readonly act: SignedAct; readonly content: string; readonly salt: Bytes },
    ): Promise<void> => ask(filings.makeVersion, { body, incident }, version),
    followUp: (body: string, incident: string, act: SignedAct): Promise<void> =>
      ask(filings.followUp, { body, incident }, act),
    notice: (body: string, incident: string, act: SignedAct): Promise<void> =>
      ask(filings.giveNotice, { body, incident }, act),
    preparePack: (body: string, incident: string): Promise<filings.PreparedPack> =>
      ask(filings.preparePack, { body, incident }, undefined),
    makePack: (body: string, incident: string, act: SignedAct): Promise<void> =>
      ask(filings.makePack, { body, incident }, act),
    /** The file of a pack, once the log covers it. @throws `LOG_NOT_SIGNED` */
    packFile: async (body: string, incident: string, pack: string): Promise<unknown> =>
      parseJson(fromUtf8(await collect(filings.readPack, { body, incident, pack }, PACK_TURNS, PAUSE))),
    register: async (body: string): Promise<readonly filings.RegisterAnswer[]> =>
      (await ask(filings.readRegister, { body }, undefined)).answers,

    watch: (): Promise<watch.WatchState> => ask(watch.readWatch, {}, undefined),
    findings: async (body: string): Promise<readonly watch.Finding[]> =>
      (await ask(watch.listFindings, { body }, undefined)).findings,
    finding: (body: string, finding: string): Promise<watch.Finding> =>
      ask(watch.readFinding, { body, finding }, undefined),
    markers: async (body: string) => (await ask(watch.listMarkers, { body }, undefined)).markers,

    mailroom: (body: string) => ask(messages.readMailroom, { body }, undefined),
    messages: (body: string, incident: string): Promise<messages.Messages> =>
      ask(messages.readMessages, { body, incident }, undefined),
    /** How many were taken in; the rest had been handed in before. */
    handIn: async (body: string, incident: string, given: messages.HandedIn): Promise<number> =>
      (await ask(messages.handIn, { body, incident }, given)).stored,
    hold: (body: string, incident: string, act: SignedEvent<"messages.paused">): Promise<void> =>
      ask(messages.hold, { body, incident }, { act }),
    resume: (body: string, incident: string, act: SignedEvent<"messages.resumed">): Promise<void> =>
      ask(messages.resume, { body, incident }, { act }),
    decideDelivery: (
      body: string,
      incident: string,
      delivery: string,
      act: SignedEvent<"delivery.decided">,
    ): Promise<void> => ask(messages.decideDelivery, { body, incident, delivery }, { act }),
    judgeReturned: (
      body: string,
      incident: string,
      document: string,
      act: SignedEvent<"delivery.decided">,
    ): Promise<void> => ask(messages.judgeReturned, { body, incident, document }, { act }),
    posted: (body: string, incident: string, posted: messages.Posted): Promise<void> =>
      ask(messages.notePosted, { body, incident }, posted),
    noteCall: (body: string, incident: string, call: messages.Noted): Promise<void> =>
      ask(messages.noteCall, { body, incident }, call),
  };
}
export type Api = ReturnType<typeof makeApi>;
