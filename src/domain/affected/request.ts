/** A request for an exposed address, as text: what was asked for, by whom, and what the server answered. */
import type { Bytes } from "../bytes.ts";
import { byteString, exposedFor, type Exposed } from "./exposed.ts";
import type { LineScanner } from "./log-line.ts";

/**
 * What became of a request, by its status. `reached`: content was handed over (304 too: that browser has it already).
 * `headers`: only HEAD or OPTIONS. `elsewhere`: sent on. `unclear`: broken off, or a status that says neither.
 */
export type Outcome = "reached" | "unclear" | "headers" | "elsewhere" | "refused" | "failed";

export type Request = {
  /** milliseconds since the epoch */
  readonly at: number;
  readonly address: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly agent: string;
  /** the exposed address as it was given */
  readonly exposed: string;
  readonly outcome: Outcome;
};

/** Both servers write what could end a field as an escape: `\"`, `\\`, `\x22`. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, one: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : one,
  );

/** The request of a line that the scanner called a candidate, or null where it asked for something else. */
export function requestOf(
  exposed: readonly Exposed[],
  scanner: LineScanner,
  bytes: Bytes,
  from: number,
  to: number,
): Request | null {
  const asked = /^([^ ]+) (.*?)(?: HTTP\/[0-9.]+)?$/s.exec(byteString(bytes, scanner.request, scanner.close));
  if (!asked) return null;
  const target = unescaped(asked[2]!);
  const found = exposedFor(exposed, target);
  if (!found) return null;
  const method = asked[1]!.toUpperCase();
  return {
    at: scanner.at,
    address: addressOf(byteString(bytes, from, scanner.request)),
    method,
    target,
    status: scanner.status,
    agent: agentOf(byteString(bytes, scanner.close, to)),
    exposed: found.given,
    outcome: outcomeOf(method, scanner.status),
  };
}

/** The visitor's address; the format with the virtual host in front has it second. */
function addressOf(head: string): string {
  const [first = "", second = ""] = head.split(" ");
  return second !== "-" && /^[^[\]]+:\d{1,5}$/.test(first) && /^[0-9a-f.:]+$/i.test(second) ? second : first;
}

/** The last field in quotation marks, where the line has one. */
const agentOf = (tail: string): string => unescaped(/"((?:[^"\\]|\\.)*)"?\s*$/s.exec(tail.slice(1))?.[1] ?? "");

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
