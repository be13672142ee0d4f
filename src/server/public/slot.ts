/**
 * The slot that takes sealed bytes, beside the framework: the same limits, checks, answers and lines of the log for half
 * the processor time. It takes the plain request that every browser and the counter make; whatever looks otherwise goes
 * the framework's way, which answers the same.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import * as contract from "../../contract/public.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { visitorNamed, type IsProxy } from "../../domain/network.ts";
import { sentence } from "../../domain/problem.ts";
import { SUBMISSION_MAX, SUBMISSION_TYPE } from "../../domain/seal/envelope.ts";
import { problemOf } from "../http/app.ts";
import type { Limit } from "../http/limits.ts";
import { note } from "../http/log.ts";
import { noteUnknown } from "../http/serve.ts";

export type Taken = { readonly reference: string; readonly receivedAt: number };

export type SlotParts = {
  /** Stores what came, or says why not. */
  readonly take: (content: Bytes, byCounter: boolean) => Promise<Taken>;
  readonly limit: Limit;
  readonly isProxy: IsProxy;
  readonly byCounter: (request: Pick<IncomingMessage, "headers">) => boolean;
};

const { path, method, status: STATUS } = contract.submit;
/** Of one answer alone. */
const OWN = new Set(["content-length", "content-type", "date", "connection", "retry-after", "transfer-encoding"]);

export class Slot {
  readonly #parts: SlotParts;
  #headers: OutgoingHttpHeaders | null = null;
  #closing = false;

  constructor(parts: SlotParts) {
    this.#parts = parts;
  }

  /** The headers that the framework gives to an answer of this address. Before it has, nothing is taken here. */
  learn(headers: Readonly<Record<string, string | number | string[] | undefined>>): void {
    this.#headers ??= Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.has(name.toLowerCase())));
  }

  /** From here on the framework answers, and closes connections. */
  close(): void {
    this.#closing = true;
  }

  /** Takes a request, or leaves it as it is and says no. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#headers === null || this.#closing || !isPlain(request)) return false;
    const visitor = visitorNamed(this.#parts.isProxy, addressesOf(request));
    // The framework says so to a proxy that names nobody.
    if (visitor === null) return false;
    const began = performance.now();
    response.once("finish", () =>
      note({
        level: "info",
        process: "public",
        method,
        route: path,
        status: response.statusCode,
        ms: Math.round(performance.now() - began),
      }),
    );
    const byCounter = this.#parts.byCounter(request);
    const wait = byCounter ? 0 : this.#parts.limit(visitor);
    if (wait > 0) {
      request.resume();
      this.#refuse(response, "TOO_MANY", 429, { "retry-after": wait });
      return true;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    // Whoever leaves in the middle gets no answer, and nothing was stored.
    request.once("end", () => void this.#answer(response, parts, byCounter));
    return true;
  }

  async #answer(response: ServerResponse, parts: readonly Buffer[], byCounter: boolean): Promise<void> {
    try {
      const [first] = parts;
      const whole = parts.length === 1 && first ? first : Buffer.concat(parts);
      const taken = await this.#parts.take(new Uint8Array(whole.buffer, whole.byteOffset, whole.length), byCounter);
      this.#send(response, STATUS, String(contract.submit.answer.write(taken)));
    } catch (thrown) {
      noteUnknown(contract.submit, thrown);
      const { code, status } = problemOf("public", path, thrown);
      this.#refuse(response, code, status);
    }
  }

  #refuse(response: ServerResponse, code: Parameters<typeof sentence>[0], status: number, more = {}): void {
    this.#send(response, status, JSON.stringify({ code, sentence: sentence(code) }), more);
  }

  #send(response: ServerResponse, status: number, text: string, more: OutgoingHttpHeaders = {}): void {
    const bytes = Buffer.from(text);
    response
      .writeHead(status, {
        ...this.#headers,
        "content-type": "application/json; charset=utf-8",
        "content-length": bytes.length,
        ...more,
      })
      .end(bytes);
  }
}

/** The other end of the connection, and the last address that a header names: one step, as the framework takes it. */
const addressesOf = ({ socket, headers }: IncomingMessage): readonly string[] => {
  const told = headers["x-forwarded-for"];
  const last = typeof told === "string" ? told.slice(told.lastIndexOf(",") + 1).trim() : undefined;
  return [socket.remoteAddress ?? "", ...(last === undefined ? [] : [last])];
};

/** Exactly this address, this type and a length that may be: nothing has to be interpreted. */
function isPlain({ method: asked, url, headers }: IncomingMessage): boolean {
  if (asked !== method || url !== path || headers["content-type"] !== SUBMISSION_TYPE) return false;
  const length = headers["content-length"];
  return (
    length !== undefined &&
    /^[1-9]\d{0,8}$/.test(length) &&
    Number(length) <= SUBMISSION_MAX &&
    headers["transfer-encoding"] === undefined &&
    headers["content-encoding"] === undefined &&
    headers.expect === undefined
  );
}
