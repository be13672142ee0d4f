/** The people of a body, each compared with what an owner signed. */
import { useState } from "preact/hooks";
import type { Invitation } from "../../../contract/people.ts";
import { sentence } from "../../../domain/problem.ts";
import { count, roleName } from "../../words/format.ts";
import type { CheckedPerson } from "../../../member/hands/tasks.ts";
import { NameAndEmail } from "../../parts/email.tsx";
import { focusOn } from "../../parts/focus.ts";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Tag, Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { Table } from "../../parts/table.tsx";
import { Invitations } from "./invitations.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { loadWorlds, type BodyWorld } from "../../../member/flows/world.ts";

type Shown = { readonly worlds: readonly BodyWorld[]; readonly invitations: readonly Invitation[] };

export function People() {
  const visit = useVisit();
  const { me, api } = visit;
  const [done, setDone] = useState<string | null>(null);
  const invites = me.role === "owner" ? me.body : null;
  const loaded = useLoad<Shown>(async () => ({
    worlds: await loadWorlds(visit),
    invitations: invites ? await api.invitations(invites.id) : [],
  }));
  const finish = (said: string, again: () => void): void => {
    setDone(said);
    again();
    focusOn("main h1");
  };
  return (
    <Page title="People" before={<Said />}>
      <div role="status">{done === null ? null : <p class="govuk-body">{done}</p>}</div>
      <p class="govuk-body">
        Each name, address, role and key below was compared in this browser with the statement that an owner signed.
      </p>
      <Loading loaded={loaded}>
        {({ worlds, invitations }, again) => (
          <>
            {worlds.map((world) => (
              <PeopleOf key={world.body.id} world={world} />
            ))}
            {invites ? (
              <Invitations body={invites.id} invitations={invitations} done={(said) => finish(said, again)} />
            ) : null}
          </>
        )}
      </Loading>
    </Page>
  );
}

function PeopleOf({ world }: { readonly world: BodyWorld }) {
  const { me } = useVisit();
  const owner = me.role === "owner" && me.body?.id === world.body.id;
  const wrong = world.people.filter((person) => person.code === "PERSON_MISMATCH");
  // Somebody who was signed for and whose row is gone: the server hides a person.
  const missing = [...world.state.persons.keys()].filter(
    (person) => !world.people.some((row) => row.person === person),
  );
  const columns = [
    { id: "name", title: "Name" },
    { id: "role", title: "Role" },
    { id: "state", title: "State" },
    { id: "key", title: "Key" },
  ];
  return (
    <section aria-label={world.body.name}>
      {wrong.length > 0 ? (
        <div role="alert">
          <Warning>
            {count(wrong.length, "person does", "people do")} not fit what an owner signed. Let nobody in, and tell your
            data protection officer.
          </Warning>
        </div>
      ) : null}
      {missing.length > 0 ? (
        <Warning>
          {count(missing.length, "confirmed person is", "confirmed people are")} missing from the server’s list. Tell
          your data protection officer.
        </Warning>
      ) : null}
      <Table
        caption={`${world.body.name}: ${count(world.people.length, "person", "people")}`}
        columns={columns}
        rows={world.people.map((one) => rowOf(one, owner && one.person !== me.person, world.locked.has(one.person)))}
      />
    </section>
  );
}

/**
 * What the server says after an older database came back; whoever it says it of is still in by the statements, or had not
 * been confirmed then.
 */
const Locked = ({ waited = false }: { readonly waited?: boolean }) => (
  <>
    <Tag colour="red">Locked</Tag>
    <br />
    <span class="pb-quiet">
      They were let out, and the statement was lost when the database was put back. They cannot sign in.{" "}
      {waited ? "Nobody confirms them." : "An owner lets them out again."}
    </span>
  </>
);

const rowOf = (person: CheckedPerson, mayEnd: boolean, locked: boolean) => ({
  id: person.person,
  cells: [
    <NameAndEmail name={person.name} email={person.email} />,
    roleName(person.role),
    person.code === null ? (
      <span>
        {locked ? <Locked /> : <Tag colour="green">Confirmed</Tag>}
        {mayEnd ? (
          <>
            <br />
            <Link to={paths.letOut(person.person)}>
              Let out<span class="govuk-visually-hidden"> {person.name}</span>
            </Link>
          </>
        ) : null}
      </span>
    ) : person.code === "PERSON_ENDED" ? (
      <Tag colour="grey">Let out</Tag>
    ) : person.code === "PERSON_UNCONFIRMED" && locked ? (
      <Locked waited />
    ) : person.code === "PERSON_UNCONFIRMED" ? (
      <span>
        <Tag colour="yellow">Waiting</Tag>
        <br />
        {mayEnd && person.recipient !== "" ? (
          <Link to={paths.compare(person.person)} hidden={`with ${person.name}`}>
            Compare six words
          </Link>
        ) : (
          <span class="pb-quiet">{sentence(person.code)}</span>
        )}
      </span>
    ) : (
      <span>
        <Tag colour="red">Does not fit</Tag>
        <br />
        <span class="pb-quiet">{sentence(person.code)}</span>
      </span>
    ),
    person.fingerprint === "" ? "No key yet" : <code class="pb-fingerprint">{person.fingerprint}</code>,
  ],
});
