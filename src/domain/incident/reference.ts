/** What people call an incident. Derived from its id, so that nobody stores it. */
import { referenceOf } from "../seal/reference.ts";

/** For example `IN-7K3M-9QXT-2D`. */
export const incidentReference = (incident: string): string => referenceOf(incident).replace(/^PB-/, "IN-");
