/** Requests to erase a letter: those that wait, and what was decided. */
import { count, day } from "../../words/format.ts";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset, Tag } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Erasure } from "../../../contract/erasure.ts";
import { ERASURE_COLOURS, ERASURE_WORDS } from "../../words/words.ts";
import { ownWorld, type BodyWorld } from "../../../member/flows/world.ts";

type Held = { readonly world: BodyWorld; readonly erasures: readonly Erasure[]; readonly due: number };

export function Erasures() {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const world = await ownWorld(visit);
    return {
      world,
      erasures: await visit.api.erasures(world.body.id),
      due: (await visit.api.due(world.body.id)).length,
    };
  });
  return (
    <Page title="Erasure" before={<Said />}>
      <p class="govuk-body">
        Whoever sent a letter can ask, with their receipt words, that it be erased. An owner decides, and the person is
        told the reason if the answer is no.
      </p>
      <Loading loaded={loaded}>
        {({ world, erasures, due }) => {
          const open = erasures.filter((one) => one.state === "open");
          const decided = erasures.filter((one) => one.state !== "open");
          return (
            <>
              <h2 class="govuk-heading-m">Waiting for an owner</h2>
              {open.length === 0 ? (
                <p class="govuk-body">Nobody waits for an answer.</p>
              ) : (
                <ErasureTable caption="Waiting for an owner" world={world} erasures={open} />
              )}
              <h2 class="govuk-heading-m">Kept as long as the form says</h2>
              {due === 0 ? (
                <p class="govuk-body">No letter has reached the end of its period.</p>
              ) : (
                <Inset>
                  <p class="govuk-body">
                    {count(due, "letter has", "letters have")} reached the end of the period that the form names.
                    Nothing is erased by itself.
                  </p>
                  <p class="govuk-body">
                    <Link to={paths.due}>Look at {due === 1 ? "it" : "them"}</Link>
                  </p>
                </Inset>
              )}
              <h2 class="govuk-heading-m">Decided</h2>
              {decided.length === 0 ? (
                <p class="govuk-body">Nothing has been decided yet.</p>
              ) : (
                <ErasureTable caption="Decided" world={world} erasures={decided} />
              )}
            </>
          );
        }}
      </Loading>
    </Page>
  );
}

function ErasureTable({
  caption,
  world,
  erasures,
}: {
  readonly caption: string;
  readonly world: BodyWorld;
  readonly erasures: readonly Erasure[];
}) {
  const columns = [
    { id: "reference", title: "Letter" },
    { id: "form", title: "Form" },
    { id: "asked", title: "Asked on" },
    { id: "state", title: "State" },
    { id: "open", title: "Action", hiddenTitle: true },
  ];
  const rows = erasures.map((one) => ({
    id: one.erasure,
    cells: [
      <span class="pb-reference">{one.reference}</span>,
      world.inboxes.find((inbox) => inbox.inbox === one.inbox)?.title ?? "",
      day(one.askedAt),
      <Tag colour={ERASURE_COLOURS[one.state]}>{ERASURE_WORDS[one.state]}</Tag>,
      <Link to={paths.erasure(one.erasure)} hidden={`at the request about ${one.reference}`}>
        Look
      </Link>,
    ],
  }));
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />;
}
