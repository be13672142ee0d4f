/** The history of a body as the log has it, under the checkpoint that the log signed. */
import { useState } from "preact/hooks";
import type { LogView } from "../../../member/hands/tasks.ts";
import { auditLog } from "../../../member/flows/audit.ts";
import { Fault } from "../../../domain/problem.ts";
import { FAMILY_WORDS } from "../../words/events.ts";
import { runsOf, tell, type Run } from "../../words/history.ts";
import { Button } from "../../parts/button.tsx";
import { LogHead } from "./log-head.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { Timeline } from "../../parts/timeline.tsx";
import type { Kept } from "../../../member/member.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { LogPage } from "../../../contract/log.ts";
import { loadWorld, type BodyWorld, inboxOf } from "../../../member/flows/world.ts";

type At = {
  readonly kind: string /** where each page so far began; null is the newest entry */;
  readonly starts: readonly (number | null)[];
};
type Held = {
  readonly world: BodyWorld;
  readonly page: LogPage;
  readonly kept: Kept | null;
  readonly log: LogView | null;
};

export function Log() {
  const [at, setAt] = useState<At>({ kind: "", starts: [null] });
  return (
    <Page title="Log">
      <p class="govuk-body">
        Every entry was signed into a log that cannot be rewritten unseen. It names who asked, who confirmed, and what
        was released to whom. It never holds what somebody wrote.
      </p>
      <KindFilter kind={at.kind} onChange={(kind) => setAt({ kind, starts: [null] })} />
      <Entries key={`${at.kind} ${at.starts.length}`} at={at} onMove={(starts) => setAt({ ...at, starts })} />
    </Page>
  );
}

function KindFilter({ kind, onChange }: { readonly kind: string; readonly onChange: (kind: string) => void }) {
  const [chosen, setChosen] = useState(kind);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onChange(chosen);
  };
  return (
    <form class="pb-filter pb-filter--line" onSubmit={submit} aria-label="Filter the log">
      <div class="govuk-form-group">
        <label class="govuk-label" for="kind">
          Show
        </label>
        <select
          class="govuk-select"
          id="kind"
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {Object.entries(FAMILY_WORDS).map(([value, words]) => (
            <option value={value} key={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Button submit kind="secondary">
        Filter
      </Button>
    </form>
  );
}

function Entries({ at, onMove }: { readonly at: At; readonly onMove: (starts: readonly (number | null)[]) => void }) {
  const visit = useVisit();
  const { me, api, hands, setup } = visit;
  const loaded = useLoad<Held>(async () => {
    if (!me.body) throw new Fault("REFUSED_ROLE");
    const world = await loadWorld(visit, me.body);
    // Signatures are checked here, against what this browser has seen and the policy in the page's setup: what is said
    // of them is not the server's word.
    const kept = await auditLog(visit, me.body.id);
    const log = await hands.call("log", { whose: me.body.id, policy: setup.policy });
    return { world, kept, log, page: await api.log(me.body.id, at.starts.at(-1) ?? null, at.kind) };
  });
  return (
    <Loading loaded={loaded}>
      {({ world, page, kept, log }) => (
        <>
          <LogHead log={log} watchedSince={kept?.since ?? null} signedAt={page.checkpoint.at} />
          {page.items.length === 0 ? (
            <p class="govuk-body">There is no entry of this kind yet.</p>
          ) : (
            <Timeline items={runsOf(page.items).map((run) => happening(world, run, page.items))} />
          )}
          <nav class="govuk-button-group" aria-label="Pages of the log">
            {at.starts.length > 1 ? (
              <Button kind="secondary" onPress={() => onMove(at.starts.slice(0, -1))}>
                Newer entries
              </Button>
            ) : null}
            {page.next === null ? null : (
              <Button kind="secondary" onPress={() => onMove([...at.starts, page.next])}>
                Older entries
              </Button>
            )}
          </nav>
        </>
      )}
    </Loading>
  );
}

function happening(world: BodyWorld, run: Run, all: LogPage["items"]) {
  const { title, by, facts } = tell(run, all, (inbox) => inboxOf(world, inbox)?.title ?? "");
  return {
    id: `${run.items[0].leaf} ${run.items[0].at}`,
    title,
    by,
    at: run.items[0].at,
    more: <Facts facts={facts} />,
  };
}

const Facts = ({ facts }: { readonly facts: readonly { readonly key: string; readonly value: string }[] }) => (
  <dl class="pb-facts">
    {facts.map(({ key, value }) => (
      <div key={key}>
        <dt>{key}:</dt> <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
