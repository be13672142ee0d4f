/** What a member does by an act of their own: signed in the hands, sent in one piece. */
import type { SignedEvent, PlainKind, ToSay } from "../../domain/log/act.ts";
import { Fault } from "../../domain/problem.ts";
import type { Member } from "../member.ts";

/** Signs what the member says. The body's statements were replayed before (`stateOf`), so that their role is known. */
export async function signed<K extends PlainKind>(
  member: Member,
  fields: ToSay<K> & { readonly kind: K; readonly body: string },
): Promise<SignedEvent<K>> {
  const act = await member.hands.call("sign", { fields: fields as unknown as ToSay<PlainKind> });
  if (act.event.kind !== fields.kind) throw new Fault("INTERNAL", "something else was signed");
  return act as unknown as SignedEvent<K>;
}
