/** What each page of the messages to the people affected is given. */
import type { MessageWorld } from "../../../member/flows/messages.ts";

export type MessageProps = { readonly world: MessageWorld };
