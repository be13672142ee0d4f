/** A signed act as it travels: the event that the person signed, the signature, and what opens its commitment. */
import { addedFields, type PlainAct, type SignedEvent } from "../domain/log/act.ts";
import { checkFields } from "../domain/log/event-fields.ts";
import { addedTo, type SignedKind } from "../domain/person/signed.ts";
import { Fault } from "../domain/problem.ts";
import { anything, bytes, exact, ownShape, type Shape } from "./shape.ts";

const envelope = exact({ event: anything, signature: bytes(64), bySalt: bytes(32) });

/** Exactly the fields of one of the kinds that a person signs. What they mean is judged beside the write. */
function says<K extends SignedKind>(kinds: readonly K[], event: unknown): event is PlainAct<K> {
  try {
    const said = event as { readonly [field: string]: unknown };
    const kind = kinds.find((one) => one === said["kind"]);
    if (kind === undefined || addedTo(kind).some((field) => Object.hasOwn(said, field))) return false;
    checkFields({ ...said, ...addedFields(kind), v: 1, at: 0, nonce: "0".repeat(64) } as never);
    return true;
  } catch {
    return false;
  }
}

/** A signed act of one of some kinds. */
export const signedEvent = <const K extends SignedKind>(...kinds: readonly K[]): Shape<SignedEvent<K>> =>
  ownShape(
    kinds.join(" or "),
    (value) => {
      const { event, ...given } = envelope.parse(value);
      if (!says(kinds, event) || given.bySalt.length !== 32 || given.signature.length !== 64)
        throw new Fault("MALFORMED", `not a signed act: ${kinds.join(" or ")}`);
      return { ...given, event };
    },
    (act) => envelope.encode(act),
  );
