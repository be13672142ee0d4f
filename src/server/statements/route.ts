/** Who may read: bodies, people, statements, requests, forms. */
import { askToRead, declineRequest, listRequests, withdrawRequest } from "../../contract/grants.ts";
import { listBodies, listPeople } from "../../contract/people.ts";
import * as contract from "../../contract/statements.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { canonicalBytes, parseCanonical } from "../../domain/canonical.ts";
import { formOf } from "../../domain/form/form.ts";
import { Fault } from "../../domain/problem.ts";
import { append } from "./append.ts";
import { ask, closeRequest } from "../grants/action.ts";
import { plantedIn } from "../watch/action.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { namesOf, peopleOf } from "../people/store/accounts.ts";
import { allBodies } from "../people/store/bodies.ts";
import { inTransaction } from "../database/pool.ts";
import { requestsOf } from "../grants/store.ts";
import { formDefinition, insertForm, recipientsOf, wrapsOf } from "./store.ts";
import { countByEpoch } from "../public/store.ts";
import { signedIn, type Staff } from "../http/visitor.ts";

const NONE = new Uint8Array();

export async function accessRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, listBodies, async ({ request }) => {
    const who = signedIn(request);
    const bodies = await allBodies(pool);
    return { bodies: who.kind === "operator" ? bodies : bodies.filter((body) => body.id === who.body) };
  });

  serve(app, contract.readChain, async ({ params }) => ({
    statements: (await chains.load(pool, params.body))?.statements ?? [],
  }));

  serve(app, listPeople, async ({ params }) => ({
    people: (await peopleOf(pool, params.body)).map((row) => ({
      person: row.id,
      name: row.name,
      email: row.email,
      role: row.role,
      recipient: row.recipient ?? "",
      signingKey: row.signing_key ?? NONE,
      detailsSalt: row.details_salt ?? NONE,
      state: row.state,
    })),
  }));

  serve(app, contract.listInboxes, async ({ params: { body } }) => {
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
    const inboxes = [...state.inboxes.values()].map(async (inbox) => {
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
    });
    return { inboxes: await Promise.all(inboxes) };
  });

  serve(app, contract.ownWraps, async ({ params, request }) => ({
    wraps: (await wrapsOf(pool, params.inbox, signedIn(request).person)).map((row) => ({
      epoch: row.epoch,
      wrap: row.bytes,
    })),
  }));

  serve(app, contract.readForm, async ({ params: { body, hash } }) => {
    const found = await formDefinition(pool, hash);
    if (!found || found.body !== body || toHex(sha256(found.definition)) !== hash) throw new Fault("FORM_UNKNOWN");
    return found.definition;
  });

  serve(app, contract.addForm, async ({ params, content: form }) => {
    if (form.body !== params.body) throw new Fault("REFUSED_BODY");
    const definition = canonicalBytes(form);
    // A slug belongs to one body: another body's letters must not be sealed to this one's key by a form of the same
    // name.
    for (const body of config.roots.keys())
      if (body !== form.body && (await chains.load(pool, body))?.state.forms.has(form.id))
        throw new Fault("FORM_NAME_TAKEN");
    await inTransaction(pool, (client) => insertForm(client, sha256(definition), form.id, form.body, definition));
    return { formHash: toHex(sha256(definition)) };
  });

  serve(app, contract.postStatements, async ({ params, content: { request: asked, ...rest }, request }) => {
    await append(pool, chains, config, signedIn(request), params.body, {
      ...rest,
      ...(asked ? { request: asked } : {}),
    });
  });
}

/** Asking that named people may read, and what became of it. */
export async function requestRoutes(app: App, { pool, chains }: Staff): Promise<void> {
  serve(app, listRequests, async ({ params }) => {
    const rows = await requestsOf(pool, params.body);
    const names = await namesOf(
      pool,
      rows.flatMap((row) => [row.asker, ...(row.decided_by ? [row.decided_by] : [])]),
    );
    return {
      requests: rows.map((row) => ({
        request: row.id,
        inbox: row.inbox,
        asker: { person: row.asker, ...(names.get(row.asker) ?? { name: "Unknown", role: "operator" as const }) },
        persons: row.persons,
        scope: row.scope,
        until: row.until,
        purpose: row.purpose,
        purposeText: row.purpose_text,
        purposeSalt: row.purpose_salt,
        state: row.state,
        askedAt: row.asked_at.getTime(),
        decidedAt: row.decided_at?.getTime() ?? null,
        decidedBy: row.decided_by ? (names.get(row.decided_by) ?? { name: "Unknown", role: "owner" }) : null,
        reason: row.reason,
      })),
    };
  });

  serve(app, askToRead, async ({ params, content, request }) => ({
    request: await ask(pool, chains, signedIn(request), { body: params.body, ...content }),
  }));

  serve(app, declineRequest, async ({ params, content, request }) =>
    closeRequest(pool, signedIn(request), params.body, params.request, "declined", content.reason),
  );

  serve(app, withdrawRequest, async ({ params, request }) =>
    closeRequest(pool, signedIn(request), params.body, params.request, "withdrawn", ""),
  );
}
