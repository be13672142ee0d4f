/** A signed act as it travels: the event that the person signed, the signature, and what opens its commitment. */
import { addedFields, type PlainAct, type SignedEvent } from "../domain/log/act.ts";
import { checkFields } from "../domain/log/event-fields.ts";
import { addedTo, type SignedKind } from "../domain/person/signed.ts";
import { Fault } from "../domain/problem.ts";
import { anything, bytes, exact, ownShape, type Shape } from "./shape.ts";

const envelope = exact({ event: anything, signature: bytes(64), bySalt: bytes(32) });

/** Exactly the fields of the kind that a person signs. What they mean is judged beside the write. */
function says<K extends SignedKind>(kind: K, event: unknown): event is PlainAct<K> {
  try {
    const said = event as { readonly [field: string]: unknown };
    if (said["kind"] !== kind || addedTo(kind).some((field) => Object.hasOwn(said, field))) return false;
    checkFields({ ...said, ...addedFields(kind), v: 1, at: 0, nonce: "0".repeat(64) } as never);
    return true;
  } catch {
    return false;
  }
}

/** A signed act of one kind. */
export const signedEvent = <K extends SignedKind>(kind: K): Shape<SignedEvent<K>> =>
  ownShape(
    kind,
    (value) => {
      const { event, ...given } = envelope.parse(value);
      if (!says(kind, event) || given.bySalt.length !== 32 || given.signature.length !== 64)
        throw new Fault("MALFORMED", `not a signed act: ${kind}`);
      return { ...given, event };
    },
    (act) => envelope.encode(act),
  );
