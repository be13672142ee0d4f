/** What was done about a letter, for whoever brings its words; and that they were given a reply, which is written down once. */
import { toBase64, toHex } from "../../domain/bytes.ts";
import type { DecidedBy, Proven, SentAct } from "../../domain/receipt/status.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { actOf, type ActRow } from "../acts/store.ts";
import { announceEvent, type Client } from "../database/pool.ts";
import { writeEvent } from "../log/store/events.ts";
import { noteFetched, type EventOf, type OwnAct } from "./store.ts";

/** Entries with their proofs, by the event or by its id; null where the log does not cover it. */
export type Proofs = {
  readonly of: (event: EventOf | undefined) => Proven | null;
  readonly at: (event: number | null) => Proven | null;
};

/** Acts with the events that say so, to be proved. */
export type Done = OwnAct & { readonly said: EventOf };

export type Where = { readonly body: string; readonly inbox: string; readonly submission: string };

/** As far as the log covers them: what stands behind one that is not signed yet is not signed either. */
export async function actsTold(
  client: Client,
  where: Where,
  acts: readonly Done[],
  proven: Proofs,
  state: BodyState,
): Promise<readonly SentAct[]> {
  const told: SentAct[] = [];
  for (const one of acts) {
    const said = proven.of(one.said);
    const by = decidedBy(await actOf(client, one.event), state);
    if (said === null || by === null) break;
    told.push({ said, sealed: one.bytes && toBase64(one.bytes), by });
  }
  const fresh = acts.slice(0, told.length).flatMap(({ reply, fetched }) => (reply === null || fetched ? [] : [reply]));
  for (const reply of fresh)
    await noteFetched(client, reply, async () => {
      return (await writeEvent(client, { kind: "reply.fetched", ...where, reply })).id;
    });
  if (fresh.length > 0) await announceEvent(client);
  return told;
}

/** Whose key signed an act, as the body's statements have it. */
export function decidedBy(act: ActRow | undefined, { persons }: BodyState): DecidedBy | null {
  const key = act && persons.get(act.person)?.signingKey;
  return act && key ? { key: toHex(key), signature: act.signature.toString("hex") } : null;
}
