/** An owner confirms: keys are wrapped to the people of a request, and the grant is signed. */
import { draftGrant } from "../../domain/grant/drafts.ts";
import { readersNow } from "../../domain/grant/readers.ts";
import { textCommitment } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { inboxKeys } from "./keys.ts";
import { postDraft, again } from "./post.ts";
import { confirmedOf, inboxesOf, keysOf, kindOf, peopleOf, requestsOf, stateOf, type Visit } from "./visit.ts";

/**
 * Confirms one open request of a body.
 * @param now milliseconds
 * @returns the id of the grant
 * @throws `REQUEST_UNKNOWN`, what the checks of people and keys throw, and the server's refusals
 */
export const confirm = (visit: Visit, body: string, request: string, now = Date.now()): Promise<string> =>
  again(async () => {
    const [state, rows, requests, inboxes] = await Promise.all([
      stateOf(visit, body),
      peopleOf(visit, body),
      requestsOf(visit, body),
      inboxesOf(visit, body),
    ]);
    const asked = requests.find((known) => known.request === request);
    if (!asked || !state.inboxes.has(asked.inbox)) throw new Fault("REQUEST_UNKNOWN");
    const counted =
      inboxes.find((known) => known.inbox === asked.inbox)?.epochs.reduce((sum, epoch) => sum + epoch.received, 0) ?? 0;
    const draft = await draftGrant(
      state,
      keysOf(visit),
      {
        inbox: asked.inbox,
        request,
        asker: asked.asker.person,
        scope: asked.scope,
        until: asked.until,
        purpose: asked.purpose,
        purposeCommitment: textCommitment(asked.purposeSalt, asked.purposeText),
      },
      {
        people: confirmedOf(state, rows, asked.persons),
        keys: await inboxKeys(visit, state, asked.inbox),
        remaining: confirmedOf(
          state,
          rows,
          readersNow(state, asked.inbox, now)
            .map((reader) => reader.person)
            .filter((person) => !asked.persons.includes(person)),
        ),
        counted: asked.scope === "all" ? counted : 0,
        now,
        kind: kindOf(visit),
      },
    );
    await postDraft(visit, body, draft, request);
    return draft.grant;
  });
