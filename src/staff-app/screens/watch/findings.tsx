/** What the watchers found: open first. Nobody closes a finding by hand. */
import { Fault } from "../../../domain/problem.ts";
import { titleOf } from "../../../domain/watch/words.ts";
import { moment, shortMoment } from "../../words/format.ts";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Finding, WatchState } from "../../../contract/watch.ts";
import { loadWorld, type BodyWorld } from "../../../member/flows/world.ts";

type Held = { readonly world: BodyWorld; readonly findings: readonly Finding[]; readonly state: WatchState };

export function Findings() {
  const visit = useVisit();
  const { me, api } = visit;
  const loaded = useLoad<Held>(async () => {
    if (!me.body) throw new Fault("REFUSED_ROLE");
    const [world, findings, state] = [
      await loadWorld(visit, me.body),
      await api.findings(me.body.id),
      await api.watch(),
    ];
    return { world, findings, state };
  });
  return (
    <Page title="Findings">
      <p class="govuk-body">
        The monitor looks at this installation from outside, as a stranger, every 20 seconds. The inspector looks at the
        rules of its database. What they find stands here until a look shows that it is gone. Nobody can close a finding
        by hand.
      </p>
      <Loading loaded={loaded}>
        {({ world, findings, state }) => {
          const [open, over] = [
            findings.filter((one) => one.closedAt === null),
            findings.filter((one) => one.closedAt !== null),
          ];
          return (
            <>
              <SummaryList
                rows={[
                  {
                    key: "Last looked from outside",
                    value: state.lookedAt === null ? "Not yet" : moment(state.lookedAt),
                  },
                  {
                    key: "Last proved that it finds",
                    value: state.provedAt === null ? "Not yet" : moment(state.provedAt),
                  },
                  {
                    key: "Rows last compared with the log",
                    value: state.rowsAt === null ? "Not yet" : moment(state.rowsAt),
                  },
                  {
                    key: "Every stored byte last compared",
                    value: state.bytesAt === null ? "Not yet" : moment(state.bytesAt),
                  },
                ]}
              />
              <h2 class="govuk-heading-m">Open now</h2>
              {open.length === 0 ? (
                <p class="govuk-body">Nothing is open.</p>
              ) : (
                <FindingTable caption="Open now" findings={open} world={world} />
              )}
              <h2 class="govuk-heading-m">Over</h2>
              {over.length === 0 ? (
                <p class="govuk-body">Nothing has been found before.</p>
              ) : (
                <FindingTable caption="Over" findings={over} world={world} />
              )}
            </>
          );
        }}
      </Loading>
    </Page>
  );
}

/** The form that a finding is about, by its signed title. */
export const formOfFinding = (world: BodyWorld, { form }: Finding): string =>
  form === null ? "All forms" : (world.inboxes.find((one) => one.form === form)?.title ?? form);

function FindingTable({
  caption,
  findings,
  world,
}: {
  readonly caption: string;
  readonly findings: readonly Finding[];
  readonly world: BodyWorld;
}) {
  const columns = [
    { id: "what", title: "What" },
    { id: "form", title: "Form" },
    { id: "from", title: "Found" },
    { id: "to", title: "Over" },
  ];
  return (
    <Table
      caption={caption}
      captionHidden
      columns={columns}
      rows={findings.map((one) => ({
        id: one.finding,
        cells: [
          <Link to={paths.finding(one.finding)}>{titleOf(one.code)}</Link>,
          formOfFinding(world, one),
          shortMoment(one.openedAt),
          one.closedAt === null ? <Tag colour="red">Open</Tag> : shortMoment(one.closedAt),
        ],
      }))}
    />
  );
}
