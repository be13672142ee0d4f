/** What an owner reads of an invitation and of the mail that brings its link. */
import type { Invitation } from "../../contract/people.ts";
import type { DeliveryState } from "../../domain/mail/state.ts";

export const INVITATION_WORDS: { readonly [state in Invitation["state"]]: string } = {
  open: "Open",
  used: "Used",
  expired: "Run out",
  withdrawn: "Withdrawn",
};

export const INVITATION_COLOURS = {
  open: "yellow",
  used: "green",
  expired: "grey",
  withdrawn: "grey",
} as const satisfies { readonly [state in Invitation["state"]]: string };

export const MAIL_OF_INVITATION: { readonly [state in DeliveryState]: string } = {
  "handed-in": "The mail waits to be sent.",
  intended: "The mail is being sent.",
  sent: "The mail was sent.",
  bounced: "The mail came back. Check the address.",
  rejected: "The mail could not be sent. Check the address.",
  uncertain: "Nobody knows whether the mail was sent. Ask them, or send it again.",
  "hand-over-again": "The mail was not sent. Send it again.",
  cancelled: "The mail was not sent.",
};
