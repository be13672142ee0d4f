/** A request for an exposed address, as text: what was asked for, by whom, and what the server answered. */
import type { Bytes } from "../bytes.ts";
import { byteString, exposedFor, type Exposed } from "./exposed.ts";
import { visitorOf } from "./address.ts";
import type { LineScanner } from "./log-line.ts";
import { holdsTwo, tailOf, unescaped, type LineRead } from "./log-shape.ts";

/**
 * What became of a request, by its status. `reached`: content was handed over (304 too: that browser has it already).
 * `headers`: only HEAD or OPTIONS. `elsewhere`: sent on. `unclear`: broken off, or a status that says neither.
 */
export type Outcome = "reached" | "unclear" | "headers" | "elsewhere" | "refused" | "failed";

export type Request = {
  /** milliseconds since the epoch */
  readonly at: number;
  /** of the visitor, in one spelling; another word where the line has no address */
  readonly address: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly agent: string;
  /** the exposed address as it was given */
  readonly exposed: string;
  readonly outcome: Outcome;
};

/**
 * The request of a line that the scanner called a candidate; null where it asked for something else, "unread" where
 * nobody can tell what was answered.
 */
export function requestOf(
  exposed: readonly Exposed[],
  scanner: LineScanner,
  bytes: Bytes,
  from: number,
  to: number,
): Request | null | "unread" {
  const asked = /^([^ ]+) (.*?)(?: HTTP\/[0-9.]+)?$/s.exec(byteString(bytes, scanner.request, scanner.close));
  if (!asked) return null;
  const target = unescaped(asked[2]!);
  if (!askedFor(exposed, target)) return null;
  const tail = byteString(bytes, scanner.close + 1, to);
  if (holdsTwo(tail)) return "unread";
  const { agent, rest } = tailOf(tail);
  const address = visitorOf(byteString(bytes, from, scanner.request).replace(/\[[^[]*$/, ""), rest);
  return requestIn(exposed, { at: scanner.at, address, method: asked[1]!, target, status: scanner.status, agent });
}

/** Behind a space some servers read no further. */
const askedFor = (exposed: readonly Exposed[], target: string): Exposed | null =>
  exposedFor(exposed, target) ?? (target.includes(" ") ? exposedFor(exposed, target.split(" ")[0]!) : null);

/** The request of a line that was read, or null where it asked for something else. */
export function requestIn(exposed: readonly Exposed[], line: LineRead): Request | null {
  const found = line.target === "" ? null : askedFor(exposed, line.target);
  if (!found) return null;
  const method = line.method.toUpperCase();
  return { ...line, method, exposed: found.given, outcome: outcomeOf(method, line.status) };
}

function outcomeOf(method: string, status: number): Outcome {
  if (status === 304) return "reached";
  if (status >= 200 && status < 300)
    return method === "HEAD" || method === "OPTIONS" || method === "TRACE"
      ? "headers"
      : status === 204 || status === 205
        ? "headers"
        : "reached";
  if (status >= 300 && status < 400) return "elsewhere";
  // 499 is nginx's word for a visitor who left while the answer was under way.
  if (status >= 400 && status < 500 && status !== 499) return "refused";
  return status >= 500 && status < 600 ? "failed" : "unclear";
}
