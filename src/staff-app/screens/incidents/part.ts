/** What a part of an incident's page is, and what it is given. */
import type { ComponentChildren } from "preact";
import type { Incident } from "../../../member/flows/incidents.ts";

export type PartProps = {
  readonly incident: Incident;
  /** loads the incident again, after something was recorded */
  readonly again: () => void;
  /** what stands in the address behind the part's name */
  readonly rest: readonly string[];
};

export type IncidentPart = {
  /** in the address; "" is the overview */ readonly part: string;
  readonly title: string;
  readonly component: (props: PartProps) => ComponentChildren;
};
