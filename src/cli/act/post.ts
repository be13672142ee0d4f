/** Sends what an owner drafted and signed; the server stores all of it or nothing. */
import type { Draft } from "../../domain/grant/drafts.ts";
import { Fault } from "../../domain/problem.ts";
import type { Visit } from "./visit.ts";

/**
 * @param request the request that a grant decides
 * @throws `CHAIN_MOVED` when somebody else signed in between, and the server's refusals
 */
export async function postDraft(
  { client }: Visit,
  body: string,
  { statements, wraps, recipients }: Draft,
  request?: string,
): Promise<void> {
  await client.post(`/api/bodies/${encodeURIComponent(body)}/statements`, {
    statements,
    wraps,
    recipients,
    ...(request !== undefined && { request }),
  });
}

const TRIES = 5;

/** Repeats an act, from reading the chain anew, as long as others sign in between. */
export async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await act();
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code !== "CHAIN_MOVED" || turn === TRIES) throw thrown;
    }
  }
}
