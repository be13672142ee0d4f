/** DANGEROUS: the visitor's own wrapped keys of an inbox, opened and compared with what was signed. */
import type { BodyState } from "../../domain/grant/state.ts";
import { openWrap } from "../../domain/grant/unwrap.ts";
import type { InboxKey } from "../../domain/grant/wrap.ts";
import { listOf } from "../shape.ts";
import { wrap } from "../wire.ts";
import { keysOf, type Visit } from "./visit.ts";

/**
 * The keys of every epoch that the visitor was given.
 * @throws `WRAP_MISMATCH`, `RECIPIENT_MISMATCH`, `OPEN_CONTEXT`, `OPEN_FAILED`
 */
export async function inboxKeys(visit: Visit, state: BodyState, inbox: string): Promise<InboxKey[]> {
  const { value } = await visit.client.get(`/api/bodies/${encodeURIComponent(state.body)}/inboxes/${inbox}/wraps`);
  return Promise.all(
    listOf("wraps", wrap)(value).map((one) => openWrap(state, keysOf(visit), inbox, one.epoch, one.wrap)),
  );
}
