/** Writing the message: one template for all, in the parts that the law asks for. */
import { useState } from "preact/hooks";
import type { NeverAsked } from "../../../domain/mail/channel.ts";
import {
  MESSAGE_FIELDS,
  MESSAGE_PARTS,
  PART_TITLES,
  templateProblems,
  type MessagePart,
  type MessageTemplate,
  type TemplateProblem,
} from "../../../domain/mail/template.ts";
import { MESSAGE_SUBJECTS, SUBJECTS } from "../../../domain/mail/subject.ts";
import { keepDraft } from "../../../member/flows/message-documents.ts";
import { count } from "../../words/format.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { MessageProps } from "./page.ts";
import { useDraft } from "../../use-draft.ts";

const HINTS: { readonly [part in MessagePart]: string } = {
  nature: "The nature of the breach, in plain words: what happened, when, which information, who could see it.",
  consequences: "What is likely to follow for the person.",
  measures: "What was done and is being done, also to soften the effects.",
  advice: "What the person can do now, and where they find support.",
  contact: "The data protection officer or another contact point, and how to complain to the regulator.",
};

const WHAT: { readonly [what in TemplateProblem["what"]]: string } = {
  empty: "is empty",
  "too-long": "is too long",
  "unknown-field": "has braces around something that cannot be filled in",
  unfilled: "still has square brackets: write what stands in them",
  "not-neutral": "must be one of those offered",
};

const TITLES: { readonly [at in TemplateProblem["at"]]: string } = {
  ...PART_TITLES,
  subject: "The subject",
  opening: "The beginning",
  signature: "The end",
};

export function Write({ world }: MessageProps) {
  const visit = useVisit();
  const [template, setTemplate] = useDraft<MessageTemplate>("message/template", world.draft.template);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const messages = paths.incident(world.incident, "messages");
  const part = (key: MessagePart) => (text: string) =>
    setTemplate({ ...template, parts: { ...template.parts, [key]: text } });
  const [neverAsked, setNeverAsked] = useDraft<NeverAsked>("message/never-asked", world.draft.neverAsked);
  const act = useAct();
  const never = world.people.filter(({ safe, inDanger }) => safe === null && !inDanger).length;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = templateProblems(template).map(({ at, what }) => ({
      field: `message-${at}`,
      text: `“${TITLES[at]}” ${WHAT[what]}`,
    }));
    setProblems(found);
    if (found.length > 0) return;
    act.run(async () => {
      await keepDraft(visit, world.incident, { template, neverAsked });
      visit.done("message", "The message is kept. Look at it before you send it.");
      visit.go(messages);
    });
  };
  const problem = (at: string): string | undefined => problemOf(problems, `message-${at}`);
  return (
    <>
      <BackLink to={messages}>Messages</BackLink>
      <ErrorSummary problems={problems} />
      <h2 class="govuk-heading-m">Write the message</h2>
      <SameForAll />
      <form onSubmit={submit} noValidate>
        <Choices
          id="message-subject"
          kind="radio"
          label="Subject"
          hint="Others may see it on a locked screen, so it says nothing of the matter."
          choices={MESSAGE_SUBJECTS.map((value) => ({ value, label: SUBJECTS[value] }))}
          chosen={[template.subject]}
          onChange={([value]) =>
            setTemplate({ ...template, subject: MESSAGE_SUBJECTS.find((one) => one === value) ?? "letter" })
          }
          problem={problem("subject")}
        />
        <TextArea
          id="message-opening"
          label="The beginning"
          rows={4}
          value={template.opening}
          onChange={(opening) => setTemplate({ ...template, opening })}
          problem={problem("opening")}
        />
        {MESSAGE_PARTS.map((key) => (
          <TextArea
            key={key}
            id={`message-${key}`}
            label={PART_TITLES[key]}
            hint={HINTS[key]}
            rows={6}
            value={template.parts[key]}
            onChange={part(key)}
            problem={problem(key)}
          />
        ))}
        <TextArea
          id="message-signature"
          label="The end"
          hint="Who signs."
          rows={3}
          value={template.signature}
          onChange={(signature) => setTemplate({ ...template, signature })}
          problem={problem("signature")}
        />
        {never > 0 ? <NeverAskedField people={never} chosen={neverAsked} onChange={setNeverAsked} /> : null}
        {act.failure ? <Failed failure={act.failure} /> : null}
        <p class="govuk-body">It is sealed to the documents of this incident.</p>
        <Button submit working={act.working}>
          {act.working ? "Sealing…" : "Keep the message"}
        </Button>
      </form>
    </>
  );
}

const SameForAll = () => (
  <Inset>
    <p class="govuk-body">
      Everybody gets the same message. In it{" "}
      {Object.entries(MESSAGE_FIELDS).map(([field, words], index) => (
        <span key={field}>
          {index > 0 ? " and " : ""}
          <strong>{`{${field}}`}</strong> becomes {words}
        </span>
      ))}
      . Short words and short sentences: some who read it will be frightened.
    </p>
  </Inset>
);

type NeverAskedProps = {
  /** how many */
  readonly people: number;
  readonly chosen: NeverAsked;
  readonly onChange: (chosen: NeverAsked) => void;
};

const NeverAskedField = ({ people, chosen, onChange }: NeverAskedProps) => (
  <Choices
    id="never-asked"
    kind="radio"
    label={`${count(people, "person was", "people were")} never asked which channel is safe`}
    hint="People who said what is safe are never told by anything else, whatever you choose here. Nor is anybody who may be in danger."
    choices={[
      {
        value: "look-first",
        label: "Look at each of them first",
        hint: "They stand on the call list until a way is found.",
      },
      {
        value: "as-given",
        label: "Write to the address that they gave",
        hint: "Somebody else may read their post or e-mail.",
      },
    ]}
    chosen={[chosen]}
    onChange={([value]) => onChange(value === "as-given" ? "as-given" : "look-first")}
  />
);
