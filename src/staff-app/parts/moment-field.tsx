/** A day and a time of day, as a clock on the body's wall shows it. */
import { instantOf, placeOfZone, wallTime } from "../../domain/time.ts";
import { bodyZone } from "../words/format.ts";
import { DateField, NO_DAY, type Day } from "./fields.tsx";
import { TextField } from "./fields.tsx";

export type Moment = { readonly day: Day; readonly time: string };
export const NO_MOMENT: Moment = { day: NO_DAY, time: "" };

/** An instant as the fields show it. */
export function momentAt(at: number): Moment {
  const { year, month, day, hour, minute } = wallTime(at, bodyZone());
  return {
    day: { day: String(day), month: String(month), year: String(year) },
    time: `${hour}:${String(minute).padStart(2, "0")}`,
  };
}

export const isEmpty = ({ day, time }: Moment): boolean =>
  [day.day, day.month, day.year, time].every((part) => part.trim() === "");

/** "9:30", "09.30", "2:05pm", "14:05" */
const TIME = /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/i;

/** The instant that was typed, in milliseconds; null when it is none. */
export function instantIn({ day, time }: Moment): number | null {
  const [, hours, minutes = "0", half = ""] = TIME.exec(time.trim()) ?? [];
  if (hours === undefined || (half !== "" && (Number(hours) < 1 || Number(hours) > 12))) return null;
  const hour = half === "" ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  const digits = (text: string): number => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN);
  const typed = {
    year: digits(day.year),
    month: digits(day.month),
    day: digits(day.day),
    hour,
    minute: Number(minutes),
  };
  return instantOf(typed, bodyZone());
}

type Props = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly value: Moment;
  readonly onChange: (value: Moment) => void;
};

export const MomentField = ({ value, onChange, ...common }: Props) => (
  <div>
    <DateField {...common} value={value.day} onChange={(day) => onChange({ ...value, day })} />
    <TextField
      small
      id={`${common.id}-time`}
      label={`Time, for example 14:05, in ${placeOfZone(bodyZone())}`}
      value={value.time}
      onChange={(time) => onChange({ ...value, time })}
      width="5"
    />
  </div>
);
