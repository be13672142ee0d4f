/**
 * The contract: what one side writes the other side reads, of every route; what is not named is refused or left out;
 * and every route stands in the list once.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { codeIn } from "../../src/contract/refusal.ts";
import { addressOf, answerOf, COMMON, isLater, refusalIn, requestOf, type AnyRoute } from "../../src/contract/route.ts";
import { ROUTES } from "../../src/contract/routes.ts";
import { exact, flag, record, text, type Fields, type Kind, type Shape } from "../../src/contract/shape.ts";
import { ACTIONS } from "../../src/domain/access/decide.ts";
import { fromUtf8, toUtf8, type Bytes } from "../../src/domain/bytes.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { draftSigned, type PlainKind, type SignedEvent } from "../../src/domain/log/act.ts";
import { draftAct, type ActFields, type SignedAct } from "../../src/domain/incident/act.ts";
import { type Fault, SENTENCES } from "../../src/domain/problem.ts";
import fc, { values } from "../support/drawn.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const one = "0".repeat(32);
const hash = "5".repeat(64);
const signedAs = (fields: ActFields, texts: Readonly<Record<string, string>> = {}): SignedAct =>
  draftAct(
    { body: "city", incident: one, seq: 1, prev: hash },
    { person: one, role: "owner", signingSecret: new Uint8Array(32).fill(7) },
    fields,
    texts,
  );

const actor = { person: one, role: "owner", signingSecret: new Uint8Array(32).fill(7) } as const;
const about = { body: "city", inbox: one, erasure: one, submission: one } as const;
const ofCase = { body: "city", inbox: one, case: one, seq: 0, prev: hash, epoch: 1 } as const;
const telling = { body: "city", incident: one } as const;
const closing = { body: "city", request: one } as const;
const PLAIN_ACTS: { readonly [kind in PlainKind]: SignedEvent<PlainKind> } = {
  "case.replied": draftSigned<"case.replied">(actor, {
    kind: "case.replied",
    ...ofCase,
    submission: one,
    reply: one,
    digest: hash,
    size: 4096,
  }),
  "case.assigned": draftSigned<"case.assigned">(actor, { kind: "case.assigned", ...ofCase, to: hash }),
  "case.noted": draftSigned<"case.noted">(actor, {
    kind: "case.noted",
    ...ofCase,
    note: one,
    digest: hash,
    size: 4096,
  }),
  "case.closed": draftSigned<"case.closed">(actor, { kind: "case.closed", ...ofCase, outcome: "partly" }),
  "case.reopened": draftSigned<"case.reopened">(actor, { kind: "case.reopened", ...ofCase }),
  "erasure.done": draftSigned<"erasure.done">(actor, {
    kind: "erasure.done",
    ...about,
    additions: [],
    reason: "asked-for",
  }),
  "erasure.refused": draftSigned<"erasure.refused">(actor, {
    kind: "erasure.refused",
    ...about,
    reason: "other",
    reasonCommitment: hash,
  }),
  "grant.requested": draftSigned<"grant.requested">(actor, {
    kind: "grant.requested",
    ...closing,
    inbox: one,
    count: 1,
    scope: "all",
    until: 5,
    purpose: "audit",
    purposeCommitment: hash,
    persons: hash,
  }),
  "messages.handed-in": draftSigned<"messages.handed-in">(actor, {
    kind: "messages.handed-in",
    ...telling,
    count: 1,
    template: hash,
    messages: hash,
  }),
  "messages.paused": draftSigned<"messages.paused">(actor, { kind: "messages.paused", ...telling }),
  "messages.resumed": draftSigned<"messages.resumed">(actor, { kind: "messages.resumed", ...telling }),
  "messages.posted": draftSigned<"messages.posted">(actor, {
    kind: "messages.posted",
    ...telling,
    count: 1,
    messages: hash,
  }),
  "delivery.decided": draftSigned<"delivery.decided">(actor, {
    kind: "delivery.decided",
    ...telling,
    delivery: one,
    decision: "cancelled",
  }),
  "call.made": draftSigned<"call.made">(actor, { kind: "call.made", ...telling, outcome: "told", call: hash }),
  "unlocker.added": draftSigned<"unlocker.added">(actor, {
    kind: "unlocker.added",
    body: "city",
    unlocker: one,
    how: "passkey",
    recipient: hash,
    copy: hash,
    credential: hash,
  }),
  "unlocker.removed": draftSigned<"unlocker.removed">(actor, {
    kind: "unlocker.removed",
    body: "city",
    unlocker: one,
  }),
  "totp.on": draftSigned<"totp.on">(actor, { kind: "totp.on", body: "city", totp: one }),
  "totp.off": draftSigned<"totp.off">(actor, { kind: "totp.off", body: "city", totp: one }),
  "invitation.withdrawn": draftSigned<"invitation.withdrawn">(actor, {
    kind: "invitation.withdrawn",
    body: "city",
    invitation: one,
  }),
  "person.refused": draftSigned<"person.refused">(actor, { kind: "person.refused", body: "city", newcomer: one }),
  "request.declined": draftSigned<"request.declined">(actor, {
    kind: "request.declined",
    ...closing,
    reason: "stated",
    reasonCommitment: hash,
  }),
  "request.withdrawn": draftSigned<"request.withdrawn">(actor, {
    kind: "request.withdrawn",
    ...closing,
    reason: "none",
  }),
};

const sizes = fc.record({ size: fc.nat(), origin: fc.stringMatching(/^[a-z./-]{1,20}$/) }, { noNullPrototype: true });

/** Values for the shapes whose rule stands in their own file, by name. */
const CASE_ACTS = ["case.assigned", "case.noted", "case.closed", "case.reopened"] as const;
const OWN: { readonly [name: string]: fc.Arbitrary<unknown> } = {
  done: fc.constant(undefined),
  form: fc.constantFrom(
    ...["police-complaint-handling", "victims-commissioner"].map((name) =>
      formOf(JSON.parse(readFileSync(resolve(ROOT, `forms/${name}.json`), "utf8"))),
    ),
  ),
  "seen sizes": fc.array(sizes, {
    minLength: 1,
  }),
  ...Object.fromEntries(Object.entries(PLAIN_ACTS).map(([kind, act]) => [kind, fc.constant(act)])),
  [CASE_ACTS.join(" or ")]: fc.constantFrom(...CASE_ACTS.map((kind) => PLAIN_ACTS[kind])),
  "incident.opened": fc.constant(
    signedAs({ kind: "incident.opened", what: "wrong-person", source: "other" } as ActFields, { what: "A list." }),
  ),
  "any act without a way of its own": fc.constant(
    signedAs({ kind: "incident.moved", from: "open", to: "contained" } as ActFields),
  ),
  "incident.sealed": fc.constant(
    signedAs({
      kind: "incident.sealed",
      document: one,
      what: "affected",
      epoch: 1,
      digest: hash,
      size: 9000,
      count: 394,
    } as ActFields),
  ),
  "incident.reported": fc.constant(
    signedAs({ kind: "incident.reported", version: 1, phase: "initial", report: hash } as ActFields),
  ),
  "incident.followed": fc.constant(
    signedAs({ kind: "incident.followed", what: "outcome", item: one, revision: 1, on: 5 } as ActFields),
  ),
  "incident.notice": fc.constant(
    signedAs({ kind: "incident.notice", notice: one, state: "published" } as ActFields, { title: "T", text: "W" }),
  ),
  "incident.packed": fc.constant(
    signedAs({ kind: "incident.packed", pack: one, content: hash, count: 12 } as ActFields),
  ),
};

const MOST = 64;
const jsonValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function fieldsOf(fields: Fields): fc.Arbitrary<unknown> {
  const named = Object.entries(fields);
  return fc
    .record(Object.fromEntries(named.map(([name, shape]) => [name, valuesOf(shape)])))
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)));
}

function valuesOf({ is }: Shape<unknown>): fc.Arbitrary<unknown> {
  switch (is.kind) {
    case "text":
      return is.typed
        ? fc.stringMatching(/^[ -~\n\u00e4\u20ac]{0,64}$/).filter(({ length }) => length >= is.min && length <= is.max)
        : fc.string({ unit: "grapheme" });
    case "matching":
      return fc.stringMatching(is.pattern);
    case "whole":
    case "numeral":
      return fc.maxSafeNat();
    case "flag":
      return fc.boolean();
    case "anything":
      return jsonValue;
    case "bytes":
      return fc.uint8Array({ maxLength: Math.min(is.max, MOST) });
    case "hex":
      return fc.uint8Array({ minLength: is.max, maxLength: is.max });
    case "one-of":
      return fc.constantFrom(...is.values);
    case "list":
      return fc.array(valuesOf(is.of), { maxLength: Math.min(is.max, 3) });
    case "maybe":
      return fc.option(valuesOf(is.of), { nil: null });
    case "optional":
      return fc.option(valuesOf(is.of), { nil: undefined });
    case "dictionary":
      return fc.dictionary(
        valuesOf(is.key).filter((name) => name !== "__proto__") as fc.Arbitrary<string>,
        valuesOf(is.of),
        { maxKeys: 4, noNullPrototype: true },
      );
    case "record":
    case "exact":
      return fieldsOf(is.fields);
    case "own": {
      const values = OWN[is.name];
      assert.ok(values, `no value is known for "${is.name}": add one to OWN`);
      return values;
    }
  }
}

/** What travels in a body of a route. */
const contentsOf = (content: AnyRoute["request"]): fc.Arbitrary<unknown> => {
  if (content.shape) return valuesOf(content.shape);
  if (content.type === null) return fc.constant(undefined);
  return content.type.startsWith("text/") ? fc.string({ unit: "grapheme" }) : fc.uint8Array();
};
const asBytes = (written: string | Bytes | null): Bytes =>
  typeof written === "string" ? toUtf8(written) : (written ?? new Uint8Array());

for (const [name, route] of ROUTES) {
  test(`${name}: what is written is read as the same`, () => {
    for (const content of [route.request, route.answer])
      fc.assert(
        fc.property(contentsOf(content), (value) => {
          assert.deepEqual(content.read(asBytes(content.write(value))), value);
        }),
        { numRuns: values(25) },
      );
  });
}

test("a parameter and a question in an address are read as they were written", () => {
  for (const [name, route] of ROUTES)
    fc.assert(
      fc.property(fieldsOf(route.params), fieldsOf(route.query), (params, query) => {
        const asked = new URL(addressOf(route, params as never, query as never), "http://here.invalid");
        const pattern = route.path.replace("*", "(?<rest>.*)").replace(/:(\w+)/g, "(?<$1>[^/]*)");
        const found = new RegExp(`^${pattern}$`).exec(asked.pathname)?.groups ?? {};
        for (const [part, shape] of Object.entries(route.params))
          assert.deepEqual(
            shape.parse(decodeURIComponent(found[part === "*" ? "rest" : part] ?? "")),
            (params as { readonly [part: string]: unknown })[part],
            name,
          );
        for (const [part, shape] of Object.entries(route.query)) {
          const values = asked.searchParams.getAll(part);
          assert.deepEqual(
            shape.parse(values.length > 1 ? values : values[0]),
            (query as { readonly [part: string]: unknown })[part],
            name,
          );
        }
      }),
      { numRuns: values(25) },
    );
});

/** Every record inside a shape, with the way to it. */
function recordsIn({ is }: Shape<unknown>): readonly Extract<Kind, { readonly kind: "record" | "exact" }>[] {
  if (is.kind === "record" || is.kind === "exact") return [is, ...Object.values(is.fields).flatMap(recordsIn)];
  if (is.kind === "list" || is.kind === "maybe" || is.kind === "optional" || is.kind === "dictionary")
    return recordsIn(is.of);
  return [];
}

test("a request with one field more is refused, wherever it stands", () => {
  const taken: string[] = [];
  for (const [name, { request }] of ROUTES) {
    if (!request.shape || ["own", "anything"].includes(request.shape.is.kind)) continue;
    for (const { kind } of recordsIn(request.shape)) assert.equal(kind, "exact", `${name}: a request is closed`);
    const [value] = fc.sample(contentsOf(request), 1);
    const written = JSON.parse(fromUtf8(asBytes(request.write(value)))) as object;
    assert.throws(() => request.read(toUtf8(JSON.stringify({ ...written, more: 1 }))), { code: "MALFORMED" }, name);
    taken.push(name);
  }
  assert.ok(taken.length > 15, String(taken));
  for (const name of ["incidents.openIncident", "incidents.recordAct", "filings.followUp"]) {
    const { request } = ROUTES.find(([known]) => known === name)![1];
    const [value] = fc.sample(contentsOf(request), 1);
    const written = JSON.parse(fromUtf8(asBytes(request.write(value)))) as { readonly event: object };
    for (const more of [
      { ...written, more: 1 },
      { ...written, event: { ...written.event, more: 1 } },
    ])
      assert.throws(() => request.read(toUtf8(JSON.stringify(more))), { code: "MALFORMED" }, name);
  }
});

test("an act comes by its own way and by no other", () => {
  const acts = Object.entries(OWN).filter(([name]) => name.startsWith("incident."));
  const any = ROUTES.find(([name]) => name === "incidents.recordAct")![1].request;
  for (const [name, values] of acts) {
    const [act] = fc.sample(values, 1);
    assert.throws(() => any.read(asBytes(any.write(act))), { code: "MALFORMED" }, name);
  }
});

test("an answer may grow, and what nobody named does not leave", () => {
  const known = record({ name: text(20) });
  assert.deepEqual(known.parse({ name: "a", more: 1 }), { name: "a" });
  assert.deepEqual(known.encode({ name: "a", secret: 1 } as never), { name: "a" });
  assert.throws(() => exact({ name: text(20) }).parse({ name: "a", more: 1 }), { code: "MALFORMED" });
  assert.throws(() => record({ ok: flag }).parse(Object.create({ ok: true })), { code: "MALFORMED" });
  for (const [name, { answer }] of ROUTES)
    for (const { kind } of answer.shape ? recordsIn(answer.shape) : [])
      assert.equal(kind, "record", `${name}: an answer may grow`);
});

test("every name in a path has a shape, and every action and refusal is known", () => {
  for (const [name, route] of ROUTES) {
    const names = [...route.path.matchAll(/:(\w+)|(\*)/g)].map(([, part, star]) => part ?? star);
    assert.deepEqual(Object.keys(route.params).sort(), names.sort(), name);
    assert.equal(route.action === null, route.door === "mailroom", name);
    if (route.action !== null) assert.ok(Object.hasOwn(ACTIONS, route.action), name);
    for (const code of route.refusals) {
      assert.ok(Object.hasOwn(SENTENCES, code), `${name}: ${code}`);
      assert.ok(!COMMON.includes(code), `${name}: ${code} may come from any route`);
    }
    assert.equal(new Set(route.refusals).size, route.refusals.length, name);
  }
  const addresses = ROUTES.map(([, { door, method, path }]) => `${door} ${method} ${path}`);
  assert.equal(new Set(addresses).size, addresses.length, "each stands there once");
});

test("a list is always under a name", () => {
  for (const [name, { request, answer }] of ROUTES)
    for (const content of [request, answer]) assert.notEqual(content.shape?.is.kind, "list", name);
});

test("no file of routes is forgotten", () => {
  const apart = ["acts.ts", "refusal.ts", "route.ts", "routes.ts", "setup.ts", "shape.ts"];
  const files = readdirSync(resolve(ROOT, "src/contract")).filter(
    (name) => name.endsWith(".ts") && !apart.includes(name),
  );
  const listed = new Set(ROUTES.map(([name]) => `${name.split(".")[0]}.ts`));
  assert.deepEqual(files.sort(), [...listed].sort());
});

test("a refusal is read in one way, and what is none of ours is no answer", () => {
  const bytes = (value: unknown): Bytes => toUtf8(JSON.stringify(value));
  assert.equal(codeIn({ code: "ID_TAKEN" }), "ID_TAKEN");
  for (const other of [null, undefined, 1, "ID_TAKEN", {}, { code: "toString" }, { code: 1 }])
    assert.equal(codeIn(other), undefined);
  assert.equal(refusalIn(bytes({ code: "ID_TAKEN", sentence: "…" })), "ID_TAKEN");
  for (const other of [bytes({ code: "NONE_OF_OURS" }), toUtf8("<html>"), new Uint8Array([0xff])])
    assert.equal(refusalIn(other), "UNAVAILABLE");
  const [, route] = ROUTES.find(([name]) => name === "reading.fetchRelease")!;
  const failing = (status: number, body: unknown): string => {
    try {
      answerOf(route, status, bytes(body));
    } catch (thrown) {
      return (thrown as Fault).code;
    }
    return "";
  };
  assert.equal(failing(404, { code: "RELEASE_UNKNOWN" }), "RELEASE_UNKNOWN");
  assert.equal(failing(502, "x"), "UNAVAILABLE");
  assert.equal(failing(202, { waiting: true }), "LOG_NOT_SIGNED");
  assert.equal(failing(200, { waiting: true }), "MALFORMED");
  assert.ok(isLater(route, 202) && !isLater(route, 200));
  assert.deepEqual(requestOf(route, { release: one } as never, undefined), {
    method: "GET",
    path: `/api/releases/${one}`,
    type: null,
    body: null,
  });
});
