/**
 * The closed machine of one delivery. What the machine cannot do does not happen: nothing goes from `uncertain` to the
 * carrier by itself, and nothing that ended begins again. `test/unit/mail-state.test.ts` walks every way through it.
 */

export const DELIVERY_STATES = [
  "handed-in",
  "intended",
  "sent",
  "bounced",
  "rejected",
  "uncertain",
  "hand-over-again",
  "cancelled",
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type Happening =
  /** committed before anything is asked of the mailroom */
  | "intended"
  /** the carrier said yes */
  | "taken"
  /** the carrier said no for good, or too often "later" */
  | "refused"
  /** it surely did not go out, and may be tried again */
  | "put-off"
  /** nobody can say whether the carrier took it */
  | "lost"
  /** the key that it was sealed to died with the mailroom */
  | "key-gone"
  /** nobody who may has signed that it goes out */
  | "unsigned"
  /** the browser sealed it anew */
  | "handed-over"
  /** the carrier brought it back */
  | "bounced"
  /** a person looked: it arrived */
  | "judged-sent"
  /** a person looked: it is to be sent again */
  | "judged-again"
  /** a person decided not to send it */
  | "cancelled";

const WAYS: { readonly [state in DeliveryState]: { readonly [happening in Happening]?: DeliveryState } } = {
  "handed-in": { intended: "intended", "key-gone": "hand-over-again", cancelled: "cancelled" },
  intended: {
    taken: "sent",
    refused: "rejected",
    "put-off": "handed-in",
    lost: "uncertain",
    "key-gone": "hand-over-again",
    unsigned: "hand-over-again",
  },
  sent: { bounced: "bounced" },
  uncertain: { "judged-sent": "sent", "judged-again": "hand-over-again", bounced: "bounced", cancelled: "cancelled" },
  "hand-over-again": { "handed-over": "handed-in", cancelled: "cancelled" },
  bounced: {},
  rejected: {},
  cancelled: {},
};

/** The state after something happened; null where it cannot happen. */
export const after = (state: DeliveryState, happening: Happening): DeliveryState | null =>
  WAYS[state][happening] ?? null;

/**
 * What the carrier answered, in codes; its own words are dropped, because they may quote the address. `NOT_SIGNED`,
 * `HELD_BACK` and `CHAIN_BROKEN` say why the mailroom handed nothing to it.
 */
export const MAIL_CODES = [
  "NONE",
  "NO_MAIL_SERVER",
  "UNREACHABLE",
  "SLOW",
  "SIGN_IN",
  "TLS",
  "LATER",
  "MAILBOX_UNKNOWN",
  "DOMAIN_UNKNOWN",
  "MAILBOX_FULL",
  "POLICY",
  "TOO_LARGE",
  "REFUSED",
  "ADDRESS",
  "CONNECTION_LOST",
  "MAILROOM_LOST",
  "KEY_GONE",
  "GAVE_UP",
  "NOT_SIGNED",
  "HELD_BACK",
  "CHAIN_BROKEN",
  "OTHER",
] as const;
export type MailCode = (typeof MAIL_CODES)[number];

/** What the mailroom says of one message that it was given. */
export type Outcome = {
  readonly outcome: "taken" | "refused" | "put-off" | "lost" | "key-gone" | "unsigned";
  readonly code: MailCode;
};

const MINUTE = 60_000;
/** How long after each refusal the next try is, milliseconds: the whole is about two days. */
const PAUSES = [
  MINUTE / 12,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  60 * MINUTE,
  2 * 60 * MINUTE,
  4 * 60 * MINUTE,
  8 * 60 * MINUTE,
  12 * 60 * MINUTE,
  20 * 60 * MINUTE,
];

/** The pause after the `attempts`-th try; null when that was the last. */
export const pauseAfter = (attempts: number): number | null => PAUSES[Math.max(0, attempts - 1)] ?? null;
