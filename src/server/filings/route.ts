/**
 * What is written about an incident: the report and its versions, what followed, public notices, evidence packs. For
 * owners and auditors of the body.
 */
import * as contract from "../../contract/filings.ts";
import { text } from "../../contract/shape.ts";
import { fromUtf8, toUtf8 } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { NOTICE_DRAFT_FIELDS } from "../../domain/incident/notice.ts";
import { typedAnswer } from "../../domain/incident/report.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { needIncident } from "../incidents/action.ts";
import { noticeAct } from "./notice.ts";
import { makePack, packFile, preparePack } from "./packs.ts";
import { followUp, keptAnswer, makeVersion, recordOf, type Desk } from "./report.ts";
import type { App } from "../http/app.ts";
import { LATER, serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { answersOf, keepAnswer, messageCounts, reportsOf } from "./store/filings.ts";

export async function filingRoutes(app: App, { pool, chains, config }: Staff): Promise<void> {
  const desk: Desk = { pool, chains };

  serve(app, contract.readFilings, async ({ params: { body, incident } }) => {
    await needIncident(pool, chains, body, incident);
    const [answers, versions, messages, record] = [
      await answersOf(pool, body, incident),
      await reportsOf(pool, body, incident),
      await messageCounts(pool, body, incident),
      await recordOf(pool, body),
    ];
    return {
      answers: answers.map(({ field, value }) => ({ field, value: parseJson(value) })),
      versions: versions.map(({ version, content, salt }) => ({
        version,
        content: fromUtf8(new Uint8Array(content)),
        salt,
      })),
      messages,
      record,
    };
  });

  serve(app, contract.typeAnswer, async ({ params: { body, incident }, content: { field, value }, request }) => {
    await needIncident(pool, chains, body, incident);
    const kept = value === null ? null : answer(field, value);
    await keepAnswer(pool, body, incident, field, kept, signedIn(request).person);
  });

  serve(app, contract.makeVersion, async ({ params: { body, incident }, content, request }) =>
    makeVersion(desk, signedIn(request), body, incident, content.act, toUtf8(content.content), content.salt),
  );

  serve(app, contract.followUp, async ({ params: { body, incident }, content, request }) =>
    followUp(desk, signedIn(request), body, incident, content),
  );

  serve(app, contract.giveNotice, async ({ params: { body, incident }, content, request }) =>
    noticeAct(desk, signedIn(request), body, incident, content),
  );

  serve(app, contract.preparePack, async ({ params: { body, incident } }) => preparePack(desk, config, body, incident));

  serve(app, contract.makePack, async ({ params: { body, incident }, content, request }) =>
    makePack(desk, signedIn(request), body, incident, content),
  );

  serve(app, contract.readPack, async ({ params: { body, incident, pack }, reply }) => {
    const file = await packFile(desk, body, incident, pack);
    if (file === null) return LATER;
    reply.header("content-disposition", `attachment; filename="evidence-${incident.slice(0, 8)}.json"`);
    return file;
  });

  serve(app, contract.readRegister, async ({ params }) => ({
    answers: (await answersOf(pool, params.body)).map(({ incident, field, value }) => ({
      incident,
      field,
      value: parseJson(value),
    })),
  }));
}

/** A typed answer, checked, in its one spelling. A draft of a notice is kept in the same place. */
function answer(field: string, value: unknown): string {
  const limit = NOTICE_DRAFT_FIELDS[field];
  if (limit === undefined) return keptAnswer(typedAnswer(field, value).answer);
  const { kind, words } = (typeof value === "object" && value !== null ? value : {}) as {
    readonly kind?: unknown;
    readonly words?: unknown;
  };
  if (kind !== "words") throw new Fault("BAD_REQUEST");
  try {
    return keptAnswer({ kind, words: text(limit).parse(words) });
  } catch (thrown) {
    throw new Fault(codeOf(thrown) === "MALFORMED" ? "BAD_REQUEST" : codeOf(thrown));
  }
}
