/** The 72 hours, as every page of the body shows them to those who answer for them. */
import { useEffect, useState } from "preact/hooks";
import { clockOf, type Clock } from "../../domain/incident/clock.ts";
import { inLondon } from "../../domain/incident/london.ts";
import { incidentReference } from "../../domain/incident/paper.ts";
import type { ReadIncident } from "../acts.ts";
import { sentence } from "../../domain/problem.ts";
import { clockWords } from "../incident-words.ts";
import { loadClocks, seesIncidents } from "../incidents.ts";
import type { Keyring } from "../keyring.ts";
import { paths } from "../route.ts";
import { useVisit } from "../visit.ts";
import { Link } from "./link.tsx";

/** What was read last in this visit, so that a new page does not begin without its clocks. */
const last = new WeakMap<Keyring, readonly ReadIncident[]>();

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

export function RunningClocks() {
  const visit = useVisit();
  const [incidents, setIncidents] = useState(last.get(visit.keyring) ?? []);
  const now = useNow();
  useEffect(() => {
    if (!seesIncidents(visit)) return undefined;
    let here = true;
    loadClocks(visit).then(
      (found) => {
        last.set(visit.keyring, found);
        if (here) setIncidents(found);
      },
      // The page beside it says what does not work; here what was known stays.
      (thrown: unknown) => void (here && visit.endsWith(thrown)),
    );
    return () => {
      here = false;
    };
  }, []);
  const broken = incidents.filter(({ code }) => code === "INCIDENT_BROKEN");
  const running = incidents.flatMap(({ incident, held }) => (held ? [{ incident, clock: clockOf(held.state, now) }] : [])).filter(({ clock }) => runs(clock));
  if (broken.length + running.length === 0) return null;
  return (
    <section class="pb-clocks" aria-label="72 hours">
      {broken.map(({ incident }) => <p class="govuk-body pb-clock pb-clock--over" key={incident}><strong>{incidentReference(incident)}:</strong> {sentence("INCIDENT_BROKEN")}</p>)}
      {running.map(({ incident, clock }) => <ClockLine key={incident} incident={incident} clock={clock} />)}
    </section>
  );
}

const ClockLine = ({ incident, clock }: { readonly incident: string; readonly clock: Clock }) => (
  <p class={`govuk-body pb-clock${clock.kind === "over" ? " pb-clock--over" : ""}`}>
    <strong>{clockWords(clock)}</strong>
    {clock.kind === "not-begun" ? null : <>, {clock.kind === "over" ? "due" : "until"} {inLondon(clock.deadline)}</>}
    {". "}
    <Link to={paths.incident(incident)}>Incident {incidentReference(incident)}</Link>
  </p>
);
