/**
 * Safety first: by which way somebody is told. Total: every person has exactly one way, and nobody is written to or
 * rung by a channel that they did not call safe. Whoever may be in danger is never written to before somebody has
 * spoken with them.
 */
import type { AffectedPerson, Channel } from "../affected/person.ts";
import { addressOf } from "../form/email.ts";

/**
 * Somebody who was never asked has called no channel safe. An owner may decide, for the whole of an incident and on the
 * record, that such people are told at the address that they gave themselves; the usual is that a person looks first.
 */
export type NeverAsked = "look-first" | "as-given";

/** What was agreed on the telephone or face to face. */
export type Agreed = "email" | "post" | "told" | null;

export type Way =
  | { readonly by: "email"; readonly to: string }
  | { readonly by: "post"; readonly to: readonly string[] }
  | { readonly by: "call"; readonly phone: string; readonly why: "danger" | "phone-only" }
  /** no channel may be used: somebody has to find a way */
  | { readonly by: "person"; readonly why: "danger" | "none-safe" | "never-asked" | "no-address" }
  | { readonly by: "told" };

/** @param failed channels by which a message came back or was refused: they count as having no address */
export function wayOf(
  person: AffectedPerson,
  neverAsked: NeverAsked,
  agreed: Agreed = null,
  failed: readonly Channel[] = [],
): Way {
  if (agreed === "told") return { by: "told" };
  const safe = (channel: Channel): boolean =>
    agreed === channel ||
    (person.safe === null ? neverAsked === "as-given" && !person.inDanger : person.safe.includes(channel));
  const email = person.email === null || failed.includes("email") ? null : addressOf(person.email);
  const post =
    person.post !== null && !failed.includes("post") && person.post.some((line) => line.trim() !== "")
      ? person.post
      : null;
  const phone = person.phone !== null && person.phone.trim() !== "" ? person.phone : null;
  if (agreed === "email") return email !== null ? { by: "email", to: email } : { by: "person", why: "no-address" };
  if (agreed === "post") return post !== null ? { by: "post", to: post } : { by: "person", why: "no-address" };
  if (person.inDanger)
    return phone !== null && safe("phone") ? { by: "call", phone, why: "danger" } : { by: "person", why: "danger" };
  if (email !== null && safe("email")) return { by: "email", to: email };
  if (post !== null && safe("post")) return { by: "post", to: post };
  if (phone !== null && safe("phone")) return { by: "call", phone, why: "phone-only" };
  if (person.safe === null)
    return { by: "person", why: email === null && post === null && phone === null ? "no-address" : "never-asked" };
  return { by: "person", why: person.safe.length === 0 ? "none-safe" : "no-address" };
}

/**
 * The call list: everybody whom somebody has to ring or to look after, those in danger first, otherwise in the order
 * given.
 */
export function callList<P extends { readonly person: AffectedPerson; readonly way: Way }>(
  people: readonly P[],
): readonly P[] {
  const calls = people.filter(({ way }) => way.by === "call" || way.by === "person");
  return [...calls.filter(({ person }) => person.inDanger), ...calls.filter(({ person }) => !person.inDanger)];
}
