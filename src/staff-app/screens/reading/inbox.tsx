/** The letters of a form as a list of slips. Loading it is one release; looking through it happens here. */
import { useState } from "preact/hooks";
import { codeOf } from "../../../domain/problem.ts";
import { clock, count, day } from "../../words/format.ts";
import { lettersIn } from "./filtering.ts";
import { NO_FILTER, type ListMemory } from "../../list-memory.ts";
import { TextButton } from "../../parts/button.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset, Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { SlipList } from "./slip-list.tsx";
import { ChooseRange } from "./choose-range.tsx";
import { openList, type Range } from "../../../member/flows/reading.ts";
import { paths } from "../../route.ts";
import type { Progress } from "../../../member/member.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { findInbox, type Found } from "../../../member/flows/world.ts";

type Held = { readonly found: Found; readonly list: ListMemory | "not granted" | "too many" };

/** More than this are not loaded unasked: each has to come over the wire and be opened here. */
const MANY = 2_000;

const progressText = (progress: Progress | null): string =>
  progress ? `Opening ${progress.done} of ${progress.total}` : "Asking for the sealed letters…";

/** Codes that mean: this person may not read this form. */
const NOT_GRANTED = ["REFUSED_NO_GRANT", "REFUSED_GRANT_ENDED", "REFUSED_EPOCH"];

export function Inbox({ inbox }: { readonly inbox: string }) {
  const visit = useVisit();
  const [fresh, setFresh] = useState(false);
  const [range, setRange] = useState<Range | null>(null);
  const loaded = useLoad<Held>(async (tell) => {
    const found = await findInbox(visit, inbox);
    const kept = visit.lists.get(inbox);
    if (kept && !fresh) return { found, list: kept };
    if (found.inbox.received > MANY && !range) return { found, list: "too many" };
    try {
      const slips = await openList(visit, found, range ?? {}, tell);
      const list: ListMemory = {
        ...slips,
        loadedAt: Date.now(),
        view: kept?.view ?? "all",
        filter: kept?.filter ?? NO_FILTER,
        sort: kept?.sort ?? { column: "received", down: true },
        page: 1,
      };
      visit.lists.set(inbox, list);
      return { found, list };
    } catch (thrown) {
      if (NOT_GRANTED.includes(codeOf(thrown))) return { found, list: "not granted" };
      throw thrown;
    }
  });
  const title = loaded.at === "ready" ? loaded.value.found.inbox.title : undefined;
  return (
    <Page title="Letters" caption={title} before={<BackLink to={paths.start}>Start</BackLink>}>
      <p class="govuk-body pb-recorded">Loading this list is recorded in the log.</p>
      <Loading loaded={loaded} text={progressText}>
        {({ found, list }, again) => {
          const refresh = () => {
            setFresh(true);
            again();
          };
          const choose = (chosen: Range) => {
            setRange(chosen);
            refresh();
          };
          if (list === "not granted") return <NotGranted found={found} />;
          if (list === "too many") return <ChooseRange received={found.inbox.received} onChoose={choose} />;
          return (
            <>
              <Loaded list={list} onRefresh={refresh} />
              <NotWhole missing={list.missing} />
              {list.rows.length === 0 && list.missing.length === 0 ? (
                <Empty found={found} />
              ) : (
                <SlipList key={list.loadedAt} inbox={inbox} first={list} world={found.world} />
              )}
            </>
          );
        }}
      </Loading>
    </Page>
  );
}

const Loaded = ({ list, onRefresh }: { readonly list: ListMemory; readonly onRefresh: () => void }) => (
  <p class="govuk-body">
    {lettersIn(list.rows)} loaded at {clock(list.loadedAt)}, as entry {list.entry} in the log.{" "}
    {list.withheld === 0
      ? "Compared with the whole log."
      : "Compared with what the log says of letters, as far as it is shown to readers."}{" "}
    <TextButton onPress={onRefresh}>Load again</TextButton>
  </p>
);

/** What is named here was received, by the log, and the server did not hand it over: a row was hidden or changed. */
const NotWhole = ({ missing }: Pick<ListMemory, "missing">) =>
  missing.length === 0 ? null : (
    <>
      <Warning>
        This list is not whole. The log says that {count(missing.length, "more letter")}{" "}
        {missing.length === 1 ? "was" : "were"} received in this time and not erased, and the server does not show{" "}
        {missing.length === 1 ? "it" : "them"}. Tell your data protection officer, and have the log verified.
      </Warning>
      <ul class="govuk-list govuk-list--bullet" aria-label="Missing letters">
        {missing.map(({ submission, reference, receivedAt }) => (
          <li key={submission}>
            <span class="pb-reference">{reference}</span>, received {day(receivedAt)} at {clock(receivedAt)}
          </li>
        ))}
      </ul>
    </>
  );

const NotGranted = ({ found }: { readonly found: Found }) => (
  <>
    <h2 class="govuk-heading-m">You have no grant to read this form</h2>
    <p class="govuk-body">
      Somebody else must ask for you, and an owner at {found.world.body.name} must confirm. Your attempt is in the log;
      nothing was shown.
    </p>
    <p class="govuk-body">
      <Link to={paths.access(found.inbox.inbox)}>See who can read this form</Link>
    </p>
  </>
);

const Empty = ({ found }: { readonly found: Found }) => (
  <>
    <h2 class="govuk-heading-m">Nothing has been received yet</h2>
    {found.inbox.received > 0 ? (
      <Inset>
        This form has received {count(found.inbox.received, "letter")} before your grant began. Your grant covers what
        comes from then on.
      </Inset>
    ) : (
      <p class="govuk-body">When somebody sends this form, the letter appears here. Load the list again to look.</p>
    )}
  </>
);
