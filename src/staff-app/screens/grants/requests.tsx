/** Every request of the body (for an operator: of all bodies), those that wait first. */
import { Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { RequestTable } from "./request-table.tsx";
import { Said } from "../../parts/said.tsx";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { loadRequests, loadWorlds, type Asked, type BodyWorld } from "../../../member/flows/world.ts";

type Held = { readonly worlds: readonly BodyWorld[]; readonly requests: readonly Asked[] };

export function Requests() {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const worlds = await loadWorlds(visit);
    return { worlds, requests: await loadRequests(visit, worlds) };
  });
  return (
    <Page title="Requests for access" before={<Said />}>
      <Loading loaded={loaded}>
        {({ worlds, requests }) => {
          const open = requests.filter((one) => one.state === "open");
          const decided = requests.filter((one) => one.state !== "open");
          return (
            <>
              <h2 class="govuk-heading-m">Waiting for an owner</h2>
              {open.length === 0 ? (
                <p class="govuk-body">No request waits.</p>
              ) : (
                <RequestTable caption="Waiting for an owner" requests={open} worlds={worlds} form />
              )}
              <h2 class="govuk-heading-m">Decided</h2>
              {decided.length === 0 ? (
                <p class="govuk-body">No request has been decided yet.</p>
              ) : (
                <RequestTable caption="Decided" requests={decided} worlds={worlds} form />
              )}
            </>
          );
        }}
      </Loading>
    </Page>
  );
}
