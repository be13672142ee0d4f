/** What is asked about an access log, and what of it the reading needs. */
import { endOfDay, startOfDay } from "../../../domain/time.ts";
import { bodyZone } from "../../words/format.ts";
import type { LogAsk } from "../../../domain/affected/question.ts";
import { DateField, NO_DAY, TextArea, TextField, type Day } from "../../parts/fields.tsx";
import { FileField } from "../../parts/file-field.tsx";
import { problemOf, type Problem } from "../../parts/problems.tsx";

export type Draft = Typed & { readonly files: readonly File[] };

/** Outlives a lock; files have to be chosen again. */
export type Typed = {
  readonly exposed: string;
  readonly from: Day;
  readonly to: Day;
  readonly known: string;
  /** of a monitor of their own */
  readonly agent: string;
  readonly token: string;
};

export const NOTHING: Typed = { exposed: "", from: NO_DAY, to: NO_DAY, known: "", agent: "", token: "" };

type Props = {
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
  readonly problems: readonly Problem[];
};

export const LogFields = ({ draft, set, problems }: Props) => (
  <>
    <FileField
      id="log-files"
      label="Files of the access log"
      hint="All parts of that time, packed or not, in any order. Ask whoever runs the system."
      multiple
      onChange={(files) => set({ files })}
      problem={problemOf(problems, "log-files")}
    />
    <TextArea
      id="log-exposed"
      label="Which addresses were exposed?"
      hint="One a line, as it stands behind the host. /results/* means everything below."
      rows={3}
      spellcheck={false}
      value={draft.exposed}
      onChange={(exposed) => set({ exposed })}
      problem={problemOf(problems, "log-exposed")}
    />
    <DateField
      id="log-from"
      label="Exposed from (optional)"
      hint="The earliest day that is possible, from midnight in the United Kingdom."
      value={draft.from}
      onChange={(from) => set({ from })}
      problem={problemOf(problems, "log-from")}
    />
    <DateField
      id="log-to"
      label="Exposed until (optional)"
      hint="The last day, which is included, to midnight in the United Kingdom."
      value={draft.to}
      onChange={(to) => set({ to })}
      problem={problemOf(problems, "log-to")}
    />
    <TextArea
      id="log-known"
      label="Internet addresses of people who were meant to see it (optional)"
      hint="One a line. 203.0.113.* means all that begin so. They are told apart, not left out."
      rows={2}
      spellcheck={false}
      value={draft.known}
      onChange={(known) => set({ known })}
    />
    <TextField
      id="log-agent"
      label="A monitor of your own: its user agent (optional)"
      hint="For example Pillarbox-watch."
      width="20"
      value={draft.agent}
      onChange={(agent) => set({ agent })}
      problem={problemOf(problems, "log-agent")}
    />
    <TextField
      id="log-token"
      label="The monitor’s token (optional)"
      hint="What it says when it starts, after “visit”."
      width="20"
      value={draft.token}
      onChange={(token) => set({ token })}
    />
  </>
);

type Asked = { readonly wrong: readonly Problem[]; readonly question: LogAsk };

/** What was typed, as a question to the log, and what is wrong with it. */
export function questionIn({ files, exposed, from, to, known, agent, token }: Draft): Asked {
  const wrong: Problem[] = [];
  if (files.length === 0) wrong.push({ field: "log-files", text: "Select the files of the access log" });
  const window = {
    from: edgeOf(from, startOfDay, (text) => wrong.push({ field: "log-from", text })),
    to: edgeOf(to, endOfDay, (text) => wrong.push({ field: "log-to", text })),
  };
  const own = agent + token === "" ? null : { agent, token, address: "" };
  return { wrong, question: { exposed, own, known: known.split("\n"), window } };
}

/** A day's first instant or its last, as the body's clock has it, whatever this browser's says. */
function edgeOf({ day, month, year }: Day, edge: typeof startOfDay, tell: (text: string) => void): number | null {
  if (day + month + year === "") return null;
  const [d, m, y] = [day, month, year].map(Number) as [number, number, number];
  const at = y < 1990 ? null : edge(y, m, d, bodyZone());
  if (at === null) tell("The date must be a real date");
  return at;
}
