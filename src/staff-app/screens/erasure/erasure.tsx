/**
 * One request to erase a letter: what is known of it without opening it, what erasing does and does not do, and the
 * decision.
 */
import { readersOf, ownWorld, type BodyWorld } from "../../../member/flows/world.ts";
import { whenReceived } from "../../../member/flows/entries.ts";
import { Fault } from "../../../domain/problem.ts";
import { certificateName } from "../../../domain/log/erasure.ts";
import { moment } from "../../words/format.ts";
import { DecideErasure } from "./decide.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Inset, Tag } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { SummaryList, type Row } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Erasure } from "../../../contract/erasure.ts";
import { ERASURE_COLOURS, ERASURE_WORDS, GRANT_WORDS, inWords, REFUSE_WORDS } from "../../words/words.ts";

/** `receivedAt`: by the log, whatever a row says. */
type Held = { readonly world: BodyWorld; readonly erasure: Erasure; readonly receivedAt: number | null };

export function ErasureScreen({ erasure: id }: { readonly erasure: string }) {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const world = await ownWorld(visit);
    const erasure = (await visit.api.erasures(world.body.id)).find((one) => one.erasure === id);
    if (!erasure) throw new Fault("ERASURE_UNKNOWN");
    return { world, erasure, receivedAt: await whenReceived(visit, world.body.id, erasure) };
  });
  const deciding = loaded.at === "ready" && loaded.value.erasure.state === "open" && visit.me.role === "owner";
  return (
    <Page
      title={deciding ? "Erase this letter?" : "Request for erasure"}
      tab={loaded.at === "ready" ? `Request for erasure of ${loaded.value.erasure.reference}` : "Request for erasure"}
      before={
        <>
          <BackLink to={paths.erasures}>Erasure</BackLink>
          <Said />
        </>
      }
    >
      <Loading loaded={loaded}>{(held, again) => <Content {...held} again={again} />}</Loading>
    </Page>
  );
}

function Content({ world, erasure, receivedAt, again }: Held & { readonly again: () => void }) {
  const { me } = useVisit();
  const open = erasure.state === "open";
  const reads =
    erasure.state !== "granted" &&
    readersOf(world, erasure.inbox, Date.now()).some((reader) => reader.person === me.person);
  return (
    <>
      <SummaryList
        rows={[
          { key: "Letter", value: <span class="pb-reference">{erasure.reference}</span> },
          { key: "Form", value: world.inboxes.find((one) => one.inbox === erasure.inbox)?.title ?? "" },
          {
            key: "Received",
            value: receivedAt === null ? "The log says nothing of this letter" : moment(receivedAt),
          },
          {
            key: "Asked by",
            value: `${erasure.askedBy === "submitter" ? "The person who sent it" : "An owner, because its time was up"}, on ${moment(erasure.askedAt)}`,
          },
          ...(open ? [] : decided(erasure)),
        ]}
      />
      {erasure.state === "granted" ? <Certificate body={world.body.id} erasure={erasure} /> : null}
      {reads ? (
        <p class="govuk-body">
          What it says is not shown here.{" "}
          <Link to={paths.letter(erasure.inbox, erasure.submission)}>Open the letter</Link>, which the log records.
        </p>
      ) : null}
      {open ? <What /> : null}
      {open && me.role === "owner" ? <DecideErasure body={world.body.id} erasure={erasure} again={again} /> : null}
      {open && me.role !== "owner" ? <Inset>Only an owner at {world.body.name} can decide this.</Inset> : null}
    </>
  );
}

function decided({ state, decidedAt, decidedBy, reason, words }: Erasure): Row[] {
  const why = inWords({ ...GRANT_WORDS, ...REFUSE_WORDS }, reason ?? "");
  return [
    { key: "State", value: <Tag colour={ERASURE_COLOURS[state]}>{ERASURE_WORDS[state]}</Tag> },
    ...(decidedAt === null
      ? []
      : [{ key: "Decided", value: `${moment(decidedAt)}${decidedBy ? `, by ${decidedBy}` : ""}` }]),
    {
      key: "Reason",
      value: (
        <>
          {why}
          {words ? (
            <>
              <br />
              <span class="pb-written">{words}</span>
            </>
          ) : null}
        </>
      ),
    },
  ];
}

function Certificate({ body, erasure }: { readonly body: string; readonly erasure: Erasure }) {
  return (
    <>
      <p class="govuk-body">
        {erasure.sweptAt === null
          ? "The letter is in no row of the database any more. Its files are about to be written anew."
          : `The letter is in no row of the database any more, and since ${moment(erasure.sweptAt)} not in its files.`}{" "}
        A backup can hold it, sealed, until the day that the certificate names. What a browser or a printer was given is
        not taken back.
      </p>
      <p class="govuk-body">
        <a
          class="govuk-link"
          href={`/api/bodies/${body}/erasures/${erasure.erasure}/certificate`}
          download={certificateName(erasure.submission)}
        >
          Download the certificate
        </a>
      </p>
    </>
  );
}

const What = () => (
  <>
    <h2 class="govuk-heading-m">If you erase it</h2>
    <ul class="govuk-list govuk-list--bullet">
      <li>The sealed letter and what was added to it are deleted. Nobody can open them any more.</li>
      <li>
        The log stays as it is. It says that a letter was received and erased, and when. It never held what the letter
        says.
      </li>
      <li>The person gets a certificate. It names the day on which the last backup expires.</li>
      <li>What somebody has read, printed or copied is not taken back.</li>
    </ul>
  </>
);
