/**
 * The parts of an incident, in the order in which the page offers them. A part is a line here and a component that gets
 * the incident, verified.
 */
import type { ComponentChildren } from "preact";
import type { Incident } from "../../../member/flows/incidents.ts";
import { Affected } from "./affected.tsx";
import { Awareness } from "./awareness.tsx";
import { Decisions } from "./decisions.tsx";
import { Followed } from "../filings/followed.tsx";
import { History } from "./history.tsx";
import { Letters } from "../messages/messages.tsx";
import { Overview } from "./overview.tsx";
import { PackPart } from "../filings/pack.tsx";
import { PublicNotice } from "../filings/public-notice.tsx";
import { ReportPart } from "../filings/report.tsx";
import { Papers } from "./documents.tsx";
import { Severity } from "./severity.tsx";
import { WindowPart } from "./window.tsx";

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

export const INCIDENT_PARTS: readonly IncidentPart[] = [
  { part: "", title: "Overview", component: Overview },
  { part: "awareness", title: "Awareness", component: Awareness },
  { part: "window", title: "Window", component: WindowPart },
  { part: "affected", title: "Affected", component: Affected },
  { part: "severity", title: "Severity", component: Severity },
  { part: "decisions", title: "Decisions", component: Decisions },
  { part: "papers", title: "Papers", component: Papers },
  { part: "letters", title: "Letters", component: Letters },
  { part: "report", title: "Report", component: ReportPart },
  { part: "followed", title: "What followed", component: Followed },
  { part: "notice", title: "Public notice", component: PublicNotice },
  { part: "pack", title: "Evidence pack", component: PackPart },
  { part: "history", title: "History", component: History },
];
