/** A body's statements, and what goes with them: inboxes, wrapped keys, versions of forms. */
import * as contract from "../../contract/statements.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { canonicalBytes, parseCanonical } from "../../domain/canonical.ts";
import { formOf } from "../../domain/form/form.ts";
import { Fault } from "../../domain/problem.ts";
import { append } from "./append.ts";
import { plantedIn } from "../watch/action.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { inTransaction } from "../database/pool.ts";
import { formDefinition, insertForm, recipientsOf, wrapsOf } from "./store.ts";
import { countByEpoch } from "../public/store.ts";
import { signedIn, type Staff } from "../http/visitor.ts";

export async function statementRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, contract.readChain, async ({ params }) => ({
    statements: (await chains.load(pool, params.body))?.statements ?? [],
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

  serve(app, contract.ownWraps, async ({ params, request }) => {
    const { person } = signedIn(request);
    const epochs = (await chains.need(pool, params.body)).state.inboxes.get(params.inbox)?.epochs ?? [];
    const signed = epochs.flatMap(({ epoch, holders }) => {
      const hash = holders.get(person);
      return hash === undefined ? [] : [[epoch, hash] as const];
    });
    return {
      wraps: (await wrapsOf(pool, params.inbox, person, new Map(signed))).map((row) => ({
        epoch: row.epoch,
        wrap: row.bytes,
      })),
    };
  });

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
