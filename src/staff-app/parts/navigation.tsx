/** Where a role can go: what it may not see it is not offered. */
import { paths, type Route } from "../route.ts";
import type { Role } from "../../contract/session.ts";
import { Link } from "./link.tsx";

type Place = { readonly to: string; readonly label: string; readonly at: readonly Route["at"][] };

const START: Place = { to: paths.start, label: "Start", at: ["start", "inbox", "letter", "access", "ask", "end"] };
const REQUESTS: Place = { to: paths.requests, label: "Requests", at: ["requests", "request"] };
const ERASURES: Place = { to: paths.erasures, label: "Erasure", at: ["erasures", "erasure", "due"] };
const PEOPLE: Place = { to: paths.people, label: "People", at: ["people", "let-out", "invite", "compare"] };
const INCIDENTS: Place = {
  to: paths.incidents,
  label: "Incidents",
  at: ["incidents", "new-incident", "incident", "register"],
};
const FINDINGS: Place = { to: paths.findings, label: "Findings", at: ["findings", "finding"] };
const LOG: Place = { to: paths.log, label: "Log", at: ["log"] };

const PLACES: Record<Role, readonly Place[]> = {
  operator: [START, REQUESTS, PEOPLE],
  owner: [START, REQUESTS, ERASURES, PEOPLE, FINDINGS, INCIDENTS, LOG],
  reader: [START, REQUESTS, PEOPLE],
  auditor: [START, REQUESTS, ERASURES, PEOPLE, FINDINGS, INCIDENTS, LOG],
};

export const PrimaryNavigation = ({ role, route }: { readonly role: Role; readonly route: Route }) => (
  <div class="pb-navigation">
    <nav class="govuk-width-container" aria-label="Main">
      <ul class="pb-navigation__list">
        {PLACES[role].map(({ to, label, at }) => (
          <li key={to}>
            <Link
              to={to}
              class="pb-navigation__link"
              current={route.at === at[0] ? "page" : at.includes(route.at) ? "true" : false}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  </div>
);
