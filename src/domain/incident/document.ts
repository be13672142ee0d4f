/**
 * Documents of an incident: what names the people affected, sealed to an inbox of the incident's own. It is an inbox like
 * a form's, without a form:
 * its key is born in an owner's browser with two holders, and its team is admitted like any reader
 * (docs/decisions/0026).
 */
import {
  decodeFields,
  encodeFields,
  fieldNumber,
  fromHex,
  fromUtf8,
  tag,
  taggedHash,
  toHex,
  type Bytes,
} from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { pad, unpad } from "../seal/padding.ts";
import { referenceOf } from "../seal/reference.ts";
import type { DocumentKind } from "./codes.ts";

/** The inbox of an incident follows from its id: no row can say that it is another, whose readers are others. */
export const incidentInbox = (incident: string): string =>
  toHex(taggedHash("incident-inbox", fromHex(incident)).subarray(0, 16));

/**
 * What people call an incident, from its inbox, so that whoever sees only the inbox calls it the same. For example
 * `IN-7K3M-9QXT-2D`.
 */
export const referenceOfDocuments = (inbox: string): string => referenceOf(inbox).replace(/^PB-/, "IN-");
export const incidentReference = (incident: string): string => referenceOfDocuments(incidentInbox(incident));

/** Where a document belongs; it stands inside the seal and is compared after opening (T6). */
export type DocumentContext = {
  readonly incident: string;
  readonly epoch: number;
  readonly document: string;
  readonly what: DocumentKind;
};

/** The largest document in bytes, before sealing: a list of 100,000 people fits. */
export const DOCUMENT_MAX = 32 * 1024 * 1024;

const KIND = tag("incident-document");

const encodeDocument = ({ incident, epoch, document, what }: DocumentContext, content: Bytes): Bytes => {
  if (content.length > DOCUMENT_MAX - 1024)
    throw new Fault("TOO_LARGE", "a document of an incident is larger than it may be");
  return pad(
    encodeFields([KIND, what, fromHex(incident), fromHex(incidentInbox(incident)), epoch, fromHex(document), content]),
  );
};

/** The content of a document, after its context was compared. @throws `OPEN_CONTEXT`, `OPEN_PADDING`, `MALFORMED` */
export function decodeDocument(expected: DocumentContext, padded: Bytes): Bytes {
  const [kind, what, incident, inbox, epoch, document, content, ...rest] = decodeFields(unpad(padded));
  if (!kind || !what || !incident || !inbox || !epoch || !document || !content || rest.length > 0)
    throw new Fault("MALFORMED", "a document has seven fields");
  const same =
    fromUtf8(kind) === KIND &&
    fromUtf8(what) === expected.what &&
    toHex(incident) === expected.incident &&
    toHex(inbox) === incidentInbox(expected.incident) &&
    fieldNumber(epoch) === expected.epoch &&
    toHex(document) === expected.document;
  if (!same) throw new Fault("OPEN_CONTEXT", "a document belongs elsewhere");
  return content;
}

/** Seals a document to the inbox's key of one epoch. @param recipient compared with the signed statement by the caller */
export const sealDocument = (context: DocumentContext, content: Bytes, recipient: string): Promise<Bytes> =>
  ageSeal([recipient], encodeDocument(context, content));
