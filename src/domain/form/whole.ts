/** What holds between the questions of a form: names, order of conditions, slip, and how to reach the person. */
import { place, type Report } from "./read.ts";
import { isChoice, type Question } from "./question.ts";
import { namesOf } from "./fields.ts";

/** Reports questions that share names, wait for a choice that does not come before, or leave the slip empty. */
export function checkWhole(questions: readonly Question[], report: Report): void {
  const names = new Set<string>();
  const reaches = new Set<string>();
  questions.forEach((question, index) => {
    const where = place("questions", index);
    for (const name of namesOf(question)) {
      if (names.has(name)) report(place(where, "id"), `The field “${name}” is used by two questions.`);
      names.add(name);
    }
    if (question.reach !== undefined && question.when === undefined) {
      if (reaches.has(question.reach))
        report(place(where, "reach"), `Two questions that are always asked are both “${question.reach}”.`);
      reaches.add(question.reach);
    }
    checkWhen(question, questions.slice(0, index), where, report);
  });
  if (!questions.some((question) => question.slip))
    report("questions", "At least one question must stand on the slip, so that readers can tell letters apart.");
}

function checkWhen(question: Question, before: readonly Question[], where: string, report: Report): void {
  if (question.when === undefined) return;
  const { question: id, is } = question.when;
  const asked = before.find((earlier) => earlier.id === id);
  if (asked === undefined || !isChoice(asked)) {
    report(place(where, "when.question"), `“${id}” must be an earlier question with options.`);
    return;
  }
  for (const value of is) {
    if (!asked.options?.some((option) => option.value === value))
      report(place(where, "when.is"), `“${value}” is not an option of “${id}”.`);
  }
}
