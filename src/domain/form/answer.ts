/** One answer: what it may be, and what the check of one question gives. */

export type DateAnswer = { readonly day: number; readonly month: number; readonly year: number };
export type AddressAnswer = {
  readonly line1: string;
  readonly line2?: string;
  readonly town?: string;
  readonly county?: string;
  readonly postcode?: string;
  /** as typed; not given for the United Kingdom */
  readonly country?: string;
};
/** Text of any kind and radios are a string; checkboxes are a list in the order of the form. */
export type Answer = string | readonly string[] | DateAnswer | AddressAnswer;

/** What a check of one question gives: an answer, nothing (left empty and optional), or what is wrong. */
export type Outcome = {
  readonly answer?: Answer;
  readonly problems: readonly { readonly field: string; readonly text: string }[];
};
