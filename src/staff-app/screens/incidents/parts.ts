/**
 * The parts of an incident, in the order in which the page offers them. A part is a line here and a component that gets
 * the incident, verified. No part imports this list: what a part is given stands in `part.ts`.
 */
import { Affected } from "./affected.tsx";
import { Awareness } from "./awareness.tsx";
import { Decisions } from "./decisions.tsx";
import { Followed } from "../filings/followed.tsx";
import { History } from "./history.tsx";
import { Messages } from "../messages/messages.tsx";
import { Overview } from "./overview.tsx";
import { PackPart } from "../filings/pack.tsx";
import type { IncidentPart } from "./part.ts";
import { PublicNotice } from "../filings/public-notice.tsx";
import { ReportPart } from "../filings/report.tsx";
import { Documents } from "./documents.tsx";
import { Severity } from "./severity.tsx";
import { WindowPart } from "./window.tsx";

export const INCIDENT_PARTS: readonly IncidentPart[] = [
  { part: "", title: "Overview", component: Overview },
  { part: "awareness", title: "Awareness", component: Awareness },
  { part: "window", title: "Window", component: WindowPart },
  { part: "affected", title: "Affected", component: Affected },
  { part: "severity", title: "Severity", component: Severity },
  { part: "decisions", title: "Decisions", component: Decisions },
  { part: "documents", title: "Documents", component: Documents },
  { part: "messages", title: "Messages", component: Messages },
  { part: "report", title: "Report", component: ReportPart },
  { part: "followed", title: "What followed", component: Followed },
  { part: "notice", title: "Public notice", component: PublicNotice },
  { part: "pack", title: "Evidence pack", component: PackPart },
  { part: "history", title: "History", component: History },
];
