/**
 * What happened when: in the rehearsal, beside what is known of November 2022 to March 2024 (ICO, press release of 14
 * March 2024).
 */

export type Step = {
  readonly what: string;
  /** seconds after the rehearsal's own beginning */
  readonly at: number;
  readonly real: string | null;
};

export type Timeline = {
  /** @param real what is publicly known of the same step then; null: nothing is */
  readonly mark: (what: string, real?: string | null) => void;
  readonly steps: () => readonly Step[];
};

export function timeline(now: () => number, tell: (line: string) => void): Timeline {
  const began = now();
  const marked: Step[] = [];
  return {
    mark: (what, real = null) => {
      const at = (now() - began) / 1000;
      marked.push({ what, at, real });
      tell(`  ${at.toFixed(1).padStart(6)} s  ${what}${real === null ? "" : `\n            then: ${real}`}`);
    },
    steps: () => marked,
  };
}
