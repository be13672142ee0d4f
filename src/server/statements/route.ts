/** Who may read: bodies, people, statements, requests, forms. */
import { sha256, toBase64, toHex } from "../../domain/bytes.ts";
import { canonicalBytes, parseCanonical } from "../../domain/canonical.ts";
import { formOf } from "../../domain/form/form.ts";
import { Fault } from "../../domain/problem.ts";
import { PURPOSES } from "../../domain/grant/statement.ts";
import { append } from "./append.ts";
import { ask, closeRequest } from "../grants/action.ts";
import { plantedIn } from "../watch/action.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { namesOf, peopleOf } from "../people/store/accounts.ts";
import { allBodies } from "../people/store/bodies.ts";
import { inTransaction } from "../database/pool.ts";
import { requestsOf } from "../grants/store.ts";
import { formDefinition, insertForm, recipientsOf, wrapsOf } from "./store.ts";
import { countByEpoch } from "../public/store.ts";
import { signedIn, type Staff } from "../http/visitor.ts";

type InBody = { Params: { body: string } };

const SIGNED = read.object({ bytes: read.bytes(256 * 1024), signature: read.bytes(64) });
const WRAP = read.object({ inbox: read.id, epoch: read.whole, person: read.id, wrap: read.bytes(16 * 1024) });
const RECIPIENT = read.object({ inbox: read.id, epoch: read.whole, recipient: read.text(4096) });

export async function accessRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  app.get("/api/bodies", { config: { action: "bodies.list" } }, async (request) => {
    const who = signedIn(request);
    const bodies = (await allBodies(pool)).map(({ id, name }) => ({ id, name }));
    return who.kind === "operator" ? bodies : bodies.filter((body) => body.id === who.body);
  });

  app.get<InBody>("/api/bodies/:body/chain", { config: { action: "chain.view" } }, async (request) => {
    const chain = await chains.load(pool, request.params.body);
    return {
      statements: (chain?.statements ?? []).map((s) => ({
        bytes: toBase64(s.bytes),
        signature: toBase64(s.signature),
      })),
    };
  });

  app.get<InBody>("/api/bodies/:body/people", { config: { action: "people.list" } }, async (request) =>
    (await peopleOf(pool, request.params.body)).map((row) => ({
      person: row.id,
      name: row.name,
      email: row.email,
      role: row.role,
      recipient: row.recipient,
      signingKey: row.signing_key && toBase64(row.signing_key),
      detailsSalt: row.details_salt && toBase64(row.details_salt),
      state: row.state,
    })),
  );

  app.get<InBody>("/api/bodies/:body/inboxes", { config: { action: "inboxes.list" } }, async (request) => {
    const { body } = request.params;
    const { state } = await chains.need(pool, body);
    const [counts, recipients] = [await countByEpoch(pool, [...state.inboxes.keys()]), await recipientsOf(pool, body)];
    // The monitor's own letters are nobody's, and counted for nobody.
    const planted = await plantedIn(pool, config, [...state.inboxes.keys()]);
    const received = (inbox: string, epoch: number): { received: number; erased: number } => {
      const counted = counts.get(inbox)?.get(epoch) ?? { received: 0, erased: 0 };
      return {
        ...counted,
        received: counted.received - planted.filter((one) => one.inbox === inbox && one.epoch === epoch).length,
      };
    };
    return Promise.all(
      [...state.inboxes.values()].map(async (inbox) => {
        const form = [...state.forms.values()].find((one) => one.inbox === inbox.inbox);
        const stored = form && (await formDefinition(pool, toHex(form.formHash)));
        const definition = stored && toHex(sha256(stored.definition)) === toHex(form.formHash) ? stored : undefined;
        return {
          inbox: inbox.inbox,
          form: form?.form ?? null,
          title: definition ? formOf(parseCanonical(definition.definition)).title : null,
          state: form?.state ?? "closed",
          epochs: inbox.epochs.map(({ epoch }) => ({
            epoch,
            recipient: recipients.find((r) => r.inbox === inbox.inbox && r.epoch === epoch)?.recipient ?? null,
            ...received(inbox.inbox, epoch),
          })),
        };
      }),
    );
  });

  app.get<{ Params: { body: string; inbox: string } }>(
    "/api/bodies/:body/inboxes/:inbox/wraps",
    { config: { action: "wraps.own" } },
    async (request) =>
      (await wrapsOf(pool, read.id(request.params.inbox), signedIn(request).person)).map((row) => ({
        epoch: row.epoch,
        wrap: toBase64(row.bytes),
      })),
  );

  app.get<{ Params: { body: string; hash: string } }>(
    "/api/bodies/:body/forms/:hash",
    { config: { action: "form.view" } },
    async (request, reply) => {
      const hash = request.params.hash;
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new Fault("FORM_UNKNOWN");
      const found = await formDefinition(pool, hash);
      if (!found || found.body !== request.params.body || toHex(sha256(found.definition)) !== hash)
        throw new Fault("FORM_UNKNOWN");
      return reply.type("application/json").send(Buffer.from(found.definition));
    },
  );

  app.post<InBody>(
    "/api/bodies/:body/forms",
    { config: { action: "form.add" }, bodyLimit: 256 * 1024 },
    async (request) => {
      const form = formOf(request.body);
      if (form.body !== request.params.body) throw new Fault("REFUSED_BODY");
      const definition = canonicalBytes(form);
      // A slug belongs to one body: another body's letters must not be sealed to this one's key by a form of the same
      // name.
      for (const body of config.roots.keys())
        if (body !== form.body && (await chains.load(pool, body))?.state.forms.has(form.id))
          throw new Fault("FORM_NAME_TAKEN");
      await inTransaction(pool, (client) => insertForm(client, sha256(definition), form.id, form.body, definition));
      return { formHash: toHex(sha256(definition)) };
    },
  );

  app.get<InBody>("/api/bodies/:body/requests", { config: { action: "requests.list" } }, async (request) => {
    const rows = await requestsOf(pool, request.params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => [row.asker, ...(row.decided_by ? [row.decided_by] : [])]),
    );
    return rows.map((row) => ({
      request: row.id,
      inbox: row.inbox,
      asker: { person: row.asker, ...(names.get(row.asker) ?? { name: "Unknown", role: "operator" }) },
      persons: row.persons,
      scope: row.scope,
      until: row.until,
      purpose: row.purpose,
      purposeText: row.purpose_text,
      purposeSalt: toBase64(row.purpose_salt),
      state: row.state,
      askedAt: row.asked_at.getTime(),
      decidedAt: row.decided_at?.getTime() ?? null,
      decidedBy: row.decided_by
        ? { person: row.decided_by, ...(names.get(row.decided_by) ?? { name: "Unknown", role: "owner" }) }
        : null,
      reason: row.reason,
    }));
  });

  app.post<InBody>("/api/bodies/:body/requests", { config: { action: "request.ask" } }, async (request) => {
    const asked = read.fields(request.body, {
      inbox: read.id,
      persons: read.list(read.id, 50),
      scope: read.oneOf("all", "from-now"),
      until: read.whole,
      purpose: read.oneOf(...PURPOSES),
      purposeText: read.text(500),
    });
    return { request: await ask(pool, chains, signedIn(request), { body: request.params.body, ...asked }) };
  });

  app.post<{ Params: { body: string; request: string } }>(
    "/api/bodies/:body/requests/:request/decline",
    { config: { action: "request.decline" } },
    async (request) => {
      const { reason } = read.fields(request.body, { reason: read.text(500) });
      await closeRequest(
        pool,
        signedIn(request),
        request.params.body,
        read.id(request.params.request),
        "declined",
        reason,
      );
      return { ok: true };
    },
  );

  app.post<{ Params: { body: string; request: string } }>(
    "/api/bodies/:body/requests/:request/withdraw",
    { config: { action: "request.withdraw" } },
    async (request) => {
      await closeRequest(
        pool,
        signedIn(request),
        request.params.body,
        read.id(request.params.request),
        "withdrawn",
        "",
      );
      return { ok: true };
    },
  );

  app.post<InBody>("/api/bodies/:body/statements", { config: { action: "statement.append" } }, async (request) => {
    const act = read.fields(request.body, {
      statements: read.list(SIGNED, 50),
      wraps: read.list(WRAP, 2000),
      recipients: read.list(RECIPIENT, 50),
      request: read.optional(read.id),
    });
    const { request: asked, ...rest } = act;
    return {
      head: await append(pool, chains, config, signedIn(request), request.params.body, {
        ...rest,
        ...(asked ? { request: asked } : {}),
      }),
    };
  });
}
