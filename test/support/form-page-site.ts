/**
 * A site that serves the real form page and can misbehave: the real views, bundles, statements and keys behind a plain
 * HTTP server of the test, which remembers everything that reached it.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import nunjucks from "nunjucks";
import { fromHex, toBase64, toHex } from "../../src/domain/bytes.ts";
import { completeBodyOf } from "../../src/domain/form/body.ts";
import { formHash, formOf, type Form } from "../../src/domain/form/form.ts";
import { formView, type Site } from "../../src/domain/form/page.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import { confirmedPerson, type PersonRow } from "../../src/domain/grant/confirmed.ts";
import { draftForm, draftInbox, draftPerson, draftRoot, type Actor } from "../../src/domain/grant/drafts.ts";
import { publicReaders } from "../../src/domain/grant/readers.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { statementHash, type SignedStatement } from "../../src/domain/grant/statement.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { detailsCommitment, newSalt } from "../../src/domain/person/details.ts";
import { newPersonKeys } from "../../src/domain/person/keys.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { parseSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { openLetter } from "../../src/domain/seal/open.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";

import { inTime } from "./in-time.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const installation = "0123456789abcdef0123456789abcdef";
const now = Date.UTC(2026, 0, 5);

export const readForm = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, "forms", `${name}.json`), "utf8"));

/** As the public server sends it, `form-action` being the counter's address. */
const policy = (counter: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; form-action 'self' ${counter}; require-trusted-types-for 'script'; trusted-types 'none'`;

export type Request = { readonly method: string; readonly path: string; readonly body: Buffer; readonly type: string };

/** What the next POST of a submission gets: a refusal, or "lost": it is stored, and the answer says nothing of it. */
export type Trouble = { readonly status: number; readonly code: string } | "lost";

export type FormSite = {
  readonly origin: string;
  readonly form: Form;
  readonly requests: Request[];
  /** The first request whose path holds this text, once it has come. */
  readonly arrived: (text: string) => Promise<Request>;
  readonly received: Map<string, { readonly bytes: Buffer; readonly submission: SealedSubmission }>;
  readonly trouble: Trouble[];
  /** Changes what `/key` answers. */
  tamper: ((key: { [name: string]: unknown }) => unknown) | null;
  /** Signs one more statement: the form is open, or closed, from now on. */
  readonly publish: (as: "open" | "closed") => void;
  /** What a holder of the key reads in a received submission. */
  readonly open: (submission: SealedSubmission) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

async function person(role: "owner" | "reader") {
  const keys = await newPersonKeys(newId(), "hybrid");
  const row: PersonRow = {
    person: keys.person,
    name: `A ${role}`,
    email: `${role}@body.example`,
    role,
    recipient: keys.recipient,
    signingKey: keys.signingKey,
    detailsSalt: newSalt(),
  };
  const statement = {
    person: row.person,
    role,
    signingKey: row.signingKey,
    recipientHash: recipientHash(row.recipient),
    details: detailsCommitment(row.detailsSalt, row.name, row.email),
  };
  return { keys, row, statement };
}

/** A body with two owners, one inbox and one open form. */
async function makeChain(form: Form) {
  const [owner, deputy] = [await person("owner"), await person("owner")];
  const actor: Actor = { person: owner.row.person, signingSecret: owner.keys.signingSecret };
  const signed: SignedStatement[] = [draftRoot({ installation, body: form.body }, owner.statement, actor, now)];
  const expected = { installation, body: form.body, root: statementHash(signed[0]!.bytes) };
  const state = (): BodyState => verifyChain(signed, expected);
  signed.push(...draftPerson(state(), actor, deputy.statement, now).statements);
  const holders = [owner, deputy].map(({ row }) => confirmedPerson(state(), row));
  const inbox = await draftInbox(state(), actor, holders, "hybrid", now);
  signed.push(...inbox.statements);
  const hash = formHash(form);
  signed.push(
    ...draftForm(
      state(),
      actor,
      { form: form.id, formHash: fromHex(hash), inbox: inbox.inbox, state: "open", browserOnly: form.browserOnly },
      now,
    ).statements,
  );
  const wrap = inbox.wraps.find((one) => one.person === owner.row.person)!.wrap;
  const key = await openWrap(state(), owner.keys, inbox.inbox, 1, wrap);
  const publish = (as: "open" | "closed"): void =>
    void signed.push(
      ...draftForm(
        state(),
        actor,
        { form: form.id, formHash: fromHex(hash), inbox: inbox.inbox, state: as, browserOnly: form.browserOnly },
        now,
      ).statements,
    );
  return {
    publish,
    signed,
    state: state(),
    rootHash: toHex(expected.root),
    inbox: inbox.inbox,
    recipient: inbox.recipients[0]!.recipient,
    hash,
    identity: key.identity,
  };
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** Starts a site with one form, given as JSON. */
export async function startSite(definition: unknown): Promise<FormSite> {
  const form = formOf(definition);
  const body = completeBodyOf(JSON.parse(readFileSync(join(root, "forms/bodies", `${form.body}.json`), "utf8")));
  const chain = await makeChain(form);
  const manifest = JSON.parse(readFileSync(join(root, "dist/manifest.json"), "utf8")) as Site["assets"] & {
    preload: { [name: string]: string[] };
  };
  const environment = new nunjucks.Environment(
    new nunjucks.FileSystemLoader([join(root, "views"), join(root, "node_modules/govuk-frontend/dist")]),
    { autoescape: true },
  );
  const requests: Request[] = [];
  const received: FormSite["received"] = new Map();
  const trouble: Trouble[] = [];
  const waiting = new Set<() => void>();
  const arrived = async (text: string): Promise<Request> => {
    for (;;) {
      const found = requests.find(({ path }) => path.includes(text));
      if (found) return found;
      await inTime(new Promise<void>((done) => waiting.add(done)), `a request whose path holds ${text}`);
    }
  };

  const page = (): string => {
    const setup = {
      installation,
      body: form.body,
      root: chain.rootHash,
      zone: "Europe/London",
      publicOrigin: site.origin,
      formHash: chain.hash,
      keyUrl: `/forms/${form.id}/key`,
      submissionsUrl: "/submissions",
    };
    const shared: Site = {
      base: "",
      counterOrigin: site.origin,
      staffOrigin: "",
      demonstration: true,
      assets: manifest,
      preload: manifest.preload["form-page.js"] ?? [],
    };
    const view = formView({ site: shared, form, body, readers: publicReaders(chain.state, chain.inbox), setup });
    return environment.render(view.template, view.data);
  };
  const keyAnswer = (): unknown => {
    const statements = chain.signed.map(({ bytes, signature }) => ({
      bytes: toBase64(bytes),
      signature: toBase64(signature),
    }));
    const key = {
      installation,
      body: form.body,
      bodyName: body.name,
      statements,
      inbox: chain.inbox,
      epoch: 1,
      recipient: chain.recipient,
      formHash: chain.hash,
      version: 1,
      browserOnly: form.browserOnly,
    };
    return site.tamper ? site.tamper(key) : key;
  };
  const answer = (response: ServerResponse, status: number, value: unknown): void => {
    response
      .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
      .end(JSON.stringify(value));
  };

  function receive(request: Request, response: ServerResponse): void {
    const problem = trouble.shift();
    if (typeof problem === "object") return answer(response, problem.status, { code: problem.code, sentence: "" });
    if (request.type !== SUBMISSION_TYPE) return answer(response, 415, { code: "WRONG_TYPE", sentence: "" });
    const submission = parseSubmission(new Uint8Array(request.body));
    const before = received.get(submission.submission);
    if (before && !before.bytes.equals(request.body)) return answer(response, 409, { code: "ID_TAKEN", sentence: "" });
    received.set(submission.submission, { bytes: request.body, submission });
    if (problem === "lost") return answer(response, 502, {});
    answer(response, 201, { reference: referenceOf(submission.submission), receivedAt: now });
  }

  const server = createServer((incoming, response) => void serve(incoming, response));
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? "/";
    const request: Request = {
      method: incoming.method ?? "GET",
      path,
      body: await bodyOf(incoming),
      type: incoming.headers["content-type"] ?? "",
    };
    requests.push(request);
    for (const done of waiting) done();
    waiting.clear();
    if (path.startsWith("/assets/")) {
      const type = path.endsWith(".css") ? "text/css" : path.endsWith(".js") ? "text/javascript" : "image/svg+xml";
      response
        .writeHead(200, { "content-type": type, "content-encoding": "br" })
        .end(readFileSync(join(root, "dist", `${path}.br`)));
    } else if (path === `/forms/${form.id}/key`) answer(response, 200, keyAnswer());
    else if (path === "/submissions" && request.method === "POST") receive(request, response);
    else if (path.startsWith("/elsewhere"))
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<!doctype html><title>Weather</title><h1>Weather</h1>");
    else if (path.startsWith("/counter/"))
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<!doctype html><title>Counter</title><h1>Counter</h1>");
    else if (path.startsWith("/forms/"))
      response
        .writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": policy(site.origin),
          "cache-control": "no-store",
          "content-encoding": "br",
        })
        .end(brotliCompressSync(page()));
    else response.writeHead(404).end();
  }
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const site: FormSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    form,
    requests,
    arrived,
    received,
    trouble,
    tamper: null,
    publish: chain.publish,
    open: (submission) => openLetter(chain.identity, submission.letter, submission).then(({ answers }) => answers),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return site;
}
