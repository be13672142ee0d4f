/**
 * What must stand in no answer to a stranger: sealed bytes of anybody, and every trace of the monitor's own letters.
 */
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { referenceOf } from "../domain/seal/reference.ts";

/** `code`: what it is when it is found; `saw`: for the evidence, never what was found. */
export type Needle = {
  readonly code: "sealed-bytes" | "marker-seen";
  readonly saw: string;
  readonly bytes: Buffer;
  /** letters may be of either case */
  readonly caseless?: true;
};

const AGE = Buffer.from("age-encryption.org/v1");
const WINDOW = 48;

/**
 * The same bytes as they would stand in base64, wherever they begin in it: three ways, without the ends that depend on
 * the neighbours.
 */
export const inBase64 = (bytes: Uint8Array): Buffer[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replaceAll("=", "");
    return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, text.length - 2));
  });

const written = (bytes: Uint8Array, code: Needle["code"], saw: string): Needle[] => [
  { code, saw, bytes: Buffer.from(bytes) },
  { code, saw: `${saw} in hex`, bytes: Buffer.from(Buffer.from(bytes).toString("hex")), caseless: true },
  ...inBase64(bytes)
    .flatMap((one) => [one, Buffer.from(one.toString().replaceAll("+", "-").replaceAll("/", "_"))])
    .map((one) => ({ code, saw: `${saw} in base64`, bytes: one })),
];

/** Any sealed letter begins like this. */
export const SEALED: readonly Needle[] = written(AGE, "sealed-bytes", "the beginning of a sealed file");

/** Traces of one marker; `sealed` are its parts as they were sent, where this process sent them. */
export function needlesOf(submission: string, words: string, sealed: readonly Bytes[]): Needle[] {
  const parts = words.split(" ");
  const half = [parts.slice(0, 4).join(" "), parts.slice(4).join(" ")];
  const windows = sealed.flatMap((bytes) =>
    [bytes.length >> 1, bytes.length - WINDOW].map((at) => bytes.subarray(at, at + WINDOW)),
  );
  return [
    ...half.map(
      (text): Needle => ({ code: "marker-seen", saw: "words of a marker", bytes: Buffer.from(text), caseless: true }),
    ),
    { code: "marker-seen", saw: "the id of a marker", bytes: Buffer.from(submission), caseless: true },
    { code: "marker-seen", saw: "the id of a marker in base64", bytes: inBase64(fromHex(submission))[0]! },
    { code: "marker-seen", saw: "the reference of a marker", bytes: Buffer.from(referenceOf(submission)) },
    ...windows.flatMap((bytes) => written(bytes, "marker-seen", "sealed bytes of a marker")),
  ];
}

/** Those that stand in what was answered. */
export function found(needles: readonly Needle[], bytes: Buffer): Needle[] {
  if (bytes.length === 0) return [];
  const lower = Buffer.from(bytes.toString("latin1").toLowerCase(), "latin1");
  return needles.filter((needle) =>
    needle.caseless
      ? lower.includes(Buffer.from(needle.bytes.toString("latin1").toLowerCase(), "latin1"))
      : bytes.includes(needle.bytes),
  );
}
