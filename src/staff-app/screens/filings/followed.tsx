/**
 * What followed: the regulator's questions and decision, recommendations, training, the press. What is overdue stands
 * first and is loud.
 */
import { useState } from "preact/hooks";
import {
  ITEM_KINDS,
  itemProblems,
  latest,
  shapeOf,
  standing,
  type Item,
  type ItemKind,
} from "../../../domain/incident/follow-up.ts";
import { newId } from "../../../domain/seal/random.ts";
import { count, inZone } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { followUp, kindIn } from "../../../member/flows/filings.ts";
import { Button } from "../../parts/button.tsx";
import { useNow } from "../../parts/clock.tsx";
import { Choices, TextArea, TextField } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { instantIn, isEmpty, momentAt, MomentField, NO_MOMENT, type Moment } from "../../parts/moment-field.tsx";
import { Tag, Warning, type Colour } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { NotFound } from "../start/not-found.tsx";
import type { PartProps } from "../incidents/part.ts";
import { useDraft } from "../../use-draft.ts";

const STANDING_WORDS = { overdue: "Overdue", open: "Open", done: "Done", noted: "Noted" } as const;
const STANDING_COLOURS: Record<keyof typeof STANDING_WORDS, Colour> = {
  overdue: "red",
  open: "yellow",
  done: "green",
  noted: "grey",
};

type Recorded = Incident["state"]["followed"][number];
const itemOf = (one: Recorded): Item & { readonly record: Recorded } => ({ ...one, texts: one.words, record: one });

export function Followed({ incident, rest: [first, second] }: PartProps) {
  const kind = kindIn(second);
  if (first === "new") return kind ? <Edit incident={incident} what={kind} /> : <NotFound />;
  const items = latest(incident.state.followed.map(itemOf), Date.now());
  if (first === undefined) return <List incident={incident} />;
  const found = items.find(({ item }) => item === first);
  return found ? <Edit incident={incident} what={found.what} before={found} /> : <NotFound />;
}

function List({ incident }: Pick<PartProps, "incident">) {
  const now = useNow();
  const items = latest(incident.state.followed.map(itemOf), now);
  const late = items.filter((one) => standing(one, now) === "overdue");
  return (
    <>
      {late.length === 0 ? null : (
        <Warning>
          {count(late.length, "thing is", "things are")} overdue:{" "}
          {late.map(({ what }) => shapeOf(what).one.toLowerCase()).join(", ")}.
        </Warning>
      )}
      {(Object.keys(ITEM_KINDS) as ItemKind[]).map((what) => {
        const own = items.filter((one) => one.what === what);
        return (
          <section key={what} aria-labelledby={`kind-${what}`}>
            <h2 class="govuk-heading-m" id={`kind-${what}`}>
              {shapeOf(what).many}
            </h2>
            {own.length === 0 ? (
              <p class="govuk-body">None recorded yet.</p>
            ) : (
              own.map((one) => <One key={one.item} incident={incident} item={one} now={now} />)
            )}
            <p class="govuk-body">
              <Link to={paths.incident(incident.state.incident, "followed", "new", what)}>
                Add {shapeOf(what).one.charAt(0).toLowerCase() + shapeOf(what).one.slice(1)}
              </Link>
            </p>
          </section>
        );
      })}
    </>
  );
}

function One({
  incident,
  item,
  now,
}: Pick<PartProps, "incident"> & { readonly item: Item & { readonly record: Recorded }; readonly now: number }) {
  const shape = shapeOf(item.what);
  const stands = standing(item, now);
  return (
    <SummaryList
      rows={[
        {
          key: "State",
          value: (
            <>
              <Tag colour={STANDING_COLOURS[stands]}>{STANDING_WORDS[stands]}</Tag>{" "}
              <Link to={paths.incident(incident.state.incident, "followed", item.item)} hidden={`: ${shape.one}`}>
                Change
              </Link>
            </>
          ),
        },
        ...(item.code !== null && shape.codes
          ? [{ key: shape.one, value: <strong>{shape.codes[item.code]}</strong> }]
          : []),
        { key: shape.on, value: inZone(item.on) },
        ...(item.due === null || shape.due === null ? [] : [{ key: shape.due, value: inZone(item.due) }]),
        ...(item.done === null || shape.done === null ? [] : [{ key: shape.done, value: inZone(item.done) }]),
        ...shape.texts.flatMap(({ id, label }) =>
          item.texts[id] ? [{ key: label, value: <span class="pb-written">{item.texts[id]}</span> }] : [],
        ),
        ...recordedRows(incident, item.record),
      ]}
    />
  );
}

/** What is wrong with the times that were typed. */
function momentProblems(what: ItemKind, on: Moment, due: Moment, done: Moment): Problem[] {
  const shape = shapeOf(what);
  const [at, end] = [instantIn(on), instantIn(done)];
  const found: Problem[] = [];
  if (at === null) found.push({ field: "on", text: `Enter a day and a time for “${shape.on}”` });
  else if (at > Date.now()) found.push({ field: "on", text: `“${shape.on}” is not in the future` });
  if (shape.due !== null && !isEmpty(due) && instantIn(due) === null)
    found.push({ field: "due", text: `Enter a day and a time for “${shape.due}”` });
  if (shape.done !== null && !isEmpty(done) && (end === null || end > Date.now()))
    found.push({ field: "done", text: `“${shape.done}” is a day and a time that has come, or empty` });
  return found;
}

const shown = (at: number | null | undefined): Moment => (at === null || at === undefined ? NO_MOMENT : momentAt(at));

type EditProps = Pick<PartProps, "incident"> & { readonly what: ItemKind; readonly before?: Item };

function Edit({ incident, what, before }: EditProps) {
  const visit = useVisit();
  const act = useAct();
  const shape = shapeOf(what);
  const [on, setOn] = useDraft("item/on", () => momentAt(before?.on ?? Date.now()));
  const [due, setDue] = useDraft("item/due", () => shown(before?.due));
  const [done, setDone] = useDraft("item/done", () => shown(before?.done));
  const [code, setCode] = useDraft<readonly string[]>("item/code", before?.code ? [before.code] : []);
  const [texts, setTexts] = useDraft<Readonly<Record<string, string>>>("item/texts", before?.texts ?? {});
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problem = (field: string): string | undefined => problemOf(problems, field);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [at, until, end] = [instantIn(on), instantIn(due), instantIn(done)];
    const found = momentProblems(what, on, due, done);
    const given = {
      due: shape.due === null ? null : until,
      done: shape.done === null ? null : end,
      code: code[0] ?? null,
      texts,
    };
    for (const one of itemProblems(what, given)) if (!found.some(({ field }) => field === one.field)) found.push(one);
    setProblems(found);
    if (at === null || found.length > 0) return;
    act.run(async () => {
      const { texts: written, ...rest } = given;
      await followUp(
        visit,
        incident,
        { what, item: before?.item ?? newId(), revision: (before?.revision ?? 0) + 1, on: at, ...rest },
        written,
      );
      visit.done("item", "It was recorded.");
      visit.go(paths.incident(incident.state.incident, "followed"));
    });
  };
  const text = (one: TextProps["one"]) => (
    <Text key={one.id} one={one} texts={texts} onChange={setTexts} problem={problem(one.id)} />
  );
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">{shape.one}</h2>
      <p class="govuk-body">
        {before
          ? "What was recorded before stays beside this."
          : "Name nobody who may be affected: this is not sealed."}
      </p>
      <ErrorSummary problems={problems} />
      {shape.codes ? (
        <Choices
          id="code"
          kind="radio"
          label={shape.one}
          choices={Object.entries(shape.codes).map(([value, label]) => ({ value, label }))}
          chosen={code}
          onChange={setCode}
          problem={problem("code")}
        />
      ) : null}
      {shape.texts.filter(({ toEnd }) => toEnd !== true).map(text)}
      <MomentField id="on" label={shape.on} value={on} onChange={setOn} problem={problem("on")} />
      {shape.due === null ? null : (
        <MomentField id="due" label={shape.due} value={due} onChange={setDue} problem={problem("due")} />
      )}
      {shape.done === null ? null : (
        <MomentField
          id="done"
          label={shape.done}
          hint="Leave this empty until then."
          value={done}
          onChange={setDone}
          problem={problem("done")}
        />
      )}
      {shape.texts.filter(({ toEnd }) => toEnd === true).map(text)}
      {act.failure ? <Failed failure={act.failure} /> : null}
      <div class="govuk-button-group">
        <Button submit working={act.working}>
          {act.working ? "Recording…" : "Record"}
        </Button>
        <Link to={paths.incident(incident.state.incident, "followed")}>Cancel</Link>
      </div>
    </form>
  );
}

type TextProps = {
  readonly one: ReturnType<typeof shapeOf>["texts"][number];
  readonly texts: Readonly<Record<string, string>>;
  readonly onChange: (texts: Readonly<Record<string, string>>) => void;
  readonly problem: string | undefined;
};

function Text({ one: { id, label, hint, long, needed, toEnd }, texts, onChange, problem }: TextProps) {
  const all = {
    id,
    label: needed || toEnd ? label : `${label} (optional)`,
    ...(hint ? { hint } : {}),
    value: texts[id] ?? "",
    onChange: (value: string) => onChange({ ...texts, [id]: value }),
    problem,
  };
  return long ? <TextArea {...all} rows={4} /> : <TextField {...all} />;
}
