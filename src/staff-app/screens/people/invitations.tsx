/** The invitations of a body: what became of each and of its mail. An owner withdraws one, or sends it again. */
import type { Invitation } from "../../../contract/people.ts";
import { withdrawInvitation } from "../../../member/flows/joining.ts";
import { Tag } from "../../parts/banner.tsx";
import { TextButton } from "../../parts/button.tsx";
import { NameAndEmail } from "../../parts/email.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useAct, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { count, moment, roleName } from "../../words/format.ts";
import { INVITATION_COLOURS, INVITATION_WORDS, MAIL_OF_INVITATION } from "../../words/invitations.ts";

type Props = {
  readonly body: string;
  readonly invitations: readonly Invitation[];
  /** What was done, in a sentence; the page is then loaded again. */
  readonly done: (said: string) => void;
};

export function Invitations({ body, invitations, done }: Props) {
  const visit = useVisit();
  const act = useAct();
  const open = invitations.filter(({ state }) => state === "open").length;
  const withdraw = async ({ invitation, name }: Invitation): Promise<void> => {
    await withdrawInvitation(visit, body, invitation);
    done(`The invitation of ${name} is withdrawn. Its link works no more.`);
  };
  const sendAgain = async ({ name, email, role }: Invitation): Promise<void> => {
    await visit.api.invite(body, { name, email, role });
    done(`A new link is on its way to ${name}. The one before works no more.`);
  };
  return (
    <section aria-label="Invitations">
      {act.failure ? <Failed failure={act.failure} /> : null}
      {invitations.length > 0 ? (
        <Table
          caption={`Invitations: ${count(open, "is open", "are open")}`}
          columns={[
            { id: "name", title: "Name" },
            { id: "role", title: "Role" },
            { id: "state", title: "State" },
            { id: "act", title: "What you can do", hiddenTitle: true },
          ]}
          rows={invitations.map((one) => rowOf(one, act, { withdraw, sendAgain }))}
        />
      ) : null}
      <p class="govuk-body">
        <Link to={paths.invite}>Invite a person</Link>
      </p>
    </section>
  );
}

type Doing = {
  readonly withdraw: (one: Invitation) => Promise<void>;
  readonly sendAgain: (one: Invitation) => Promise<void>;
};

const rowOf = (one: Invitation, { run, working }: Act, { withdraw, sendAgain }: Doing) => ({
  id: one.invitation,
  cells: [
    <NameAndEmail name={one.name} email={one.email} />,
    roleName(one.role),
    <span>
      <Tag colour={INVITATION_COLOURS[one.state]}>{INVITATION_WORDS[one.state]}</Tag>
      <br />
      <span class="pb-quiet">{aboutOf(one)}</span>
    </span>,
    one.state === "used" ? null : (
      <span class="pb-acts">
        <TextButton hidden={`to ${one.name}`} onPress={() => (working ? undefined : run(() => sendAgain(one)))}>
          Send again
        </TextButton>
        {one.state === "open" ? (
          <TextButton
            hidden={`the invitation of ${one.name}`}
            onPress={() => (working ? undefined : run(() => withdraw(one)))}
          >
            Withdraw
          </TextButton>
        ) : null}
      </span>
    ),
  ],
});

/** What is good to know of an invitation in its state; of one that ended, the mail is of no use any more. */
const aboutOf = ({ state, mail, expiresAt }: Invitation): string =>
  state === "open"
    ? `${mail === null ? "You hand the link over." : MAIL_OF_INVITATION[mail]} The link works until ${moment(expiresAt)}.`
    : state === "expired"
      ? `The link worked until ${moment(expiresAt)}.`
      : state === "used"
        ? "They have made their keys, and wait."
        : "Its link works no more.";
