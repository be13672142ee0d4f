/** What is written about an incident beside its acts: the report and its versions, notices, packs, the register. */
import { actOfKind, RECORDING } from "./incidents.ts";
import { done, json, JSON_TYPE, octets, staff } from "./route.ts";
import { anything, anyText, bytes, exact, id, list, maybe, record, slug, text, whole, type Value } from "./shape.ts";

const REPORT_MAX = 192 * 1024;
const ACT_LIMIT = 64 * 1024;
const SEEING = ["INCIDENT_UNKNOWN", "INCIDENT_BROKEN"] as const;
const of = { body: slug, incident: id } as const;

export const filings = record({
  answers: list(record({ field: slug, value: anything })),
  versions: list(record({ version: whole, content: anyText, salt: bytes() })),
  messages: list(record({ channel: anyText, state: anyText, count: whole })),
  /** what the body's public record gives to a report */
  record: record({
    regulator: maybe(anyText),
    controller: maybe(anyText),
    dpo: maybe(anyText),
    processor: maybe(anyText),
  }),
});
export type Filings = Value<typeof filings>;
export const preparedPack = record({ pack: id, content: anyText });
export type PreparedPack = Value<typeof preparedPack>;
export const registerAnswer = record({ incident: id, field: slug, value: anything });
export type RegisterAnswer = Value<typeof registerAnswer>;

export const readFilings = staff.get({
  path: "/api/bodies/:body/incidents/:incident/report",
  params: of,
  action: "incident.view",
  answer: json(filings),
  refusals: SEEING,
});
/** One typed answer, checked by its field; null wipes it. */
export const typeAnswer = staff.post({
  path: "/api/bodies/:body/incidents/:incident/report/answers",
  params: of,
  action: "incident.act",
  request: json(exact({ field: slug, value: anything })),
  answer: done,
  refusals: SEEING,
});
export const makeVersion = staff.post({
  path: "/api/bodies/:body/incidents/:incident/report/versions",
  params: of,
  action: "incident.act",
  bodyLimit: 2 * REPORT_MAX,
  request: json(exact({ act: actOfKind("incident.reported"), content: text(REPORT_MAX), salt: bytes(32) })),
  answer: done,
  refusals: [...RECORDING, "REPORT_INCOMPLETE"],
});
export const followUp = staff.post({
  path: "/api/bodies/:body/incidents/:incident/follow-up",
  params: of,
  action: "incident.act",
  bodyLimit: ACT_LIMIT,
  request: json(actOfKind("incident.followed")),
  answer: done,
  refusals: RECORDING,
});
/** A notice to the public, put up, changed or taken down. */
export const giveNotice = staff.post({
  path: "/api/bodies/:body/incidents/:incident/notices",
  params: of,
  action: "incident.notice",
  bodyLimit: ACT_LIMIT,
  request: json(actOfKind("incident.notice")),
  answer: done,
  refusals: RECORDING,
});
export const preparePack = staff.post({
  path: "/api/bodies/:body/incidents/:incident/packs/prepare",
  params: of,
  action: "incident.act",
  answer: json(preparedPack),
  refusals: [...SEEING, "LOG_NOT_SIGNED", "PACK_TWO_LOGS"],
});
export const makePack = staff.post({
  path: "/api/bodies/:body/incidents/:incident/packs",
  params: of,
  action: "incident.act",
  request: json(actOfKind("incident.packed")),
  answer: done,
  refusals: RECORDING,
});
/** The file of a pack, checked by whoever reads it. */
export const readPack = staff.get({
  path: "/api/bodies/:body/incidents/:incident/packs/:pack",
  params: { ...of, pack: id },
  action: "incident.view",
  later: true,
  answer: octets(JSON_TYPE),
  refusals: ["INCIDENT_BROKEN"],
});
/** The texts of the register; what it says beside them stands in the acts. */
export const readRegister = staff.get({
  path: "/api/bodies/:body/register",
  params: { body: slug },
  action: "incident.list",
  answer: json(record({ answers: list(registerAnswer) })),
});
