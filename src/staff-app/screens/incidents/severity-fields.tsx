/** What is asked about a severity: of the data, and of the circumstances. */
import { known } from "../../../domain/incident/codes.ts";
import { BASES, LOWERING, RAISING, type Base, type Factor } from "../../../domain/incident/severity.ts";
import { Choices } from "../../parts/fields.tsx";
import { problemOf, type Problem } from "../../parts/problems.tsx";
import {
  AVAILABILITY_WORDS,
  BASE_WORDS,
  CONFIDENTIALITY_WORDS,
  EASE_WORDS,
  FACTOR_WORDS,
  hundredths,
  INTEGRITY_WORDS,
  MALICE_WORDS,
} from "./severity-words.ts";

type Scale = readonly (readonly [number, string, string])[];
const scaleChoices = (scale: Scale) =>
  scale.map(([value, label, hint]) => ({
    value: String(value),
    label: `${label} (${hundredths(value)})`,
    ...(hint ? { hint } : {}),
  }));

export const SCALES = [
  { id: "ei", label: "How easily can somebody say who the people are?", scale: EASE_WORDS },
  { id: "confidentiality", label: "Who could see it?", scale: CONFIDENTIALITY_WORDS },
  { id: "integrity", label: "Was anything changed?", scale: INTEGRITY_WORDS },
  { id: "availability", label: "Was anything lost?", scale: AVAILABILITY_WORDS },
  { id: "malice", label: "Was it done on purpose?", scale: MALICE_WORDS },
] as const;
export type ScaleId = (typeof SCALES)[number]["id"];

/** Something that a person answered with one or more of what was offered. */
type Picked = readonly string[];
export type Draft = Readonly<Record<"base" | "factors" | "dpc" | ScaleId | "flags", Picked>>;

export const NOTHING: Draft = {
  base: [],
  factors: [],
  dpc: [],
  ei: [],
  confidentiality: [],
  integrity: [],
  availability: [],
  malice: [],
  flags: [],
};

export const FACTORS: readonly Factor[] = [...RAISING, ...LOWERING];
export const baseIn = ([base]: Picked): Base | undefined => known(Object.keys(BASES) as Base[], base);

type FieldsProps = {
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
  readonly problems: readonly Problem[];
};

export const DataFields = ({ draft, set, problems }: FieldsProps) => (
  <>
    <Choices
      id="base"
      kind="radio"
      label="What kind of data is it?"
      hint="Of several kinds the highest counts."
      choices={Object.entries(BASE_WORDS).map(([one, [label, hint]]) => ({ value: one, label, hint }))}
      chosen={draft.base}
      onChange={(base) => {
        const begins = baseIn(base);
        set({ base, ...(begins ? { dpc: [String(BASES[begins])] } : {}) });
      }}
      problem={problemOf(problems, "base")}
    />
    <Choices
      id="factors"
      kind="checkbox"
      label="What raises or lowers it?"
      choices={FACTORS.map((one) => ({ value: one, label: FACTOR_WORDS[one] }))}
      chosen={draft.factors}
      onChange={(factors) => set({ factors })}
    />
    <Choices
      id="dpc"
      kind="radio"
      label="How is the data scored, all in all?"
      hint="Above or below where it begins only with a reason ticked above."
      choices={[1, 2, 3, 4].map((one) => ({ value: String(one), label: String(one) }))}
      chosen={draft.dpc}
      onChange={(dpc) => set({ dpc })}
      problem={problemOf(problems, "dpc")}
    />
  </>
);

export const CircumstanceFields = ({ draft, set, problems }: FieldsProps) => (
  <>
    {SCALES.map(({ id, label, scale }) => (
      <Choices
        key={id}
        id={id}
        kind="radio"
        label={label}
        choices={scaleChoices(scale)}
        chosen={draft[id]}
        onChange={(next) => set({ [id]: next })}
        problem={problemOf(problems, id)}
      />
    ))}
    <Choices
      id="flags"
      kind="checkbox"
      label="Flags"
      choices={[
        { value: "over100", label: "More than 100 people are affected" },
        { value: "unintelligible", label: "Whoever could reach the data could not read it" },
      ]}
      chosen={draft.flags}
      onChange={(flags) => set({ flags })}
    />
  </>
);
