/** Incidents: their acts, the documents that are sealed to them, and the letters loaded to find who was affected. */
import { canonicalBytes, canonicalJson } from "../domain/canonical.ts";
import type { ActEvent, ActKind, SignedAct, Texts } from "../domain/incident/act.ts";
import { DOCUMENT_MAX } from "../domain/incident/document.ts";
import { checkFields } from "../domain/log/event-fields.ts";
import { signedBytes } from "../domain/person/signed.ts";
import { Fault } from "../domain/problem.ts";
import { READING } from "./reading.ts";
import { done, json, staff } from "./route.ts";
import {
  anything,
  anyText,
  bytes,
  dictionary,
  exact,
  id,
  list,
  maybe,
  ownShape,
  record,
  slug,
  spelled,
  text,
  whole,
  type Shape,
  type Value,
} from "./shape.ts";

const storedAct = record({
  entry: bytes(),
  signature: bytes(),
  person: id,
  bySalt: bytes(),
  texts: maybe(dictionary(anyText, anyText)),
  salt: maybe(bytes()),
  proof: maybe(anyText),
  signedAt: maybe(whole),
});
export const incident = record({ incident: id, acts: list(storedAct) });
export type StoredIncident = Value<typeof incident>;

export const reading = record({
  release: id,
  person: id,
  personSalt: bytes(),
  idsSalt: maybe(bytes()),
  ids: list(id),
});
export const document = record({ proof: anyText, entry: bytes(), personSalt: bytes(), bytes: bytes() });

/** Few and short; canonical, so that their commitment is theirs. */
const textsFit = (texts: Texts): boolean => Object.keys(texts).length <= 8 && canonicalJson(texts).length <= 32_000;
const textsOfAct = dictionary(spelled(/^[a-z-]{1,32}$/), text(4000));
const envelope = exact({
  event: anything,
  signature: bytes(64),
  bySalt: bytes(32),
  texts: textsOfAct,
  salt: bytes(32),
});

/** An event of a known kind with exactly its fields. What it means is judged beside the write. */
function isActEvent(event: unknown): event is ActEvent {
  try {
    checkFields({ ...(event as ActEvent), v: 1, at: 0, nonce: "0".repeat(64) } as never);
    signedBytes(event as ActEvent);
    return "prev" in (event as ActEvent) && "incident" in (event as ActEvent);
  } catch {
    return false;
  }
}

/** A signed act as it was sent, of one of the kinds that this route takes. @throws `TOO_LARGE` for its texts */
export const signedAct = (name: string, takes: (kind: ActKind) => boolean): Shape<SignedAct> =>
  ownShape(
    name,
    (value) => {
      const { event, ...given } = envelope.parse(value);
      if (!textsFit(given.texts)) throw new Fault("TOO_LARGE");
      if (!isActEvent(event) || !takes(event.kind) || given.bySalt.length !== 32 || given.salt.length !== 32)
        throw new Fault("MALFORMED", `not a signed act: ${name}`);
      canonicalBytes(given.texts);
      return { ...given, event };
    },
    (act) => envelope.encode(act),
  );
export const actOfKind = (kind: ActKind): Shape<SignedAct> => signedAct(kind, (given) => given === kind);

/** Acts with something beside them come by a way of their own, which looks at that as well. */
const OWN_WAY: readonly ActKind[] = [
  "incident.opened",
  "incident.reported",
  "incident.followed",
  "incident.notice",
  "incident.packed",
  "incident.sealed",
];
const ACT_LIMIT = 64 * 1024;
const SEALED_MAX = DOCUMENT_MAX + 64 * 1024;
/** As many letters as are loaded under one event. */
const MOST_LETTERS = 100;

/** What recording an act may be refused with. */
export const RECORDING = ["INCIDENT_UNKNOWN", "INCIDENT_MOVED", "INCIDENT_RULE", "INCIDENT_BROKEN"] as const;
const SEEING = ["INCIDENT_UNKNOWN", "INCIDENT_BROKEN"] as const;

export const listIncidents = staff.get({
  path: "/api/bodies/:body/incidents",
  params: { body: slug },
  action: "incident.list",
  answer: json(
    record({
      incidents: list(incident),
      /** how many mails came back of each at which nobody has looked; of those that have one */
      cameBack: list(record({ incident: id, count: whole })),
    }),
  ),
  refusals: SEEING,
});
export const readIncident = staff.get({
  path: "/api/bodies/:body/incidents/:incident",
  params: { body: slug, incident: id },
  action: "incident.view",
  answer: json(incident),
  refusals: SEEING,
});
export const openIncident = staff.post({
  path: "/api/bodies/:body/incidents",
  params: { body: slug },
  action: "incident.open",
  bodyLimit: ACT_LIMIT,
  request: json(actOfKind("incident.opened")),
  answer: done,
  refusals: RECORDING,
});
export const recordAct = staff.post({
  path: "/api/bodies/:body/incidents/:incident/acts",
  params: { body: slug, incident: id },
  action: "incident.act",
  bodyLimit: ACT_LIMIT,
  request: json(signedAct("any act without a way of its own", (kind) => !OWN_WAY.includes(kind))),
  answer: done,
  refusals: RECORDING,
});

/** Sealed bytes beside the act that names them. */
export const sealDocument = staff.post({
  path: "/api/bodies/:body/incidents/:incident/documents",
  params: { body: slug, incident: id },
  action: "incident.seal",
  bodyLimit: Math.ceil(SEALED_MAX / 3) * 4 + ACT_LIMIT,
  request: json(exact({ act: actOfKind("incident.sealed"), bytes: bytes(SEALED_MAX) })),
  answer: done,
  refusals: [
    ...RECORDING,
    "ENVELOPE_MALFORMED",
    "ENVELOPE_NOT_SEALED",
    "ENVELOPE_PADDING",
    "EPOCH_ENDED",
    "INBOX_UNKNOWN",
  ],
});
export const beginDocumentRelease = staff.post({
  path: "/api/bodies/:body/incidents/:incident/documents/:document/releases",
  params: { body: slug, incident: id, document: id },
  action: "document.release",
  request: json(exact({ release: id })),
  status: 202,
  answer: done,
  refusals: [...READING, ...SEEING],
});
export const fetchDocumentRelease = staff.get({
  path: "/api/bodies/:body/incidents/:incident/releases/:release",
  params: { body: slug, incident: id, release: id },
  action: "document.fetch",
  later: true,
  answer: json(document),
  refusals: [...READING, "RELEASE_UNKNOWN"],
});
/** Letters of one inbox, to find out who is affected: one event. They are fetched as any release. */
export const beginAffectedRelease = staff.post({
  path: "/api/bodies/:body/incidents/:incident/affected",
  params: { body: slug, incident: id },
  action: "release.affected",
  request: json(exact({ release: id, inbox: id, submissions: list(id, MOST_LETTERS) })),
  status: 202,
  answer: done,
  refusals: [...READING, ...SEEING, "ERASED"],
});
/** Who read which letters of an inbox, as the log commits to it. */
export const listReadings = staff.get({
  path: "/api/bodies/:body/incidents/:incident/readings/:inbox",
  params: { body: slug, incident: id, inbox: id },
  action: "incident.readings",
  answer: json(record({ readings: list(reading) })),
  refusals: ["INBOX_UNKNOWN"],
});
