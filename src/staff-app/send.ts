/** The page's way to the staff server. What comes back is parsed by `src/contract` before anybody sees it. */
import { makeApi, type Send } from "../member/wire/api.ts";
import { Unreachable } from "../member/wire/unreachable.ts";

/** Longer than the server ever waits by itself (3 s for a checkpoint). */
const PATIENCE_MS = 30_000;

/** @throws Unreachable */
const send: Send = async ({ method, path, body }) => {
  try {
    const response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { accept: "application/json", ...(body !== null && { "content-type": "application/json" }) },
      ...(body !== null && { body }),
    });
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch {
    throw new Unreachable();
  }
};

/** Every request of these pages. */
export const api = makeApi(send);
