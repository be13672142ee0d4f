/**
 * What is written about an incident: the report and its versions, what followed, public notices, evidence packs. For
 * owners and auditors of the body.
 */
import { fromUtf8, toBase64, toUtf8 } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { NOTICE_DRAFT_FIELDS } from "../../domain/incident/notice.ts";
import { typedAnswer } from "../../domain/incident/report.ts";
import { Fault } from "../../domain/problem.ts";
import { needIncident } from "../incidents/action.ts";
import { noticeAct } from "./notice.ts";
import { makePack, packFile, preparePack } from "./packs.ts";
import { followUp, keptAnswer, makeVersion, recordOf, type Desk } from "./report.ts";
import type { App } from "../http/app.ts";
import * as read from "../http/parse.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { answersOf, keepAnswer, letterCounts, reportsOf } from "./store/filings.ts";
import { signedAct } from "../incidents/route.ts";

type InBody = { Params: { body: string } };
type OfIncident = { Params: { body: string; incident: string } };
type OfPack = { Params: { body: string; incident: string; pack: string } };

const MOST_REPORT = 192 * 1024;
const VIEW = { config: { action: "incident.view" } } as const;
const ACT = { config: { action: "incident.act" } } as const;
const AT = "/api/bodies/:body/incidents/:incident";

export async function paperRoutes(app: App, { pool, chains, config }: Staff): Promise<void> {
  const desk: Desk = { pool, chains };
  const of = ({ params }: { readonly params: OfIncident["Params"] }): readonly [string, string] => [
    params.body,
    read.id(params.incident),
  ];

  app.get<OfIncident>(`${AT}/report`, VIEW, async (request) => {
    const [body, incident] = of(request);
    await needIncident(pool, chains, body, incident);
    const [answers, versions, letters, record] = [
      await answersOf(pool, body, incident),
      await reportsOf(pool, body, incident),
      await letterCounts(pool, body, incident),
      await recordOf(pool, body),
    ];
    return {
      answers: answers.map(({ field, value, at }) => ({ field, value: parseJson(value), at: at.getTime() })),
      versions: versions.map(({ version, content, salt }) => ({
        version,
        content: fromUtf8(new Uint8Array(content)),
        salt: toBase64(salt),
      })),
      letters,
      record,
    };
  });

  app.post<OfIncident>(`${AT}/report/answers`, ACT, async (request) => {
    const [body, incident] = of(request);
    const { field, value } = read.fields(request.body, { field: read.slug, value: (given: unknown) => given });
    await needIncident(pool, chains, body, incident);
    await keepAnswer(
      pool,
      body,
      incident,
      field,
      value === null ? null : answer(field, value),
      signedIn(request).person,
    );
    return { ok: true };
  });

  app.post<OfIncident>(`${AT}/report/versions`, { ...ACT, bodyLimit: 2 * MOST_REPORT }, async (request) => {
    const { act, content, salt } = read.fields(request.body, {
      act: (given: unknown) => signedAct(given, "incident.reported"),
      content: read.text(MOST_REPORT),
      salt: read.bytes(32),
    });
    await makeVersion(desk, signedIn(request), ...of(request), act, toUtf8(content), salt);
    return { ok: true };
  });

  app.post<OfIncident>(`${AT}/follow-up`, { ...ACT, bodyLimit: 64 * 1024 }, async (request) => {
    await followUp(desk, signedIn(request), ...of(request), signedAct(request.body, "incident.followed"));
    return { ok: true };
  });

  app.post<OfIncident>(
    `${AT}/notices`,
    { config: { action: "incident.notice" }, bodyLimit: 64 * 1024 },
    async (request) => {
      await noticeAct(desk, signedIn(request), ...of(request), signedAct(request.body, "incident.notice"));
      return { ok: true };
    },
  );

  app.post<OfIncident>(`${AT}/packs/prepare`, ACT, async (request) => preparePack(desk, config, ...of(request)));

  app.post<OfIncident>(`${AT}/packs`, ACT, async (request) => {
    await makePack(desk, signedIn(request), ...of(request), signedAct(request.body, "incident.packed"));
    return { ok: true };
  });

  app.get<OfPack>(`${AT}/packs/:pack`, VIEW, async (request, reply) => {
    const file = await packFile(desk, ...of(request), read.id(request.params.pack));
    if (file === null) return reply.code(202).send({});
    return reply
      .type("application/json")
      .header("content-disposition", `attachment; filename="evidence-${request.params.incident.slice(0, 8)}.json"`)
      .send(Buffer.from(file));
  });

  // The texts of the register; what it says beside them stands in the acts.
  app.get<InBody>("/api/bodies/:body/register", { config: { action: "incident.list" } }, async (request) => ({
    answers: (await answersOf(pool, request.params.body)).map(({ incident, field, value }) => ({
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
  if (typeof value !== "object" || value === null) throw new Fault("BAD_REQUEST");
  const { kind, words } = value as { readonly kind?: unknown; readonly words?: unknown };
  return keptAnswer(kind === "words" ? { kind, words: read.text(limit)(words) } : read.text(0)(""));
}
