/** Which controls a run takes out, and in which order. */
import type { Control } from "./control.ts";

/** What costs least first; a control is as dear as the dearest of its tests. */
const COSTS = ["test/unit/", "test/vectors/", "test/bundles/", "test/store/", "test/attack/", "test/world/"] as const;

/**
 * The sentences of those controls that an earlier run's output calls caught. A line holds a control's whole sentence,
 * and after it what `run.ts` says of a second wall, or the threats.
 */
export function caughtIn(output: string, controls: readonly Control[]): readonly string[] {
  const lines = output
    .split("\n")
    .flatMap((line) => (line.startsWith("caught: ") ? [line.slice("caught: ".length)] : []));
  return controls.flatMap(({ control }) =>
    lines.some((line) => line.startsWith(`${control} [`) || line.startsWith(`${control} (second wall; `))
      ? [control]
      : [],
  );
}

/** In the order of what their tests cost, those of the same tests together; otherwise as they came. */
export function cheapestFirst(controls: readonly Control[]): readonly Control[] {
  const costOf = ({ tests }: Control): number => Math.max(...tests.map(cost));
  const groups = [...Map.groupBy(controls, ({ tests }) => tests.join("\n")).values()];
  return groups.toSorted(([a], [b]) => (a && b ? costOf(a) - costOf(b) : 0)).flat();
}

function cost(test: string): number {
  const at = COSTS.findIndex((folder) => test.startsWith(folder));
  return at < 0 ? COSTS.length : at;
}
