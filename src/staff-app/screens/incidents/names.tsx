/**
 * From letters to people: a key holder loads the letters that could be reached, and the list of their writers is sealed
 * at once.
 */
import { useState } from "preact/hooks";
import {
  joinPeople,
  settlePeople,
  WHY_WORDS,
  type Decision,
  type Doubt,
  type Joined,
} from "../../../domain/affected/join.ts";
import { listBytes } from "../../../domain/affected/list.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { writersOf, type Reached, type Scope } from "../../../domain/incident/reach.ts";
import { count, number } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { documentsOf, sealDocument } from "../../../member/flows/documents.ts";
import { Button } from "../../parts/button.tsx";
import { Choices } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Working } from "../../parts/banner.tsx";
import { loadPeople } from "../../../member/flows/reach.ts";
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
  readonly people: readonly AffectedPerson[];
  readonly joined: Joined /** letters that the monitor planted: seal and signature say so, each by itself */;
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
      setLoaded({ people, joined: joinPeople(people), planted: markers.length });
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

const DECISIONS: readonly { readonly value: Decision; readonly label: (doubt: Doubt) => string }[] = [
  { value: "different", label: () => "Two people" },
  { value: "one", label: ({ one }) => `One person, reached as: ${reachWords(one)}` },
  { value: "other", label: ({ other }) => `One person, reached as: ${reachWords(other)}` },
];

const reachWords = ({ name, email, post, phone }: AffectedPerson): string =>
  [name, email, post?.join(", "), phone].filter(Boolean).join("; ") || "nothing is known";

function Settle({ incident, loaded }: { readonly incident: Incident; readonly loaded: Loaded }) {
  const visit = useVisit();
  const act = useAct();
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const { people, joined, planted } = loaded;
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
      {joined.moreDoubts > 0 ? (
        <Inset>{number(joined.moreDoubts)} more pairs may be one person; they stay apart.</Inset>
      ) : null}
      {joined.doubts.map((doubt) => (
        <Choices
          key={doubt.id}
          id={`doubt-${doubt.id}`}
          kind="radio"
          label={`${WHY_WORDS[doubt.why]}: ${reachWords(doubt.one)} — ${reachWords(doubt.other)}`}
          choices={DECISIONS.map(({ value, label }) => ({ value, label: label(doubt) }))}
          chosen={[decisions.get(doubt.id) ?? ""]}
          onChange={([next]) => setDecisions(new Map(decisions).set(doubt.id, next as Decision))}
        />
      ))}
      {act.failure ? <Failed failure={act.failure} /> : null}
      {settled.ok ? (
        <Button working={act.working} onPress={seal}>
          {act.working ? "Sealing…" : `Seal the list of ${count(settled.people.length, "person", "people")}`}
        </Button>
      ) : (
        <Inset>{count(settled.open.length, "pair")} still to be decided.</Inset>
      )}
    </>
  );
}
