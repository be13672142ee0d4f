/** How a program at a desk asks: it gives up in time, and goes nowhere else than it was sent. */
import { Fault } from "../domain/problem.ts";

/** Longer than a server ever waits by itself. */
const PATIENCE_MS = 30_000;

/** `fetch` that gives up in time and never follows a redirect. @throws `UNAVAILABLE` when nobody answers */
export async function fetchFrom(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (thrown) {
    throw new Fault(
      "UNAVAILABLE",
      `${new URL(address).origin} does not answer (${thrown instanceof Error ? thrown.message : "no reason given"})`,
    );
  }
}
