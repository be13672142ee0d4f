/** An owner ends one person's grant; the inbox gets its next key at once. */
import { draftEnd } from "../../domain/grant/drafts.ts";
import { readersNow } from "../../domain/grant/readers.ts";
import type { EndReason } from "../../domain/grant/statement.ts";
import { Fault } from "../../domain/problem.ts";
import { again, postDraft } from "./post.ts";
import { confirmedOf, keysOf, kindOf, peopleOf, stateOf, type Visit } from "./visit.ts";

/** @param now milliseconds @throws `STATEMENT_INVALID` when there is no such grant, and the server's refusals */
export const end = (
  visit: Visit,
  body: string,
  ended: { readonly grant: string; readonly person: string; readonly reason: EndReason },
  now = Date.now(),
): Promise<void> =>
  again(async () => {
    const [state, rows] = await Promise.all([stateOf(visit, body), peopleOf(visit, body)]);
    const grant = state.grants.get(ended.grant);
    if (!grant) throw new Fault("STATEMENT_INVALID", "there is no such grant");
    const remaining = readersNow(state, grant.inbox, now)
      .filter((reader) => reader.person !== ended.person || reader.why === "owner")
      .map((reader) => reader.person);
    await postDraft(
      visit,
      body,
      await draftEnd(state, keysOf(visit), {
        ...ended,
        remaining: confirmedOf(state, rows, remaining),
        now,
        kind: kindOf(visit),
      }),
    );
  });
