/** The start page of every role: what it can do here, and what waits. */
import { count } from "../../words/format.ts";
import { Loading } from "../../parts/loading.tsx";
import { Link } from "../../parts/link.tsx";
import { Important, Inset } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { incidentReference } from "../../../domain/incident/document.ts";
import { SecondUnlocker } from "../unlockers/second.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Me, Role } from "../../../contract/session.ts";
import {
  holdersByName,
  loadRequests,
  loadWorlds,
  readersOf,
  type Asked,
  type BodyWorld,
  type SignedInbox,
} from "../../../member/flows/world.ts";

const WHAT: Record<Role, string> = {
  owner:
    "You decide which named people can read what is sent to your body. Nobody can be let in without an owner, and nobody at the host can read anything.",
  reader:
    "You can read the letters of each form that an owner has granted you. Every list and every letter you open is recorded in the log.",
  auditor:
    "You can see who asked, who confirmed, and what was released to whom. You can open no letter unless an owner grants it to you.",
  operator:
    "You can ask that named people at a body may read a form. You hold no key, so you can read nothing, and only an owner at the body can confirm.",
};

type Held = {
  readonly worlds: readonly BodyWorld[];
  readonly requests: readonly Asked[];
  /** requests for erasure that wait for this owner */
  readonly erasures: number;
  /** incidents with mail that came back and at which nobody has looked */
  readonly cameBack: readonly { readonly incident: string; readonly count: number }[];
};

export function Start() {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const worlds = await loadWorlds(visit);
    const erasures = visit.me.role === "owner" && visit.me.body ? await visit.api.erasures(visit.me.body.id) : [];
    const incidents = visit.me.role === "owner" || visit.me.role === "auditor" ? visit.me.body : null;
    return {
      worlds,
      cameBack: incidents ? await visit.api.cameBack(incidents.id) : [],
      requests: await loadRequests(visit, worlds),
      erasures: erasures.filter((one) => one.state === "open").length,
    };
  });
  const { me } = visit;
  return (
    <Page title={`Hello, ${me.name}`} tab="Start" before={<Said />}>
      <p class="govuk-body-l">{WHAT[me.role]}</p>
      <SecondUnlocker />
      <Loading loaded={loaded}>
        {({ worlds, requests, erasures, cameBack }) => (
          <>
            <Next me={me} worlds={worlds} requests={requests} />
            {cameBack.map((one) => (
              <NextStep
                key={one.incident}
                id={`came-back-${one.incident}`}
                title={`Incident ${incidentReference(one.incident)}`}
                text={`${count(one.count, "message", "messages")} came back that only a person can judge.`}
                to={paths.incident(one.incident, "messages")}
                link={one.count === 1 ? "Look at it" : "Look at them"}
              />
            ))}
            {erasures > 0 ? (
              <NextStep
                id="erasures-wait"
                title="Erasure"
                text={`${count(erasures, "person asks", "people ask")} that their letter be erased.`}
                to={paths.erasures}
                link={erasures === 1 ? "Look at it" : "Look at them"}
              />
            ) : null}
            {worlds
              .toSorted((a, b) => b.inboxes.length - a.inboxes.length)
              .map((world) => (
                <BodyForms key={world.body.id} me={me} world={world} requests={requests} />
              ))}
          </>
        )}
      </Loading>
    </Page>
  );
}

/** The one thing to do now, if there is one. */
function Next({ me, worlds, requests }: Omit<Held, "erasures" | "cameBack"> & { readonly me: Me }) {
  const open = requests.filter((one) => one.state === "open");
  const mine = open.filter((one) => one.asker.person === me.person);
  const toDecide = open.filter((one) => one.asker.person !== me.person && !one.persons.includes(me.person));
  const granted = worlds.some((world) => world.inboxes.some((inbox) => mayRead(me, world, inbox)));
  if (me.role === "owner" && toDecide.length > 0) {
    return (
      <NextStep
        text={`${count(toDecide.length, "request waits", "requests wait")} for you.`}
        to={paths.requests}
        link={toDecide.length === 1 ? "Look at the request" : "Look at the requests"}
      />
    );
  }
  if (me.role === "operator" && mine.length > 0) {
    return (
      <NextStep
        text={`${count(mine.length, "request", "requests")} of yours ${mine.length === 1 ? "waits" : "wait"} for an owner.`}
        to={paths.requests}
        link="See your requests"
      />
    );
  }
  if (me.role === "reader" && !granted) {
    return (
      <Inset>
        You have no grant to read any form yet. Ask the operator, or a colleague who reads the form, to request access
        for you. An owner then confirms it.
      </Inset>
    );
  }
  if (me.role === "auditor")
    return <NextStep text="The history of this body is in the log." to={paths.log} link="Read the log" />;
  return null;
}

type StepProps = {
  readonly id?: string;
  readonly title?: string;
  readonly text: string;
  readonly to: string;
  readonly link: string;
};

const NextStep = ({ id = "next-step", title = "Next step", text, to, link }: StepProps) => (
  <Important id={id} title={title}>
    <p class="govuk-notification-banner__heading">
      {text}{" "}
      <Link to={to} class="govuk-notification-banner__link">
        {link}
      </Link>
    </p>
  </Important>
);

const mayRead = (me: Me, world: BodyWorld, inbox: SignedInbox): boolean =>
  readersOf(world, inbox.inbox, Date.now()).some((reader) => reader.person === me.person);

function BodyForms({
  me,
  world,
  requests,
}: {
  readonly me: Me;
  readonly world: BodyWorld;
  readonly requests: readonly Asked[];
}) {
  return (
    <section aria-labelledby={`body-${world.body.id}`}>
      <h2 class="govuk-heading-m" id={`body-${world.body.id}`}>
        {me.role === "operator" ? world.body.name : "Forms"}
      </h2>
      {world.unsigned > 0 ? (
        <Inset>
          {count(world.unsigned, "form is", "forms are")} not shown, because no owner signed{" "}
          {world.unsigned === 1 ? "it" : "them"}. Tell your data protection officer.
        </Inset>
      ) : null}
      {world.inboxes.length === 0 ? <p class="govuk-body">This body has no form yet.</p> : null}
      {world.inboxes.map((inbox) => (
        <FormCard key={inbox.inbox} me={me} world={world} inbox={inbox} requests={requests} />
      ))}
    </section>
  );
}

type CardProps = {
  readonly me: Me;
  readonly world: BodyWorld;
  readonly inbox: SignedInbox;
  readonly requests: readonly Asked[];
};

function FormCard({ me, world, inbox, requests }: CardProps) {
  const readers = holdersByName(world, inbox.inbox, Date.now());
  const open = requests.filter((one) => one.inbox === inbox.inbox && one.state === "open").length;
  const reads = mayRead(me, world, inbox);
  return (
    <div class="govuk-summary-card">
      <div class="govuk-summary-card__title-wrapper">
        <h3 class="govuk-summary-card__title">{inbox.title}</h3>
      </div>
      <div class="govuk-summary-card__content">
        <p class="govuk-body">
          {count(inbox.received, "letter")} received. {count(readers.length, "named person", "named people")} can read{" "}
          {inbox.received === 1 ? "it" : "them"}
          {inbox.erased > 0 ? `, ${count(inbox.erased, "more was", "more were")} erased` : ""}
          {open > 0 ? `, and ${count(open, "request waits", "requests wait")}` : ""}.
        </p>
        <ul class="pb-actions">
          {reads ? (
            <li>
              <Link to={paths.inbox(inbox.inbox)} hidden={`of ${inbox.title}`}>
                Read the letters
              </Link>
            </li>
          ) : null}
          <li>
            <Link to={paths.access(inbox.inbox)} hidden={inbox.title}>
              Who can read this
            </Link>
          </li>
          {me.role === "auditor" ? null : (
            <li>
              <Link to={paths.ask(inbox.inbox)} hidden={`to ${inbox.title}`}>
                Ask for access
              </Link>
            </li>
          )}
        </ul>
      </div>
    </div>
  );
}
