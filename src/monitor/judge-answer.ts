/** What can be said of one answer to a stranger, whatever was asked. */
import { createHash } from "node:crypto";
import { SENTENCES } from "../domain/problem.ts";
import { plainLine, type FindingCode, type Observation } from "../domain/watch/finding.ts";
import { found, type Needle } from "./needles.ts";
import { header, jsonOf, type Answer } from "./stranger.ts";

export type Of = Pick<Observation, "place" | "body" | "form">;

export const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** One line for an engineer: what was asked, what came. Never what stood in it. */
export function told(answer: Answer, saw = ""): string {
  const { ask, status, bytes } = answer;
  return plainLine(
    `${ask.method} ${ask.origin}${ask.path} answered ${status}, ${bytes.length} bytes, SHA-256 ${hashOf(bytes).slice(0, 16)}${saw === "" ? "" : `: ${saw}`}`,
  );
}

export const observe = (of: Of, code: FindingCode, ...evidence: string[]): Observation => ({ ...of, code, evidence });

/** Sealed bytes and traces of markers in an answer. */
export function contentIn(of: Of, answer: Answer, needles: readonly Needle[]): Observation[] {
  const hits = found(needles, answer.bytes);
  const heads = found(needles, Buffer.from(Object.values(answer.headers).flat().join("\n"), "latin1"));
  const saw = new Map([...hits, ...heads].map((needle) => [needle.code, needle.saw]));
  return [...saw].map(([code, what]) => observe(of, code, told(answer, what)));
}

/**
 * A refusal in our own form, with a code from the closed list and nothing else; or none at all where there is no body.
 */
export function isRefusal(answer: Answer): boolean {
  if (answer.status < 400 || answer.status > 499) return false;
  if (answer.bytes.length === 0) return true;
  const body = jsonOf(answer);
  return (
    body !== undefined &&
    Object.keys(body).every((name) => name === "code" || name === "sentence") &&
    typeof body["code"] === "string" &&
    Object.hasOwn(SENTENCES, body["code"]) &&
    body["sentence"] === SENTENCES[body["code"] as keyof typeof SENTENCES]
  );
}

/** Exactly the denial that every stranger gets at every address for staff. */
export const isDenial = (answer: Answer): boolean =>
  answer.status === 401 &&
  (answer.bytes.length === 0
    ? answer.ask.method === "HEAD"
    : isRefusal(answer) && jsonOf(answer)?.["code"] === "NOT_SIGNED_IN");

export type Kept = "never" | "may";

/** Headers without which browsers, caches and search engines may do what they must not. */
export function headersOf(of: Of, answer: Answer, kept: Kept, https: boolean): Observation[] {
  const policy = header(answer, "content-security-policy");
  const lacks = [
    ...(/default-src 'none'/.test(policy) && /frame-ancestors 'none'/.test(policy)
      ? []
      : ["a content security policy that begins with none and forbids frames"]),
    ...(/unsafe-inline|unsafe-eval|(?:^|[\s;])(?:\*|https?:)(?:[\s;]|$)/.test(policy)
      ? ["a content security policy without exceptions"]
      : []),
    ...(/nosniff/.test(header(answer, "x-content-type-options")) ? [] : ["nosniff"]),
    ...(/noindex/.test(header(answer, "x-robots-tag")) ? [] : ["noindex"]),
    ...(kept === "may" || /no-store/.test(header(answer, "cache-control")) ? [] : ["no-store"]),
    ...(https && !header(answer, "strict-transport-security") ? ["strict-transport-security"] : []),
    ...(answer.headers["set-cookie"] ? ["an answer without a cookie"] : []),
  ];
  const cached = kept === "never" && (header(answer, "age") !== "" || /hit/i.test(header(answer, "x-cache")));
  return [
    ...(lacks.length > 0 ? [observe(of, "header-missing", told(answer, `without ${lacks.join(", ")}`))] : []),
    ...(cached ? [observe(of, "from-cache", told(answer, "it came from a store of copies"))] : []),
  ];
}
