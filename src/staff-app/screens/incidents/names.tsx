/**
 * From letters to people: a key holder loads the letters that could be reached, and the list of their writers is sealed
 * at once.
 */
import { useMemo, useState } from "preact/hooks";
import { joinPeople, settlePeople, type Decision } from "../../../domain/affected/join.ts";
import { listBytes } from "../../../domain/affected/list.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { writersOf, type Reached, type Scope } from "../../../domain/incident/reach.ts";
import { count, number } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { documentsOf, sealDocument } from "../../../member/flows/documents.ts";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Working } from "../../parts/banner.tsx";
import { loadPeople } from "../../../member/flows/reach.ts";
import { againstWords, Doubts, entryWords } from "../affected/doubts.tsx";
import { Joins } from "../affected/joins.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Found, NamedReader } from "../../../member/flows/world.ts";

type Props = {
  readonly incident: Incident;
  readonly found: Found;
  readonly letters: readonly Reached[];
  readonly scope: Scope /** who may read the form now */;
  readonly mayRead: readonly NamedReader[];
};
type Loaded = {
  readonly people: readonly AffectedPerson[] /** letters that the monitor planted: seal and signature say so */;
  readonly planted: number;
};

export function Names({ incident, found, letters, scope, mayRead }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const own = mayRead.find((reader) => reader.person === visit.me.person);
  const writers = writersOf(letters).size;
  if (letters.length === 0) return null;
  if (!documentsOf(incident)) {
    return (
      <Inset>
        The list of people is sealed to the incident’s own documents, which nobody has made yet.{" "}
        <Link to={paths.incident(incident.state.incident, "documents")}>Documents</Link>
      </Inset>
    );
  }
  if (!own || scope.epochs.some((epoch) => !own.epochs.includes(epoch)))
    return (
      <Inset>
        You hold no key of these letters, so you cannot load names and addresses. Somebody who does can, on this page.
      </Inset>
    );
  const load = () =>
    act.run(async (tell) => {
      const { people, markers } = await loadPeople(visit, incident, found, letters, tell);
      setLoaded({ people, planted: markers.length });
    });
  return (
    <section aria-labelledby="names">
      <h2 class="govuk-heading-m" id="names">
        Names and addresses
      </h2>
      {loaded ? (
        <Settle incident={incident} loaded={loaded} />
      ) : (
        <>
          <p class="govuk-body">
            To know whom to tell, {count(writers, "letter")} must be loaded and opened in this browser. That is recorded
            in the log for each of them, and their writers can see it.
          </p>
          {act.failure ? <Failed failure={act.failure} /> : null}
          {act.working ? (
            <Working
              text={
                act.progress
                  ? `Opened ${number(act.progress.done)} of ${number(act.progress.total)} letters`
                  : "Asking for the letters…"
              }
              {...(act.progress ?? {})}
            />
          ) : null}
          <Button working={act.working} onPress={load}>
            {act.working ? "Loading…" : `Load ${count(writers, "letter")}`}
          </Button>
        </>
      )}
    </section>
  );
}

function Settle({ incident, loaded }: { readonly incident: Incident; readonly loaded: Loaded }) {
  const visit = useVisit();
  const act = useAct();
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const [parted, setParted] = useState<ReadonlySet<string>>(new Set());
  const { people, planted } = loaded;
  const joined = useMemo(() => joinPeople(people, parted), [people, parted]);
  const settled = settlePeople(people, joined, decisions);
  const seal = () =>
    act.run(async () => {
      if (!settled.ok) return;
      await sealDocument(visit, incident.state.incident, "affected", listBytes(settled.people), settled.people.length);
      visit.say(`A list of ${count(settled.people.length, "person", "people")} was sealed to the incident.`);
      visit.go(window.location.pathname);
    });
  return (
    <>
      <p class="govuk-body" role="status">
        {count(people.length, "letter")} opened
        {planted === 0 ? "" : `, and ${count(planted, "marker")} that the monitor planted and nobody wrote`}.{" "}
        {joined.joins.length === 0
          ? "No two are certainly of one person."
          : `${count(joined.joins.length, "person", "people")} wrote more than once.`}
      </p>
      <Joins joined={joined} out={parted} words={entryWords} onChange={setParted} />
      <Doubts
        joined={joined}
        words={entryWords}
        short={(entry) => `“${entryWords(entry)}”`}
        decisions={decisions}
        onChange={setDecisions}
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {settled.ok ? (
        <Button working={act.working} onPress={seal}>
          {act.working ? "Sealing…" : `Seal the list of ${count(settled.people.length, "person", "people")}`}
        </Button>
      ) : (
        <Inset>
          {settled.open.length > 0
            ? `${count(settled.open.length, "pair")} still to be decided.`
            : `${againstWords(settled.against)}.`}
        </Inset>
      )}
    </>
  );
}
