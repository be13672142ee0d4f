/** One letter, all of it, as text. Opening it is an entry in the log, and the page says which. */
import { shownIn } from "./filtering.ts";
import { age, bodyZone, clock, day, number } from "../../words/format.ts";
import type { Letter, Reached, Stand } from "../../../member/hands/tasks.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { focusOn } from "../../parts/focus.ts";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { Path } from "./slip-list.tsx";
import { Counted } from "./next-date.tsx";
import { Handling } from "./handling.tsx";
import { StandTag } from "./stand.tsx";
import { Reply } from "./reply.tsx";
import { Thread } from "./thread.tsx";
import { Written } from "./written.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { dueOf } from "../../../domain/case/due.ts";
import { referenceOf } from "../../../domain/seal/reference.ts";
import { openLetter } from "../../../member/flows/reading.ts";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit, type Visit } from "../../visit.ts";
import { findInbox, nameOf, type BodyWorld } from "../../../member/flows/world.ts";

const REACH_WORDS: Readonly<Record<string, string>> = {
  name: "Name",
  email: "E-mail",
  telephone: "Telephone",
  address: "Address",
  "safe-channel": "Safe way to reach them",
};

type Opened = { readonly letter: Letter; readonly world: BodyWorld };
type Props = { readonly inbox: string; readonly submission: string };

export function LetterScreen({ inbox, submission }: Props) {
  const visit = useVisit();
  const loaded = useLoad<Opened>(async () => {
    const found = await findInbox(visit, inbox);
    const letter = await openLetter(visit, found, submission);
    remember(visit, inbox, letter);
    return { world: found.world, letter };
  });
  const letter = loaded.at === "ready" ? loaded.value.letter : null;
  return (
    <Page
      title={letter ? `Letter ${letter.reference}` : "Letter"}
      tab={`Letter ${referenceOf(submission)}`}
      caption={letter?.title}
      before={
        <>
          <BackLink to={paths.inbox(inbox)}>All letters</BackLink>
          <Said />
        </>
      }
    >
      <Loading loaded={loaded} text={() => "Opening the letter…"}>
        {(opened) => <Content inbox={inbox} {...opened} />}
      </Loading>
      <Neighbours inbox={inbox} submission={submission} />
    </Page>
  );
}

/** The list that was loaded before shows what was done since, without being asked for again. */
function remember({ lists }: Visit, inbox: string, { submission, first, thread }: Letter): void {
  const list = lists.get(inbox);
  if (!list || first !== null) return;
  const stand = thread.ok ? thread.stand : null;
  const rows = list.rows.map((row) => ((row.first ?? row.submission) === submission ? { ...row, stand } : row));
  lists.set(inbox, { ...list, rows });
}

function Content({ inbox, letter, world }: Opened & { readonly inbox: string }) {
  return (
    <>
      {letter.marker ? (
        <Inset>
          This is a marker: nobody wrote it. The monitor planted it, to look whether it can be seen from outside. It
          needs no answer, and no form counts it.
        </Inset>
      ) : null}
      <p class="govuk-body pb-recorded" role="status">
        This opening is in the log as entry {number(letter.entry)}.
      </p>
      <SummaryList
        rows={[
          ...(letter.first === null && letter.thread.ok && !letter.marker
            ? [
                { key: "State", value: <StandTag stand={letter.thread.stand} /> },
                ...nextDate(letter, letter.thread.stand),
                { key: "Who has it", value: whoHas(world, letter.thread.stand) },
              ]
            : []),
          ...(letter.first === null
            ? []
            : [
                {
                  key: "Added to",
                  value: (
                    <Link to={paths.letter(inbox, letter.first)}>
                      <span class="pb-reference">{referenceOf(letter.first)}</span>
                    </Link>
                  ),
                },
              ]),
          {
            key: "Received",
            value: `${day(letter.receivedAt)} at ${clock(letter.receivedAt)} (${age(letter.receivedAt, Date.now())} ago)`,
          },
        ]}
      />
      {canBeHandled(letter) ? (
        <p class="govuk-body pb-no-print">
          <TextButton onPress={() => focusOn("#handling")}>Go to what you can do about it</TextButton>
        </p>
      ) : null}
      {letter.first === null ? <ReachBox reach={letter.reach} /> : null}
      <h2 class="govuk-heading-m">What they wrote</h2>
      <SummaryList
        rows={letter.rows.map((row) => ({
          key: row.title,
          value: row.provided ? <Written lines={row.lines} /> : <span class="pb-quiet">Not provided</span>,
        }))}
      />
      {letter.first === null ? <Thread inbox={inbox} letter={letter} world={world} /> : null}
      {letter.thread.ok && canBeHandled(letter) ? (
        <>
          <Handling inbox={inbox} letter={letter} world={world} stand={letter.thread.stand} />
          <Reply inbox={inbox} letter={letter} world={world} />
        </>
      ) : null}
      <h2 class="govuk-heading-m">How it came, and what was compared</h2>
      <SummaryList
        rows={[
          { key: "Reference", value: <span class="pb-reference">{letter.reference}</span> },
          {
            key: "Came by",
            value: (
              <>
                <Path path={letter.path} />{" "}
                {letter.path === "browser"
                  ? "sealed in the writer’s browser"
                  : "sealed by the counter, which saw it while it was sent"}
              </>
            ),
          },
          ...(letter.first === null ? [{ key: "Form version", value: number(letter.version) }] : []),
          {
            key: "Compared",
            value: `These are the answers that were received: log entry ${number(letter.receivedAs)} commits to them`,
          },
        ]}
      />
      <MakeIncident submission={letter.submission} />
      <div class="pb-no-print">
        <Button kind="secondary" onPress={() => window.print()}>
          Print this letter
        </Button>
        <p class="govuk-body-s">
          Paper and copies are outside Pillarbox: nobody can see who reads them or take them back.
        </p>
      </div>
    </>
  );
}

/** A letter whose acts hold; what was added to one is handled with it, and a marker by nobody. */
const canBeHandled = ({ first, marker, thread }: Letter): boolean => first === null && !marker && thread.ok;

/** By when something is to be done, and how that was counted; nothing where no clock runs. */
function nextDate({ times, receivedAt }: Letter, stand: Stand) {
  const due = dueOf(times, bodyZone(), { ...stand, received: receivedAt });
  return due === null ? [] : [{ key: "Next date", value: <Counted due={due} now={Date.now()} /> }];
}

const whoHas = (world: BodyWorld, { to }: Stand) =>
  to === null ? <span class="pb-quiet">Nobody yet</span> : nameOf(world, to).name;

/** Most exposures are found by somebody outside, who says so by whichever form is at hand. */
function MakeIncident({ submission }: { readonly submission: string }) {
  const { role } = useVisit().me;
  if (role !== "owner" && role !== "auditor") return null;
  return (
    <div class="pb-no-print">
      <p class="govuk-body">
        Does this letter tell you that somebody could see data that they should not, or that data was lost or went
        astray?
      </p>
      <p class="govuk-body">
        <Link to={paths.newIncident("submission", submission)} class="govuk-button govuk-button--secondary">
          Open an incident from this letter
        </Link>
      </p>
    </div>
  );
}

const ReachBox = ({ reach }: { readonly reach: readonly Reached[] }) => (
  <section class="pb-reach" aria-labelledby="reach">
    <h2 class="govuk-heading-m" id="reach">
      How to reach them
    </h2>
    {reach.length === 0 ? (
      <p class="govuk-body">They gave no way to be reached.</p>
    ) : (
      <SummaryList
        plain
        rows={reach.map(({ part, lines }) => ({ key: REACH_WORDS[part] ?? part, value: <Written lines={lines} /> }))}
      />
    )}
  </section>
);

/** The letters before and after in the list as it was last looked at. */
function Neighbours({ inbox, submission }: Props) {
  const { lists, me } = useVisit();
  const list = lists.get(inbox);
  if (!list) return null;
  const rows = shownIn(list, me.person, Date.now(), submission);
  const here = rows.findIndex((row) => row.submission === submission);
  const [before, after] = here < 0 ? [undefined, undefined] : [rows[here - 1], rows[here + 1]];
  if (!before && !after) return null;
  return (
    <nav class="govuk-pagination govuk-pagination--block pb-no-print" aria-label="Letters">
      {before ? (
        <div class="govuk-pagination__prev">
          <Link to={paths.letter(inbox, before.submission)} class="govuk-link govuk-pagination__link">
            <span class="govuk-pagination__link-title">
              <span aria-hidden="true">‹ </span>Previous letter
            </span>
            <span class="govuk-visually-hidden">:</span>
            <span class="govuk-pagination__link-label">{before.reference}</span>
          </Link>
        </div>
      ) : null}
      {after ? (
        <div class="govuk-pagination__next">
          <Link to={paths.letter(inbox, after.submission)} class="govuk-link govuk-pagination__link">
            <span class="govuk-pagination__link-title">
              Next letter<span aria-hidden="true"> ›</span>
            </span>
            <span class="govuk-visually-hidden">:</span>
            <span class="govuk-pagination__link-label">{after.reference}</span>
          </Link>
        </div>
      ) : null}
    </nav>
  );
}
