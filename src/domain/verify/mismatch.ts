/** Entries that do not hash to what the tree has at their place: altered, or only put in another's place. */
import { toHex, type Bytes } from "../bytes.ts";
import { find, number, type Report } from "./report.ts";

/** More than this many are all called altered, so that memory stays flat. */
const MOST = 10_000;

export type Mismatches = {
  readonly add: (leaf: number, wanted: Bytes, found: Bytes) => void;
  /** Says what each one is, in the report. */
  readonly tell: (report: Report) => void;
};

/**
 * @param what the word for one of them: "entry", "event"
 * @param of with whose log a line begins
 */
export function newMismatches(what: string, of = ""): Mismatches {
  const kept: { readonly leaf: number; readonly found: string }[] = [];
  const places = new Map<string, number>();
  let more = 0;
  return {
    add(leaf, wanted, found) {
      if (kept.length >= MOST) {
        more += 1;
        return;
      }
      kept.push({ leaf, found: toHex(found) });
      places.set(toHex(wanted), leaf);
    },
    tell(report) {
      for (const { leaf, found } of kept) {
        const place = places.get(found);
        if (place === undefined)
          find(report, "altered", `${of}${what} ${number(leaf)} is not the one that the tree has there`);
        else find(report, "reordered", `${of}${what} ${number(place)} stands in the place of ${what} ${number(leaf)}`);
      }
      if (more > 0) find(report, "altered", `${of}${number(more)} more are not those that the tree has`);
    },
  };
}
