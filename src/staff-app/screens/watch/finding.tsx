/** One finding: what can be seen, since when at the earliest, and what to do now. */
import { Fault } from "../../../domain/problem.ts";
import { CODES, type FindingCode } from "../../../domain/watch/finding.ts";
import { titleOf, wordsOf } from "../../../domain/watch/words.ts";
import { moment } from "../../words/format.ts";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Tag, Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Finding } from "../../../contract/watch.ts";
import { loadWorld, type BodyWorld } from "../../../member/flows/world.ts";
import { formOfFinding } from "./findings.tsx";

type Held = { readonly world: BodyWorld; readonly finding: Finding };

const isKnown = (code: string): code is FindingCode => [...CODES.monitor, ...CODES.inspect].some((one) => one === code);

export function FindingScreen({ finding }: { readonly finding: string }) {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const { body } = visit.me;
    if (!body) throw new Fault("REFUSED_ROLE");
    return { world: await loadWorld(visit, body), finding: await visit.api.finding(body.id, finding) };
  });
  const title = loaded.at === "ready" ? titleOf(loaded.value.finding.code) : "Finding";
  return (
    <Page title={title} tab="Finding" before={<BackLink to={paths.findings}>All findings</BackLink>}>
      <Loading loaded={loaded}>{(held) => <Content {...held} />}</Loading>
    </Page>
  );
}

function Content({ world, finding }: Held) {
  const words = isKnown(finding.code) ? wordsOf(finding.code) : null;
  const open = finding.closedAt === null;
  return (
    <>
      {open ? (
        <Warning>
          {words?.seen ?? "This version of Pillarbox has no words for what was found. The evidence below says more."}
        </Warning>
      ) : (
        <p class="govuk-body-l">{words?.seen}</p>
      )}
      <SummaryList
        rows={[
          {
            key: "State",
            value:
              finding.closedAt === null ? (
                <Tag colour="red">Open</Tag>
              ) : (
                `Over: a look on ${moment(finding.closedAt)} showed it gone`
              ),
          },
          { key: "Form", value: formOfFinding(world, finding) },
          {
            key: "Since when, at the earliest",
            value:
              finding.cleanAt === null
                ? "Nobody had looked before it was found"
                : `${moment(finding.cleanAt)}: that look, the last before, did not see it`,
          },
          { key: "Found", value: moment(finding.openedAt) },
          { key: open ? "Last seen" : "Seen for the last time", value: moment(finding.seenAt) },
          {
            key: "Found by",
            value:
              finding.watcher === "monitor"
                ? "The monitor, as a stranger from outside"
                : "The inspector, at the rules of the database",
          },
        ]}
      />
      {open && words ? (
        <>
          <h2 class="govuk-heading-m">What to do now</h2>
          <ol class="govuk-list govuk-list--number">
            {words.now.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      ) : null}
      <p class="govuk-body">
        If somebody could have seen or changed personal data, make it an incident: the time for telling the regulator
        runs from when you learned of it.{" "}
        <Link to={paths.newIncident("finding", finding.finding)}>Open an incident from this finding</Link>
      </p>
      <details class="govuk-details">
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">Evidence, for engineers</span>
        </summary>
        <div class="govuk-details__text">
          <p class="govuk-body">
            Where: <code class="pb-watch__evidence">{finding.place}</code>
          </p>
          <ul class="govuk-list govuk-list--bullet">
            {finding.evidence.map((line) => (
              <li key={line}>
                <code class="pb-watch__evidence">{line}</code>
              </li>
            ))}
          </ul>
          <p class="govuk-body">
            No answer is kept, only its size and the beginning of its hash. The hash of these lines stands in the log.
          </p>
        </div>
      </details>
    </>
  );
}
