/** Where a letter stands, in a word; a closed one with its outcome. */
import type { Stand } from "../../../member/hands/tasks.ts";
import { Tag } from "../../parts/banner.tsx";
import { OUTCOME_WORDS, STEP_COLOURS, STEP_WORDS } from "../../words/words.ts";

export const StandTag = ({ stand: { step, outcome } }: { readonly stand: Stand }) => (
  <Tag colour={STEP_COLOURS[step]}>
    {outcome === null ? STEP_WORDS[step] : `${STEP_WORDS[step]}: ${OUTCOME_WORDS[outcome]}`}
  </Tag>
);
