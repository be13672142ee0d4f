/**
 * Somebody whose data was touched by an incident, and how they may be reached: the one type that lists, letters and
 * call lists are made of.
 */

export type Channel = "email" | "post" | "phone";

export type AffectedPerson = {
  /** 32 hex, random: this entry's own id; stands in deliveries, never in the log */
  readonly person: string;
  /** "" when unknown */
  readonly name: string;
  readonly email: string | null;
  readonly post: readonly string[] | null;
  readonly phone: string | null;
  /** channels that they called safe; null: never asked; []: none is safe */
  readonly safe: readonly Channel[] | null;
  /** stands first on the call list */
  readonly inDanger: boolean;
  /** submission ids, or record numbers of another system */
  readonly records: readonly string[];
};
