/**
 * Opening an incident: what happened, and since when the body is aware. From a grant, the window is known from the
 * statements.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { AWARE_BASES, INCIDENT_KINDS, known, type Source } from "../../../domain/incident/codes.ts";
import type { ActFields, Texts } from "../../../domain/incident/act.ts";
import { AWARE_WORDS, KINDS } from "../../words/incident.ts";
import { incidentBody, loadIncident, openIncident, record } from "../../../member/flows/incidents.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { instantIn, momentAt, MomentField, type Moment } from "../../parts/moment-field.tsx";
import { Inset } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Finding } from "../../../contract/watch.ts";
import { loadWorld, nameOf } from "../../../member/flows/world.ts";
import { useDraft } from "../../use-draft.ts";
import { inZone } from "../../words/format.ts";

type Props = { readonly source: Source; readonly id: string; readonly person: string };
/** What is known of the window already, and from where; `noticed`: since when the body may be taken to be aware. */
type Known = {
  readonly text: string;
  readonly window: ActFields | null;
  readonly words: Texts;
  readonly noticed: number | null;
};

export function NewIncident(props: Props) {
  const visit = useVisit();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const loaded = useLoad<Known | null>(async () => {
    const body = incidentBody(visit);
    if (props.source === "finding") return knownOfFinding(await visit.api.finding(body.id, props.id));
    const world = await loadWorld(visit, body);
    const grant = props.source === "grant" ? world.state.grants.get(props.id) : undefined;
    const one = grant?.persons.find(({ person }) => person === props.person);
    return grant && one ? knownOfGrant(nameOf(world, one.person).name, grant.at, one.ended?.at ?? null) : null;
  });
  return (
    <Page
      title="Open an incident"
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.incidents}>Incidents</BackLink>
          <Said />
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {(known) => <Content {...props} before={known} problems={problems} onProblems={setProblems} />}
      </Loading>
    </Page>
  );
}

type ContentProps = Props & {
  readonly before: Known | null;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
};

const AWARE = "aware";

/** What is known by where somebody comes from. */
const whatOf = (source: Props["source"], before: Known | null): readonly string[] =>
  source === "grant" && before ? ["wrong-person"] : [];
const basisOf = (source: Props["source"]): readonly string[] =>
  source === "finding" ? ["finding"] : source === "submission" ? ["letter"] : [];

function Content({ source, id, before, problems, onProblems }: ContentProps) {
  const visit = useVisit();
  const act = useAct();
  const [what, setWhat] = useDraft("open/what", whatOf(source, before));
  const [summary, setSummary] = useDraft("open/summary", "");
  const [certain, setCertain] = useDraft<readonly string[]>("open/certain", []);
  const [since, setSince] = useDraft("open/since", () => momentAt(before?.noticed ?? Date.now()));
  const [basis, setBasis] = useDraft("open/basis", basisOf(source));
  const problem = (field: string): string | undefined => problemOf(problems, field);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { found, kind, by, awareAt } = read({ what: what[0], summary, certain: certain[0], since, basis: basis[0] });
    onProblems(found);
    if (found.length > 0 || !kind) return;
    act.run(async () => {
      const incident = await openIncident(
        visit,
        { kind: "incident.opened", what: kind, source, ...(source === "none" ? {} : { sourceId: id }) },
        { summary },
      );
      const add = async (fields: ActFields, words = {}) =>
        record(visit, await loadIncident(visit, incident), fields, words);
      if (awareAt !== null && by) await add({ kind: "incident.aware", party: "controller", awareAt, basis: by });
      if (before?.window) await add(before.window, before.words);
      visit.done("open", "The incident is open. Who recorded it and when stands in the log.");
      visit.go(paths.incident(incident));
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      {before ? <KnownBefore {...before} /> : null}
      <Choices
        id="what"
        kind="radio"
        label="What happened?"
        choices={INCIDENT_KINDS.map((value) => ({ value, label: KINDS[value] }))}
        chosen={what}
        onChange={setWhat}
        problem={problem("what")}
      />
      <TextArea
        id="summary"
        label="In a few words"
        hint="Name nobody who may be affected: this text is not sealed."
        value={summary}
        onChange={setSummary}
        problem={problem("summary")}
      />
      <Certain chosen={certain} onChange={setCertain} problem={problem("certain")}>
        <MomentField
          id="since"
          label="When did it become aware?"
          value={since}
          onChange={setSince}
          problem={problem("since")}
        />
      </Certain>
      {certain[0] === AWARE ? (
        <Choices
          id="basis"
          kind="radio"
          label="How did it become aware?"
          choices={AWARE_BASES.map((value) => ({ value, label: AWARE_WORDS[value] }))}
          chosen={basis}
          onChange={setBasis}
          problem={problem("basis")}
        />
      ) : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit working={act.working}>
        {act.working ? "Recording…" : "Open the incident"}
      </Button>
    </form>
  );
}

const KnownBefore = ({ text, window }: Known) => (
  <Inset>
    {text}
    {window ? " These times will be recorded as the window." : ""}
  </Inset>
);

type CertainProps = {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly problem: string | undefined;
  /** asks since when */
  readonly children: ComponentChildren;
};

const Certain = ({ children, ...answer }: CertainProps) => (
  <Choices
    {...answer}
    id="certain"
    kind="radio"
    label="Is this body aware of a breach?"
    hint="Aware means reasonably certain that personal data was compromised. The 72 hours begin then, and what you record now cannot be made later."
    choices={[
      { value: AWARE, label: "Yes, since", more: children },
      {
        value: "not-yet",
        label: "Not yet: it is being looked into",
        hint: "No clock runs. Record awareness as soon as you are reasonably certain.",
      },
    ]}
  />
);

type Draft = {
  readonly what: string | undefined;
  readonly summary: string;
  readonly certain: string | undefined;
  readonly since: Moment;
  readonly basis: string | undefined;
};

/** What was typed, checked; `awareAt` is in milliseconds, or null where the body is not aware. */
function read({ what, summary, certain, since, basis }: Draft) {
  const kind = known(INCIDENT_KINDS, what);
  const by = known(AWARE_BASES, basis);
  const awareAt = certain === AWARE ? instantIn(since) : null;
  const found: Problem[] = [];
  if (!kind) found.push({ field: "what", text: "Select what happened" });
  if (summary.trim() === "") found.push({ field: "summary", text: "Enter in a few words what happened" });
  if (certain === undefined) found.push({ field: "certain", text: "Select whether this body is aware" });
  if (certain === AWARE && awareAt === null) found.push({ field: "since", text: "Enter a day and a time that exist" });
  if (awareAt !== null && awareAt > Date.now())
    found.push({ field: "since", text: "Enter a time that is not in the future" });
  if (certain === AWARE && !by) found.push({ field: "basis", text: "Select how this body became aware" });
  return { found, kind, by, awareAt };
}

function knownOfGrant(name: string, from: number, until: number | null): Known {
  return {
    text: `${name} was let in on ${inZone(from)}${until === null ? ", and the grant has not been ended yet" : ` and out on ${inZone(until)}`}, as the signed statements say.`,
    window: {
      kind: "incident.window",
      earliest: from,
      earliestBasis: "log",
      latest: from,
      latestBasis: "log",
      ...(until === null ? {} : { end: until, endBasis: "log" }),
    },
    words: {
      earliest: "The grant was confirmed then.",
      latest: "The grant was confirmed then.",
      ...(until === null ? {} : { end: "The grant was ended then, and the form got a new key." }),
    },
    noticed: null,
  };
}

/**
 * The last look that did not see it is the earliest start that can be shown; without one nobody can say, and a person
 * must.
 */
function knownOfFinding({ cleanAt, openedAt, closedAt }: Finding): Known {
  return {
    text: `The monitor found it on ${inZone(openedAt)}${cleanAt === null ? ", and had not looked before" : `; a look on ${inZone(cleanAt)} did not see it`}${closedAt === null ? "" : `. A look on ${inZone(closedAt)} showed it gone`}.`,
    window:
      cleanAt === null
        ? null
        : {
            kind: "incident.window",
            earliest: cleanAt,
            earliestBasis: "finding",
            latest: openedAt,
            latestBasis: "finding",
            ...(closedAt === null ? {} : { end: closedAt, endBasis: "finding" }),
          },
    words: {
      earliest: "The last look that did not see it.",
      latest: "It was found then.",
      ...(closedAt === null ? {} : { end: "A look showed it gone." }),
    },
    noticed: openedAt,
  };
}
