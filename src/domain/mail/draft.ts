/** What an owner has written and decided about the messages of an incident; kept as a document, sealed to its inbox. */
import { canonicalBytes, parseCanonical, type Json } from "../canonical.ts";
import type { Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import type { NeverAsked } from "./channel.ts";
import { MESSAGE_PARTS, type MessagePart, type MessageTemplate } from "./template.ts";
import { isSubject } from "./subject.ts";

export type MessageDraft = { readonly template: MessageTemplate; readonly neverAsked: NeverAsked };

const FORMAT = "pillarbox/v1/letter-draft";

export const draftBytes = ({ template, neverAsked }: MessageDraft): Bytes =>
  canonicalBytes({ format: FORMAT, neverAsked, ...template });

/** The draft again; `MALFORMED` for anything that `draftBytes` did not write. */
export function parseDraft(bytes: Bytes): MessageDraft {
  const wrong = (): never => {
    throw new Fault("MALFORMED", "not a draft of a message");
  };
  const objectOf = (value: Json | undefined): { readonly [key: string]: Json } =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { readonly [key: string]: Json })
      : wrong();
  const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : wrong());
  const { format, neverAsked, subject, opening, parts, signature } = objectOf(parseCanonical(bytes));
  const given = objectOf(parts);
  const code = textOf(subject);
  if (format !== FORMAT || (neverAsked !== "look-first" && neverAsked !== "as-given") || !isSubject(code))
    return wrong();
  return {
    neverAsked,
    template: {
      subject: code,
      opening: textOf(opening),
      signature: textOf(signature),
      parts: Object.fromEntries(MESSAGE_PARTS.map((part) => [part, textOf(given[part])])) as Record<
        MessagePart,
        string
      >,
    },
  };
}
