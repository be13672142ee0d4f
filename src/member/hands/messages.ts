/**
 * Messages to people affected: sealed one by one to the mailroom's key of this start, after its signature was verified.
 */
import { fromHex } from "../../domain/bytes.ts";
import { verifiedRecipient } from "../../domain/mail/mailroom-key.ts";
import { sealLetter, type MessageTo } from "../../domain/mail/seal-message.ts";
import type { Hand } from "./vault.ts";

/** Often enough to be seen, seldom enough not to slow the sealing. */
const TELL_EVERY = 10;

export const messagesOf = (): { [N in "mailroom" | "sealMessages"]: Hand<N> } => ({
  mailroom: ({ installation, mailKey, mailroom, now }) => {
    verifiedRecipient(installation, fromHex(mailKey), mailroom, now);
    return { start: mailroom.start, at: mailroom.at };
  },

  sealMessages: async ({ installation, mailKey, mailroom, now, template, messages }, tell) => {
    const recipient = verifiedRecipient(installation, fromHex(mailKey), mailroom, now);
    const sealed: MessageTo[] = [];
    for (const { person, to, delivery } of messages) {
      sealed.push(await sealLetter(template, person, to, delivery, recipient));
      if (sealed.length % TELL_EVERY === 0 || sealed.length === messages.length) tell(sealed.length, messages.length);
    }
    return sealed;
  },
});
