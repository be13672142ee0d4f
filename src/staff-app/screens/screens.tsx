/** Which screen answers to which address. */
import type { JSX } from "preact";
import { RunningClocks } from "../parts/clock.tsx";
import { Frame } from "../parts/frame.tsx";
import { IdentityBar } from "../parts/identity-bar.tsx";
import { PrimaryNavigation } from "../parts/navigation.tsx";
import { WatchBanner } from "../parts/watch-banner.tsx";
import { Link } from "../parts/link.tsx";
import { paths, type Route } from "../route.ts";
import { useVisit } from "../visit.ts";
import { Access } from "./grants/access.tsx";
import { Ask } from "./grants/ask.tsx";
import { EndGrant } from "./grants/end-grant.tsx";
import { DueScreen } from "./erasure/due.tsx";
import { ErasureScreen } from "./erasure/erasure.tsx";
import { Erasures } from "./erasure/erasures.tsx";
import { IncidentScreen } from "./incidents/incident.tsx";
import { Incidents } from "./incidents/incidents.tsx";
import { FindingScreen } from "./watch/finding.tsx";
import { Findings } from "./watch/findings.tsx";
import { Inbox } from "./reading/inbox.tsx";
import { LetterScreen } from "./reading/letter.tsx";
import { Log } from "./log/log.tsx";
import { NewIncident } from "./incidents/new-incident.tsx";
import { NotFound } from "./start/not-found.tsx";
import { Compare } from "./people/compare.tsx";
import { Invite } from "./people/invite.tsx";
import { LetOut } from "./people/let-out.tsx";
import { People } from "./people/people.tsx";
import { Register } from "./filings/register.tsx";
import { RequestScreen } from "./grants/request.tsx";
import { Requests } from "./grants/requests.tsx";
import { Sessions } from "./session/sessions.tsx";
import { Start } from "./start/start.tsx";
import { Unlockers } from "./unlockers/unlockers.tsx";

/** Every place has a screen: one that is forgotten here is a type error. */
function screen(route: Route): JSX.Element {
  switch (route.at) {
    case "start":
      return <Start />;
    case "inbox":
      return <Inbox inbox={route.inbox} />;
    case "letter":
      return <LetterScreen inbox={route.inbox} submission={route.submission} />;
    case "access":
      return <Access inbox={route.inbox} />;
    case "ask":
      return <Ask inbox={route.inbox} />;
    case "end":
      return <EndGrant inbox={route.inbox} grant={route.grant} person={route.person} />;
    case "requests":
      return <Requests />;
    case "request":
      return <RequestScreen request={route.request} />;
    case "erasures":
      return <Erasures />;
    case "due":
      return <DueScreen />;
    case "erasure":
      return <ErasureScreen erasure={route.erasure} />;
    case "people":
      return <People />;
    case "let-out":
      return <LetOut person={route.person} />;
    case "invite":
      return <Invite />;
    case "compare":
      return <Compare person={route.person} />;
    case "sessions":
      return <Sessions />;
    case "unlockers":
      return <Unlockers />;
    case "log":
      return <Log />;
    case "findings":
      return <Findings />;
    case "finding":
      return <FindingScreen finding={route.finding} />;
    case "incidents":
      return <Incidents />;
    case "register":
      return <Register />;
    case "new-incident":
      return <NewIncident source={route.source} id={route.id} person={route.person} />;
    case "incident":
      return <IncidentScreen incident={route.incident} part={route.part} rest={route.rest} />;
    case "nowhere":
      return <NotFound />;
  }
}

export function Screens({ route, onSignOut }: { readonly route: Route; readonly onSignOut: () => void }) {
  const { me, setup } = useVisit();
  return (
    <Frame
      demonstration={setup.demonstration}
      identity={<IdentityBar me={me} onSignOut={onSignOut} own={<Link to={paths.sessions}>Your sign-ins</Link>} />}
      navigation={<PrimaryNavigation role={me.role} route={route} />}
    >
      <WatchBanner />
      <RunningClocks />
      {screen(route)}
    </Frame>
  );
}
