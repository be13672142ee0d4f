/**
 * Every request that the staff app makes, in one place. What arrives is parsed before anybody sees it;
 * what the server refuses becomes a `Fault` with a code from the closed list.
 */
import { fromUtf8, toBase64, type Bytes } from "../../domain/bytes.ts";
import { canonicalJson, parseJson } from "../../domain/canonical.ts";
import { formHash, type Form } from "../../domain/form/form.ts";
import { Fault, SENTENCES, type Code } from "../../domain/problem.ts";
import type { SignedAct } from "../../domain/incident/act.ts";
import { newId } from "../../domain/seal/random.ts";
import type { SeenSize } from "../hands/tasks.ts";
import { field, id, list, listOf, text, whole, type Parse } from "./shape.ts";
import * as wire from "./answers.ts";
import { letters, mailroom, type Letters, type MailroomAnswer } from "./messages.ts";

/** How often a release is asked for before the log counts as not signed in time. */
const TURNS = 8;

type Method = "GET" | "POST" | "DELETE";
type Answer = { readonly status: number; readonly value: unknown };

/** Bytes travel as base64. */
const carried = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? toBase64(value) : value);

function codeIn(value: unknown): Code {
  const code = typeof value === "object" && value !== null && "code" in value ? value.code : "";
  return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : "UNAVAILABLE";
}

/** One request, and what came back. @throws Unreachable when nothing did */
export type Send = (request: {
  readonly method: Method;
  readonly path: string;
  /** JSON */
  readonly body: string | null;
}) => Promise<{ readonly status: number; readonly bytes: Bytes }>;

const isOk = (status: number): boolean => status >= 200 && status < 300;

const nothing: Parse<null> = () => null;
const at = (body: string): string => `/api/bodies/${encodeURIComponent(body)}`;

export type ListAsk = {
  readonly inbox: string;
  readonly purpose: "list";
  readonly since?: number;
  readonly before?: number;
};
export type OpenAsk = { readonly inbox: string; readonly purpose: "open"; readonly submissions: readonly string[] };
export type Asking = {
  readonly inbox: string;
  readonly persons: readonly string[];
  readonly scope: wire.Scope;
  readonly until: number;
  readonly purpose: string;
  readonly purposeText: string;
};
export type Posting = {
  readonly statements: readonly { readonly bytes: Bytes; readonly signature: Bytes }[];
  readonly wraps: readonly {
    readonly inbox: string;
    readonly epoch: number;
    readonly person: string;
    readonly wrap: Bytes;
  }[];
  readonly recipients: readonly { readonly inbox: string; readonly epoch: number; readonly recipient: string }[];
  readonly request?: string;
};
/** Somebody who joins: what is public of their keys, and the rest sealed to their passphrase. */
export type Newcomer = {
  readonly person: string;
  readonly recipient: string;
  readonly signingKey: Bytes;
  readonly sealedIdentity: Bytes;
  readonly signInHash: Bytes;
  readonly detailsSalt: Bytes;
};

export function makeApi(send: Send) {
  async function ask(method: Method, path: string, content?: unknown): Promise<Answer> {
    const body = content === undefined ? null : JSON.stringify(content, carried);
    const { status, bytes } = await send({ method, path, body });
    let value: unknown = null;
    try {
      value = bytes.length === 0 ? null : parseJson(fromUtf8(bytes));
    } catch (thrown) {
      if (isOk(status)) throw thrown;
    }
    if (!isOk(status)) throw new Fault(codeIn(value), `${method} answered ${status}`);
    return { status, value };
  }
  const get = async <T>(path: string, parse: Parse<T>): Promise<T> => parse((await ask("GET", path)).value);
  const post = async <T>(path: string, content: unknown, parse: Parse<T>): Promise<T> =>
    parse((await ask("POST", path, content)).value);
  /** Asks for the bytes of a release until a signed checkpoint covers it. @throws `LOG_NOT_SIGNED` */
  async function collect<T>(path: string, parse: Parse<T>): Promise<T> {
    for (let turn = 0; turn < TURNS; turn++) {
      const { status, value } = await ask("GET", path);
      if (status !== 202) return parse(value);
    }
    throw new Fault("LOG_NOT_SIGNED");
  }

  return {
    signIn: (account: string, signIn: Bytes): Promise<wire.Me> =>
      post("/api/session", { account, signIn }, field("me", wire.me)),
    signOut: async (): Promise<void> => void (await ask("DELETE", "/api/session")),
    me: (): Promise<wire.Me> => get("/api/me", wire.me),
    /** The token of an invitation, which is powerless until an owner confirms the person. */
    invite: (body: string, person: { readonly name: string; readonly email: string; readonly role: string }) =>
      post("/api/invitations", { body, ...person }, field("token", text)),
    /** @throws `INVITATION_INVALID` */
    join: (token: string, newcomer: Newcomer) => post("/api/join", { token, ...newcomer }, nothing),

    bodies: (): Promise<readonly wire.Body[]> => get("/api/bodies", listOf("bodies", wire.body)),
    chain: (body: string) => get(`${at(body)}/chain`, field("statements", list(wire.signed))),
    people: (body: string): Promise<readonly wire.PersonRow[]> =>
      get(`${at(body)}/people`, listOf("people", wire.personRow)),
    inboxes: (body: string): Promise<readonly wire.Inbox[]> =>
      get(`${at(body)}/inboxes`, listOf("inboxes", wire.inbox)),
    wraps: (body: string, inbox: string): Promise<readonly wire.Wrap[]> =>
      get(`${at(body)}/inboxes/${inbox}/wraps`, listOf("wraps", wire.wrap)),
    /** The canonical text of a form version; its hash is compared in the worker. */
    form: async (body: string, hash: string): Promise<string> =>
      canonicalJson((await ask("GET", `${at(body)}/forms/${hash}`)).value),
    /** Stores a version, which nobody sees until it is opened; its hash, hex. */
    addForm: async (body: string, form: Form): Promise<string> => {
      await post(`${at(body)}/forms`, JSON.parse(canonicalJson(form)), nothing);
      return formHash(form);
    },

    requests: (body: string): Promise<readonly wire.Request[]> =>
      get(`${at(body)}/requests`, listOf("requests", wire.request)),
    askFor: (body: string, asking: Asking): Promise<string> =>
      post(`${at(body)}/requests`, asking, field("request", id)),
    decline: (body: string, request: string, reason: string) =>
      post(`${at(body)}/requests/${request}/decline`, { reason }, nothing),
    withdraw: (body: string, request: string) => post(`${at(body)}/requests/${request}/withdraw`, {}, nothing),
    post: (body: string, posting: Posting) => post(`${at(body)}/statements`, posting, nothing),

    erasures: (body: string): Promise<readonly wire.Erasure[]> =>
      get(`${at(body)}/erasures`, listOf("erasures", wire.erasure)),
    erase: (body: string, erasure: string, reason: string) =>
      post(`${at(body)}/erasures/${erasure}/grant`, { reason }, nothing),
    refuseErasure: (body: string, erasure: string, reason: string, words: string) =>
      post(`${at(body)}/erasures/${erasure}/refuse`, { reason, words }, nothing),
    due: (body: string): Promise<readonly wire.Due[]> => get(`${at(body)}/erasures/due`, listOf("due", wire.due)),
    eraseDue: (body: string, submissions: readonly string[]) =>
      post(`${at(body)}/erasures/due`, { submissions }, nothing),
    /** The text of a certificate. @throws `LOG_NOT_SIGNED` until a signed checkpoint covers the deletion */
    certificate: async (body: string, erasure: string): Promise<string> => {
      const path = `${at(body)}/erasures/${erasure}/certificate`;
      const { status, bytes } = await send({ method: "GET", path, body: null });
      const given = fromUtf8(bytes);
      if (!isOk(status)) throw new Fault(codeIn(parseJson(given)), `GET answered ${status}`);
      return given;
    },

    /** One release: the event first, the bytes once the log is signed over it. */
    release: async (body: string, asked: ListAsk | OpenAsk): Promise<wire.Released & { readonly release: string }> => {
      const release = newId();
      await post(`${at(body)}/releases`, { ...asked, release }, nothing);
      return { ...(await collect(`/api/releases/${release}`, wire.released)), release };
    },
    opened: (release: string, submissions: readonly string[]) =>
      post(`/api/releases/${release}/opened`, { submissions }, nothing),

    /** The log as it is now, with proofs that it extends what was seen. */
    audit: (seen: readonly SeenSize[]) =>
      get(
        `/api/log/audit?${new URLSearchParams(seen.map(({ size, origin }) => ["seen", `${size}:${origin}`]))}`,
        wire.audit,
      ),
    incidents: (body: string): Promise<readonly wire.StoredIncident[]> =>
      get(`${at(body)}/incidents`, listOf("incidents", wire.incident)),
    incident: (body: string, incident: string): Promise<wire.StoredIncident> =>
      get(`${at(body)}/incidents/${incident}`, wire.incident),
    openIncident: (body: string, act: SignedAct) => post(`${at(body)}/incidents`, act, nothing),
    /** Sealed bytes beside the act that names them. */
    sealPaper: (body: string, incident: string, act: SignedAct, bytes: Bytes) =>
      post(`${at(body)}/incidents/${incident}/documents`, { act, bytes }, nothing),
    /** One release of a paper: the event first, the bytes once the log is signed over it. */
    releasePaper: async (body: string, incident: string, document: string) => {
      const release = newId();
      await post(`${at(body)}/incidents/${incident}/documents/${document}/releases`, { release }, nothing);
      return { ...(await collect(`${at(body)}/incidents/${incident}/releases/${release}`, wire.paper)), release };
    },
    /** Letters of one inbox, at most a hundred, to find out who is affected: one event. */
    releaseAffected: async (
      body: string,
      incident: string,
      inbox: string,
      submissions: readonly string[],
    ): Promise<wire.Released & { readonly release: string }> => {
      const release = newId();
      await post(`${at(body)}/incidents/${incident}/affected`, { release, inbox, submissions }, nothing);
      return { ...(await collect(`/api/releases/${release}`, wire.released)), release };
    },
    readings: (body: string, incident: string, inbox: string) =>
      get(`${at(body)}/incidents/${incident}/readings/${inbox}`, listOf("readings", wire.reading)),
    /** The bytes of one bundle of entries. */
    entries: async (path: string): Promise<Bytes> => {
      const { status, bytes } = await send({ method: "GET", path: `/api/log/${path}`, body: null });
      if (!isOk(status))
        throw new Fault(status === 401 ? "NOT_SIGNED_IN" : "UNAVAILABLE", `entries answered ${status}`);
      return bytes;
    },
    /** What is written about an incident beside its acts. */
    filings: (body: string, incident: string): Promise<wire.Filings> =>
      get(`${at(body)}/incidents/${incident}/report`, wire.filings),
    typeAnswer: (body: string, incident: string, field: string, value: unknown) =>
      post(`${at(body)}/incidents/${incident}/report/answers`, { field, value }, nothing),
    makeVersion: (
      body: string,
      incident: string,
      version: { readonly act: SignedAct; readonly content: string; readonly salt: Bytes },
    ) => post(`${at(body)}/incidents/${incident}/report/versions`, version, nothing),
    followUp: (body: string, incident: string, act: SignedAct) =>
      post(`${at(body)}/incidents/${incident}/follow-up`, act, nothing),
    notice: (body: string, incident: string, act: SignedAct) =>
      post(`${at(body)}/incidents/${incident}/notices`, act, nothing),
    preparePack: (body: string, incident: string): Promise<wire.PreparedPack> =>
      post(`${at(body)}/incidents/${incident}/packs/prepare`, {}, wire.preparedPack),
    makePack: (body: string, incident: string, act: SignedAct) =>
      post(`${at(body)}/incidents/${incident}/packs`, act, nothing),
    /** The file of a pack, once the log covers it. @throws `LOG_NOT_SIGNED` */
    packFile: async (body: string, incident: string, pack: string): Promise<unknown> => {
      for (let turn = 0; turn < TURNS * 4; turn++) {
        const { status, value } = await ask("GET", `${at(body)}/incidents/${incident}/packs/${pack}`);
        if (status !== 202) return value;
        await new Promise((later) => setTimeout(later, 250));
      }
      throw new Fault("LOG_NOT_SIGNED");
    },
    register: (body: string): Promise<readonly wire.RegisterAnswer[]> =>
      get(`${at(body)}/register`, field("answers", list(wire.registerAnswer))),
    recordAct: (body: string, incident: string, act: SignedAct) =>
      post(`${at(body)}/incidents/${incident}/acts`, act, nothing),

    watch: (): Promise<wire.WatchState> => get("/api/watch", wire.watchState),
    findings: (body: string): Promise<readonly wire.Finding[]> =>
      get(`${at(body)}/findings`, listOf("findings", wire.finding)),
    finding: (body: string, finding: string): Promise<wire.Finding> =>
      get(`${at(body)}/findings/${finding}`, wire.finding),
    markers: (body: string) => get(`${at(body)}/markers`, listOf("markers", wire.marker)),
    mailroom: (body: string): Promise<MailroomAnswer> => get(`${at(body)}/mailroom`, mailroom),
    letters: (body: string, incident: string): Promise<Letters> =>
      get(`${at(body)}/incidents/${incident}/letters`, letters),
    /** How many were taken in; the rest had been handed in before. */
    handIn: (
      body: string,
      incident: string,
      given: { readonly start: string; readonly template: string; readonly letters: readonly object[] },
    ): Promise<number> => post(`${at(body)}/incidents/${incident}/letters/hand-in`, given, field("stored", whole)),
    hold: (body: string, incident: string, paused: boolean) =>
      post(`${at(body)}/incidents/${incident}/letters/hold`, { paused: paused ? "yes" : "no" }, nothing),
    decideDelivery: (body: string, incident: string, delivery: string, decision: string) =>
      post(`${at(body)}/incidents/${incident}/letters/${delivery}/decide`, { decision }, nothing),
    posted: (
      body: string,
      incident: string,
      posted: readonly { readonly delivery: string; readonly person: string }[],
    ) => post(`${at(body)}/incidents/${incident}/letters/posted`, { posted }, nothing),
    noteCall: (
      body: string,
      incident: string,
      call: { readonly call: string; readonly person: string; readonly outcome: string; readonly document?: string },
    ) => post(`${at(body)}/incidents/${incident}/calls`, call, nothing),

    log: (body: string, before: number | null, kind: string): Promise<wire.LogPage> => {
      const query = new URLSearchParams();
      if (before !== null) query.set("before", String(before));
      if (kind !== "") query.set("kind", kind);
      const tail = query.toString();
      return get(`${at(body)}/log${tail === "" ? "" : `?${tail}`}`, wire.logPage);
    },
  };
}
export type Api = ReturnType<typeof makeApi>;
