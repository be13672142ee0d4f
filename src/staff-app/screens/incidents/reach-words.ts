/** What can be said about access, in sentences: "no evidence" never stands without the hours that the records cover. */
import type { Covered, Evidence } from "../../../domain/incident/reach.ts";
import { count, inZone } from "../../words/format.ts";

const hours = ({ from, until }: Covered): string => `from ${inZone(from)} to ${inZone(until)}`;

/** The sentence, to be read together with what the records are: releases by Pillarbox, and nothing else. */
export function evidenceWords(evidence: Evidence): string {
  switch (evidence.kind) {
    case "looked-at":
      return `Letters were released ${count(evidence.looks.length, "time")} in this time.${evidence.covered ? ` The records cover the time ${hours(evidence.covered)}.` : ""}`;
    case "no-evidence":
      return `There is no evidence that any of these letters was released to anybody in the time that the records cover: ${hours(evidence.covered)}.${evidence.whole ? "" : " They do not cover all of the window: of the rest nothing is known."}`;
    case "no-records":
      return "There are no records of this time, so nothing can be said about access.";
  }
}

export const WHAT_RECORDS_ARE =
  "The records are the log’s: every release of sealed bytes by Pillarbox stands in it before the bytes leave. Copies that left in another way, for example with a backup, leave no trace in it.";

export const LOOK_WORDS = {
  list: "The list",
  open: "One letter",
  affected: "Letters, to find out who is affected",
} as const;
