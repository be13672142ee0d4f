/** The 72 hours, as every page of the body shows them to those who answer for them. */
import { useEffect, useState } from "preact/hooks";
import { clockOf, type Clock } from "../../domain/incident/clock.ts";
import { incidentReference } from "../../domain/incident/document.ts";
import type { ReadIncident } from "../../member/hands/tasks.ts";
import { sentence } from "../../domain/problem.ts";
import { overdue, shapeOf } from "../../domain/incident/follow-up.ts";
import { lackingAnswers } from "../../member/flows/filings.ts";
import { count, inZone } from "../words/format.ts";
import { clockWords } from "../words/incident.ts";
import { loadClocks, seesIncidents } from "../../member/flows/incidents.ts";
import type { Hands } from "../../member/member.ts";
import { paths } from "../route.ts";
import { useVisit, type Visit } from "../visit.ts";
import { Link } from "./link.tsx";
import { whenSteady } from "./steady.ts";

type Known = {
  readonly incidents: readonly ReadIncident[] /** how many answers each running incident's report lacks */;
  readonly lacks: ReadonlyMap<string, number>;
};

/** What was read last in this visit, so that a new page does not begin without its clocks. */
const last = new WeakMap<Hands, Known>();

const MINUTE_MS = 60_000;

/** The time, told again every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const runs = (clock: Clock): boolean => clock.kind === "runs" || clock.kind === "over";

/** The incidents, and what the reports of those that run still lack. */
async function load(visit: Visit): Promise<Known> {
  const incidents = await loadClocks(visit);
  const running = incidents.flatMap(({ held }) => (held && runs(clockOf(held.state, Date.now())) ? [held.state] : []));
  return {
    incidents,
    lacks: new Map(
      await Promise.all(running.map(async (state) => [state.incident, await lackingAnswers(visit, state)] as const)),
    ),
  };
}

export function RunningClocks() {
  const visit = useVisit();
  const [{ incidents, lacks }, setKnown] = useState<Known>(
    last.get(visit.hands) ?? { incidents: [], lacks: new Map() },
  );
  const now = useNow();
  useEffect(() => {
    if (!seesIncidents(visit)) return undefined;
    let here = true;
    load(visit).then(
      (found) => {
        last.set(visit.hands, found);
        whenSteady(() => here && setKnown(found));
      },
      // The page beside it says what does not work; here what was known stays.
      (thrown: unknown) => void (here && visit.endsWith(thrown)),
    );
    return () => {
      here = false;
    };
  }, []);
  const broken = incidents.filter(({ code }) => code === "INCIDENT_BROKEN");
  const held = incidents.flatMap((one) =>
    one.held ? [{ incident: one.incident, state: one.held.state, clock: clockOf(one.held.state, now) }] : [],
  );
  const running = held.filter(({ clock }) => runs(clock));
  const late = held.flatMap(({ incident, state }) => overdue(state.followed, now).map((item) => ({ incident, item })));
  if (broken.length + running.length + late.length === 0) return null;
  return (
    <section class="pb-clocks" aria-label="72 hours and what is overdue">
      {broken.map(({ incident }) => (
        <p class="govuk-body pb-clock pb-clock--over" key={incident}>
          <strong>{incidentReference(incident)}:</strong> {sentence("INCIDENT_BROKEN")}
        </p>
      ))}
      {running.map(({ incident, clock }) => (
        <ClockLine key={incident} incident={incident} clock={clock} lacks={lacks.get(incident) ?? 0} />
      ))}
      {late.map(({ incident, item }) => (
        <p class="govuk-body pb-clock pb-clock--over" key={item.item}>
          <strong>{shapeOf(item.what).one} is overdue</strong> since {inZone(item.due!)}.{" "}
          <Link to={paths.incident(incident, "followed", item.item)} hidden={`: ${shapeOf(item.what).one}`}>
            Incident {incidentReference(incident)}
          </Link>
        </p>
      ))}
    </section>
  );
}

const ClockLine = ({
  incident,
  clock,
  lacks,
}: {
  readonly incident: string;
  readonly clock: Clock;
  readonly lacks: number;
}) => (
  <p class={`govuk-body pb-clock${clock.kind === "over" ? " pb-clock--over" : ""}`}>
    <strong>{clockWords(clock)}</strong>
    {clock.kind === "not-begun" ? null : (
      <>
        , {clock.kind === "over" ? "due" : "until"} {inZone(clock.deadline)}
      </>
    )}
    {". "}
    <Link to={paths.incident(incident)}>Incident {incidentReference(incident)}</Link>
    {lacks === 0 ? null : (
      <>
        .{" "}
        <Link to={paths.incident(incident, "report")} hidden={`of incident ${incidentReference(incident)}`}>
          The report lacks {count(lacks, "answer")}
        </Link>
      </>
    )}
  </p>
);
