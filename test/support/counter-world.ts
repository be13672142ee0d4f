/**
 * The real counter in front of a public server of the test: it has a body with a signed chain, answers what the counter
 * asks for, parses and remembers what arrives, and can be told to misbehave. Nothing of the counter is replaced.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createApp } from "../../src/counter/app.ts";
import { parseConfig } from "../../src/counter/config.ts";
import { Forms } from "../../src/counter/forms.ts";
import { countHere } from "../../src/counter/limits.ts";
import { renderer, siteOf } from "../../src/counter/render.ts";
import { wireTo } from "../../src/counter/wire.ts";
import { fromHex, toBase64, toHex } from "../../src/domain/bytes.ts";
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { formHash, formOf, type Form } from "../../src/domain/form/form.ts";
import { draftForm, draftGrant, draftInbox, type DraftRecipient } from "../../src/domain/grant/drafts.ts";
import { currentEpoch } from "../../src/domain/grant/state.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { Fault } from "../../src/domain/problem.ts";
import { parseSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { openLetter, openSlip } from "../../src/domain/seal/open.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { operator, signedAsk } from "./signed-ask.ts";
import { SignedChain, keyedPerson } from "./signed-body.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CREDENTIAL = "a-credential-of-the-test";
export const readForm = (name: string): Record<string, any> =>
  JSON.parse(readFileSync(`${root}forms/${name}.json`, "utf8"));

export type Arrived = { readonly bytes: Buffer; readonly submission: SealedSubmission };
export type Page = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly hidden: [string, string][];
};

export async function counterWorld(definition: unknown = readForm("police-complaint-handling")) {
  const chain = new SignedChain();
  const [owner, deputy] = [await keyedPerson("An Owner", "owner"), await keyedPerson("A Deputy", "owner")];
  chain.found(owner);
  chain.confirm(owner, deputy);
  const recipients: DraftRecipient[] = [];
  const first = await draftInbox(
    chain.state,
    owner.actor,
    [owner, deputy].map((one) => chain.person(one)),
    "x25519",
    chain.now,
  );
  chain.add(first);
  recipients.push(...first.recipients);
  const inbox = first.inbox;

  const world = {
    chain,
    owner,
    deputy,
    inbox,
    /** Everything that reached the public server: method, path, body. */
    requests: [] as { readonly method: string; readonly path: string; readonly body: Buffer }[],
    arrived: new Map<string, Arrived>(),
    /**
     * What the next submissions are answered with instead: a code with its status, or no answer, before or after
     * storing.
     */
    trouble: [] as ({ readonly status: number; readonly code: string } | "before" | "after")[],
    /** Changes the answer to `/key`. */
    tamper: null as ((key: Record<string, any>) => unknown) | null,
    tamperRecord: null as unknown,
    tamperDefinition: null as ((bytes: Buffer) => Buffer) | null,
    form: formOf(definition),
    publish(form: Form, state: "open" | "closed" = "open"): void {
      world.form = form;
      chain.add(
        draftForm(
          chain.state,
          owner.actor,
          { form: form.id, formHash: fromHex(formHash(form)), inbox, state, browserOnly: form.browserOnly },
          chain.now,
        ),
      );
    },
    /** A new key for the inbox, as with a grant from now on. */
    async rekey(): Promise<void> {
      const reader = await keyedPerson(`A Reader ${chain.signed.length}`, "reader");
      chain.confirm(deputy, reader);
      const asked = {
        inbox,
        request: newId(),
        asker: operator,
        scope: "from-now",
        until: chain.now + 1e9,
        purpose: "case-handling",
        purposeCommitment: new Uint8Array(32),
      } as const;
      const remaining = [owner, deputy].map((one) => chain.person(one));
      const grant = await draftGrant(
        chain.state,
        owner.actor,
        { ...asked, ...signedAsk({ ...asked, persons: [reader.keys.person] }) },
        {
          people: [chain.person(reader)],
          keys: [],
          remaining,
          counted: 0,
          now: chain.now,
          kind: "x25519",
        },
      );
      chain.add(grant);
      recipients.push(...grant.recipients);
    },
    /** What the owner reads in something that arrived. */
    async open({ submission }: Arrived): Promise<{ letter: unknown; slip: unknown }> {
      const { identity } = await openWrap(
        chain.state,
        owner.keys,
        inbox,
        submission.epoch,
        chain.wrapOf(owner, inbox, submission.epoch)!,
      );
      return {
        letter: (await openLetter(identity, submission.letter, submission)).answers,
        slip: await openSlip(identity, submission.slip, submission),
      };
    },
  };

  function keyAnswer(): unknown {
    const { epoch } = currentEpoch(chain.state.inboxes.get(inbox)!);
    const key = {
      installation: chain.where.installation,
      body: "harrowmere",
      bodyName: "",
      inbox,
      epoch,
      formHash: formHash(world.form),
      version: 1,
      browserOnly: world.form.browserOnly,
      statements: chain.signed.map(({ bytes, signature }) => ({
        bytes: toBase64(bytes),
        signature: toBase64(signature),
      })),
      recipient: recipients.findLast((one) => one.epoch === epoch)!.recipient,
    };
    return world.tamper ? world.tamper(key) : key;
  }

  const answer = (response: ServerResponse, status: number, value: unknown): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

  function receive(body: Buffer, type: string | undefined, response: ServerResponse): void {
    const problem = world.trouble.shift();
    if (problem === "before") return void response.destroy();
    if (typeof problem === "object") return answer(response, problem.status, { code: problem.code, sentence: "" });
    if (type !== SUBMISSION_TYPE) return answer(response, 415, { code: "WRONG_TYPE", sentence: "" });
    const submission = parseSubmission(new Uint8Array(body), "x25519");
    if (submission.epoch !== currentEpoch(chain.state.inboxes.get(inbox)!).epoch)
      return answer(response, 409, { code: "EPOCH_ENDED", sentence: "" });
    const before = world.arrived.get(submission.submission);
    if (before && !before.bytes.equals(body)) return answer(response, 409, { code: "ID_TAKEN", sentence: "" });
    world.arrived.set(submission.submission, { bytes: body, submission });
    if (problem === "after") return void response.destroy();
    answer(response, 201, { reference: referenceOf(submission.submission), receivedAt: Date.UTC(2026, 0, 5, 9, 30) });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const path = request.url ?? "";
    world.requests.push({ method: request.method ?? "", path, body });
    if (request.headers.authorization !== `Pillarbox-Counter ${CREDENTIAL}`)
      return answer(response, 403, { code: "COUNTER_REFUSED", sentence: "" });
    if (path === `/forms/${world.form.id}/key`) answer(response, 200, keyAnswer());
    else if (path === `/forms/${world.form.id}/definition`) {
      const bytes = Buffer.from(canonicalBytes(world.form));
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(world.tamperDefinition ? world.tamperDefinition(bytes) : bytes);
    } else if (path === "/bodies/harrowmere/record")
      answer(response, 200, world.tamperRecord ?? readForm("bodies/harrowmere"));
    else if (path === "/submissions") receive(body, request.headers["content-type"], response);
    else answer(response, 404, { code: "FORM_UNKNOWN", sentence: "" });
  }

  world.publish(world.form);
  const server = createServer(
    (request, response) =>
      void serve(request, response).catch((thrown) =>
        answer(response, 400, { code: thrown instanceof Fault ? thrown.code : "INTERNAL", sentence: "" }),
      ),
  );
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const publicOrigin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { installation, root: rootHash } = chain.expected;
  const config = parseConfig(
    JSON.stringify({
      installation,
      publicOrigin,
      staffOrigin: "http://localhost:1",
      counterOrigin: "http://localhost:2",
      counterPort: 0,
      publicPort: Number(new URL(publicOrigin).port),
      host: "localhost",
      demonstration: true,
      sealing: "x25519",
      roots: { harrowmere: toHex(rootHash) },
      logKey: "example.com/log+00000000+AA==",
      dist: `${root}dist`,
      root,
    }),
    CREDENTIAL,
  );
  // Time moves on by more than an answer counts as current, so that each request sees the world as it is.
  let now = 0;
  const wire = wireTo(config);
  const app = await createApp({
    config,
    site: siteOf(config),
    wire,
    forms: new Forms(wire, config, () => (now += 2_000)),
    render: renderer(root),
    count: countHere(Date.now),
    onUse: () => {},
  });
  const origin = await app.listen({ port: 0, host: "localhost" });

  async function request(path: string, init: RequestInit = {}): Promise<Page> {
    const response = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers, hidden: hiddenIn(text) };
  }
  return Object.assign(world, {
    origin,
    publicOrigin,
    config,
    request,
    post: (fields: readonly (readonly [string, string])[], form = world.form.id) =>
      request(`/counter/forms/${form}`, {
        method: "POST",
        body: new URLSearchParams(fields.map(([name, value]) => [name, value])),
      }),
    async close(): Promise<void> {
      await app.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}

const unescaped = (text: string): string =>
  text.replace(
    /&(#39|quot|lt|gt|amp|#92|#96);/g,
    (_, name: string) => ({ "#39": "'", quot: '"', lt: "<", gt: ">", amp: "&", "#92": "\\", "#96": "`" })[name] ?? "",
  );

/** The hidden fields of a page, as a browser would send them again. */
export const hiddenIn = (html: string): [string, string][] =>
  [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
    unescaped(name!),
    unescaped(value!),
  ]);
