/** Asking that named people may read a form. Asking gives nothing: an owner must confirm. */
import { useState } from "preact/hooks";
import { PURPOSES, type Purpose } from "../../../domain/grant/statement.ts";
import { sentence } from "../../../domain/problem.ts";
import { endOfDay } from "../../../domain/time.ts";
import { bodyZone, dayNumbers, roleName } from "../../words/format.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, DateField, TextArea, type Choice, type Day } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { paths } from "../../route.ts";
import { similar } from "../../similar.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Me } from "../../../contract/session.ts";
import type { Scope } from "../../../contract/grants.ts";
import { PURPOSE_WORDS, SCOPE_WORDS } from "../../words/words.ts";
import { askFor } from "../../../member/flows/asking.ts";
import { findInbox, readersOf, type Found } from "../../../member/flows/world.ts";
import { useDraft } from "../../use-draft.ts";

const TWO_YEARS_MS = 2 * 366 * 86_400_000;
const MOST_TEXT = 500;

type Draft = {
  readonly persons: readonly string[];
  readonly scope: readonly string[];
  readonly until: Day;
  readonly purpose: readonly string[];
  readonly text: string;
};

/** Twelve months from today: a grant without an end is never the default. */
const inTwelveMonths = (): Day => dayNumbers(Date.now(), 12);

export function Ask({ inbox }: { readonly inbox: string }) {
  const visit = useVisit();
  const loaded = useLoad<Found>(() => findInbox(visit, inbox));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const title = loaded.at === "ready" ? loaded.value.inbox.title : undefined;
  return (
    <Page
      title="Ask for access"
      caption={title}
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.access(inbox)}>Who can read this</BackLink>
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {(found) => <AskForm found={found} problems={problems} onProblems={setProblems} />}
      </Loading>
    </Page>
  );
}

const emptyDraft = (): Draft => ({ persons: [], scope: [], until: inTwelveMonths(), purpose: [], text: "" });

type FormProps = {
  readonly found: Found;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
};

function AskForm({ found, problems, onProblems }: FormProps) {
  const visit = useVisit();
  const act = useAct();
  const [draft, setDraft] = useDraft("ask/draft", emptyDraft);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const { world, inbox } = found;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const checked = check(draft);
    onProblems(checked.problems);
    if (!checked.asking) return;
    const asking = { inbox: inbox.inbox, ...checked.asking };
    act.run(async () => {
      await askFor(visit, world.body.id, asking);
      visit.done(
        "ask",
        `Your request was sent. An owner at ${world.body.name} must confirm it before anybody can read.`,
      );
      visit.go(paths.access(inbox.inbox));
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      <p class="govuk-body">
        Nobody can read anything because of this request. An owner at {world.body.name} sees exactly what you ask for,
        and confirms or declines it.
      </p>
      <Choices
        id="persons"
        kind="checkbox"
        label="Who should be able to read?"
        hint="Choose people by name. There is no way to choose everybody."
        choices={peopleChoices(found, visit.me)}
        chosen={draft.persons}
        onChange={(persons) => set({ persons })}
        problem={problemOf(problems, "persons")}
      />
      <Choices
        id="scope"
        kind="radio"
        label="What should they be able to read?"
        choices={(["all", "from-now"] as const).map((value) => ({ value, label: SCOPE_WORDS[value] }))}
        chosen={draft.scope}
        onChange={(scope) => set({ scope })}
        problem={problemOf(problems, "scope")}
      />
      <DateField
        id="until"
        label="Until when?"
        hint="The grant ends by itself at the end of this day."
        value={draft.until}
        onChange={(until) => set({ until })}
        problem={problemOf(problems, "until")}
      />
      <Choices
        id="purpose"
        kind="radio"
        label="What is it for?"
        choices={PURPOSES.map((value) => ({ value, label: PURPOSE_WORDS[value] }))}
        chosen={draft.purpose}
        onChange={(purpose) => set({ purpose })}
        problem={problemOf(problems, "purpose")}
      />
      <TextArea
        id="purposeText"
        label="Say more about the purpose"
        hint="The owner sees this. Do not write anything about people who sent letters."
        value={draft.text}
        onChange={(text) => set({ text })}
        problem={problemOf(problems, "purposeText")}
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit working={act.working}>
        {act.working ? "Sending…" : "Send the request"}
      </Button>
    </form>
  );
}

/** Everyone at the body; who cannot be chosen stands there with the reason, so that nobody is left out in silence. */
function peopleChoices({ world, inbox }: Found, me: Me): Choice[] {
  const readers = readersOf(world, inbox.inbox, Date.now());
  return world.people.map((person) => {
    const reading = readers.find((reader) => reader.person === person.person);
    const who = `${person.email}, ${roleName(person.role)}`;
    const blocked =
      person.code !== null
        ? sentence(person.code)
        : person.person === me.person
          ? "You cannot ask for yourself. Somebody else must ask."
          : reading?.why === "owner"
            ? "An owner, and already holds the key."
            : null;
    const twin = world.people.find((other) => other.person !== person.person && similar(other.name, person.name));
    const note =
      blocked ??
      ([
        reading ? "Can already read. A new grant would last longer." : "",
        twin ? `Not to be confused with ${twin.name}.` : "",
      ]
        .filter(Boolean)
        .join(" ") ||
        null);
    return {
      value: person.person,
      label: person.name,
      hint: note ? `${who}. ${note}` : who,
      disabled: blocked !== null,
    };
  });
}

type Checked = {
  readonly problems: readonly Problem[];
  readonly asking: {
    readonly persons: readonly string[];
    readonly scope: Scope;
    readonly until: number;
    readonly purpose: Purpose;
    readonly purposeText: string;
  } | null;
};

function check(draft: Draft): Checked {
  const problems: Problem[] = [];
  const add = (field: string, text: string) => problems.push({ field, text });
  if (draft.persons.length === 0) add("persons", "Select at least one person");
  if (draft.scope.length === 0) add("scope", "Select what they should be able to read");
  const until = readUntil(draft.until);
  if (typeof until === "string") add("until", until);
  if (draft.purpose.length === 0) add("purpose", "Select what it is for");
  const purposeText = draft.text.trim();
  if (purposeText === "") add("purposeText", "Enter what it is for in your own words");
  if (purposeText.length > MOST_TEXT) add("purposeText", `What it is for must be ${MOST_TEXT} characters or fewer`);
  const [scope] = draft.scope;
  const [purpose] = draft.purpose;
  if (problems.length > 0 || typeof until === "string" || !scope || !purpose) return { problems, asking: null };
  return {
    problems,
    asking: { persons: draft.persons, scope: scope as Scope, until, purpose: purpose as Purpose, purposeText },
  };
}

/** The end of the day that was typed, in milliseconds; or what is wrong with it. */
function readUntil({ day, month, year }: Day): number | string {
  if ([day, month, year].some((part) => part.trim() === "")) return "Enter the day, month and year when the grant ends";
  const [d, m, y] = [day, month, year].map(Number) as [number, number, number];
  const until = y < 2000 ? null : endOfDay(y, m, d, bodyZone());
  if (until === null) return "The date when the grant ends must be a real date";
  if (until <= Date.now()) return "The date when the grant ends must be in the future";
  if (until > Date.now() + TWO_YEARS_MS) return "The date when the grant ends must be within the next two years";
  return until;
}
