/**
 * Answers of a report in words: as the page shows them, as they are copied into the regulator's form, and as they are
 * printed.
 */
import type { Answer } from "../../domain/incident/report-answer.ts";
import type { ReportField } from "../../domain/incident/report-fields.ts";
import { inZone, number } from "./format.ts";

const HOW = { exact: "", approximate: "about ", "at-most": "at most " } as const;

/** One answer; its parts in lines. */
export function answerWords({ codes = {} }: Pick<ReportField, "codes">, answer: Answer): string {
  const named = (code: string): string => codes[code] ?? code;
  const more = "more" in answer && answer.more !== undefined ? [answer.more] : [];
  switch (answer.kind) {
    case "words":
      return answer.words;
    case "choice":
      return [named(answer.code), ...more].join("\n");
    case "choices":
      return [...answer.codes.map(named), ...more].join("\n");
    case "count":
      return `${HOW[answer.how]}${number(answer.count)}`;
    case "moment":
      return `${inZone(answer.at)}${answer.estimated ? " (estimated)" : ""}`;
  }
}
