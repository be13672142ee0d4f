/**
 * One synthetic letter, before it is fitted to a form: what somebody has to say, to whom, and by which way it is sent.
 */
import type { Writer } from "./writer.ts";

export type Reply = "email" | "telephone" | "post" | "other" | "none";

/** On whose behalf: the values of the form. */
export type Behalf = {
  readonly name: string;
  readonly consent: "agreed" | "parent" | "authority" | "died" | "cannot-ask";
};

export type Day = { readonly day: number; readonly month: number; readonly year: number };

export type Letter = {
  readonly number: number;
  /** a complaint about how a complaint was handled, or a letter to the victims' commissioner */
  readonly to: "complaint" | "contact";
  readonly path: "browser" | "counter";
  readonly writer: Writer;
  /** null: on their own behalf */
  readonly behalf: Behalf | null;
  /** reference of the earlier complaint */
  readonly earlier: string | null;
  readonly subject: string;
  readonly happened: string;
  /** when it happened, in the writer's words */
  readonly when: string;
  /** when the police told the outcome */
  readonly told: Day | null;
  readonly wanted: string | null;
  readonly reply: Reply;
  /** another way to reach the person, where `reply` is "other" */
  readonly safeWay: string;
  readonly safeNote: string | null;
  readonly adjustments: string | null;
};
