/**
 * Goes into every browser bundle: what our code calls and the oldest browsers that we name do not have yet
 * (`src/domain/form/browsers.ts`). Each is given only where it is missing, and does what the standard says of it.
 * `test/bundles/newer.test.ts` finds what is missing here. Decision 0051.
 */
type Given = { readonly [name: string]: (this: never, ...given: never[]) => unknown };

function give(to: object, methods: Given): void {
  for (const name of Object.keys(methods))
    if (!(name in to)) Object.defineProperty(to, name, { value: methods[name], writable: true, configurable: true });
}

/** Half of a character, without the other half. */
const LONE = /\p{Surrogate}/u;

give(String.prototype, {
  isWellFormed(this: string): boolean {
    return !LONE.test(this);
  },
  toWellFormed(this: string): string {
    return this.replace(new RegExp(LONE, "gu"), "\ufffd");
  },
});

give(Array.prototype, {
  toSorted(this: unknown[], compare?: (a: unknown, b: unknown) => number): unknown[] {
    return [...this].sort(compare);
  },
  toReversed(this: unknown[]): unknown[] {
    return [...this].reverse();
  },
});

give(Map, {
  groupBy(all: Iterable<unknown>, keyOf: (one: unknown, index: number) => unknown): Map<unknown, unknown[]> {
    const groups = new Map<unknown, unknown[]>();
    let index = 0;
    for (const one of all) {
      const key = keyOf(one, index++);
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    return groups;
  },
});

give(AbortSignal, {
  timeout(milliseconds: number): AbortSignal {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("The time is over.", "TimeoutError")), milliseconds);
    return controller.signal;
  },
});

export {};
