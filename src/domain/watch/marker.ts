/**
 * Markers: letters that the monitor seals, sends and then looks for. A marker is an ordinary row. That it is one is
 * said twice: inside the seal, and by an event that the monitor signed. Only both together are believed.
 */
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { encodeFields, fromHex, hmacSha256, tag, type Bytes } from "../bytes.ts";
import { sign, verify } from "../person/sign.ts";

/** No question has such a name: names of questions begin with a letter. */
const MARKER_FIELD = "_marker";
const WORDS = 8;

export type Marker = {
  readonly body: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly submission: string;
};
export type SignedMarker = Marker & { readonly signature: Bytes };

/**
 * The words of a marker: 88 bits that stand nowhere but inside its seal. Made from the monitor's own secret, so that it
 * knows them after a restart without having stored them.
 */
export function markerWords(secret: Bytes, submission: string): string {
  const mac = hmacSha256(secret, encodeFields([tag("marker-words"), fromHex(submission)]));
  return Array.from(
    { length: WORDS },
    (_, i) => wordlist[(((mac[i * 2] ?? 0) << 8) | (mac[i * 2 + 1] ?? 0)) % wordlist.length],
  ).join(" ");
}

/** Content of a part with the flag in it. */
export const withMarker = (content: object, words: string): object => ({ ...content, [MARKER_FIELD]: words });

/** What was opened without the flag, and whether it was there. What is left is checked like any letter. */
export function takeMarker(opened: unknown): { readonly flagged: boolean; readonly content: unknown } {
  if (typeof opened !== "object" || opened === null || Array.isArray(opened) || !Object.hasOwn(opened, MARKER_FIELD))
    return { flagged: false, content: opened };
  const { [MARKER_FIELD]: words, ...content } = opened as { readonly [name: string]: unknown };
  return { flagged: typeof words === "string", content };
}

const bytesOf = (installation: string, { body, inbox, epoch, submission }: Marker): Bytes =>
  encodeFields([tag("marker"), installation, body, inbox, epoch, submission]);

export const signMarker = (secret: Bytes, installation: string, marker: Marker): SignedMarker => ({
  ...marker,
  signature: sign(secret, bytesOf(installation, marker)),
});

/** Whether the monitor of this installation said that it planted this. */
export const isMarker = (key: Bytes, installation: string, marker: SignedMarker): boolean =>
  verify(key, marker.signature, bytesOf(installation, marker));
