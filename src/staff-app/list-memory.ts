/** What the inbox screen remembers while the visit lasts: opened slips and how they were looked at. */
import type { Sort } from "./parts/table.tsx";
import type { Day } from "./parts/fields.tsx";
import { NO_DAY } from "./parts/fields.tsx";
import type { FormTimes } from "../domain/form/clock.ts";
import type { SlipColumn, SlipRow, Slips } from "../member/hands/tasks.ts";

export type Filter = { readonly words: string; readonly form: string; readonly from: Day; readonly to: Day };
export const NO_FILTER: Filter = { words: "", form: "", from: NO_DAY, to: NO_DAY };

/** Which letters are shown, by what was done about them. */
export const VIEWS = ["mine", "new", "due", "open", "closed", "all"] as const;
export type View = (typeof VIEWS)[number];

export type ListMemory = {
  readonly rows: readonly SlipRow[];
  readonly columns: readonly SlipColumn[];
  /** versions of the form that appear, hash → number */
  readonly versions: ReadonlyMap<string, number>;
  /** what each of these versions says of time */
  readonly times: ReadonlyMap<string, FormTimes>;
  readonly entry: number;
  readonly missing: Slips["missing"];
  readonly withheld: number;
  readonly loadedAt: number;
  readonly view: View;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly page: number;
};
