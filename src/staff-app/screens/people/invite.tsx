/** An owner invites somebody: name, address, role. The link goes to that address, and to nobody else. */
import { useState } from "preact/hooks";
import { addressOf } from "../../../domain/form/email.ts";
import { Fault } from "../../../domain/problem.ts";
import { Inset } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { Choices, TextField } from "../../parts/fields.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

const ROLES = [
  {
    value: "reader",
    label: "Case officer",
    hint: "Reads the letters of forms that somebody asks for and you confirm.",
  },
  { value: "auditor", label: "Auditor", hint: "Reads the history and answers breaches, and reads no letters." },
  { value: "owner", label: "Owner", hint: "Invites, confirms and ends, and holds the key of each new form." },
] as const;

export function Invite() {
  const { me } = useVisit();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const loaded = useLoad(async () => {
    if (me.role !== "owner" || !me.body) throw new Fault("REFUSED_ROLE");
    return me.body;
  });
  return (
    <Page
      title="Invite a person"
      wrong={problems.length > 0}
      before={
        <>
          <BackLink to={paths.people}>People</BackLink>
          <ErrorSummary problems={problems} />
        </>
      }
    >
      <Loading loaded={loaded}>
        {(body) => <InviteForm body={body.id} problems={problems} onProblems={setProblems} />}
      </Loading>
    </Page>
  );
}

type FormProps = {
  readonly body: string;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
};

function InviteForm({ body, problems, onProblems }: FormProps) {
  const visit = useVisit();
  const act = useAct();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const role = ROLES.find(({ value }) => value === chosen[0])?.value;
    const found = problemsOf(name, email, role);
    const address = addressOf(email);
    onProblems(found);
    if (found.length > 0 || role === undefined || address === null) return;
    act.run(async () => {
      await visit.api.invite(body, { name: name.trim(), email: address, role });
      visit.say("The invitation is on its way. Its link works once, for seven days.");
      visit.go(paths.people);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <TextField
        id="name"
        label="Full name"
        hint="As colleagues know it. You sign it when you confirm the person."
        value={name}
        onChange={setName}
        problem={problemOf(problems, "name")}
      />
      <TextField
        id="email"
        label="E-mail address"
        hint="The link goes there, and the person signs in with it."
        type="email"
        value={email}
        onChange={setEmail}
        problem={problemOf(problems, "email")}
      />
      <Choices
        id="role"
        kind="radio"
        label="Role"
        choices={ROLES}
        chosen={chosen}
        onChange={setChosen}
        problem={problemOf(problems, "role")}
      />
      <Inset>
        The invitation lets nobody read. When the person has made their keys you compare six words with them, because an
        e-mail can reach somebody else.
      </Inset>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit working={act.working}>
        Send the invitation
      </Button>
    </form>
  );
}

function problemsOf(name: string, email: string, role: string | undefined): Problem[] {
  const found: Problem[] = [];
  if (name.trim() === "") found.push({ field: "name", text: "Enter their full name" });
  else if (name.trim().length > 200) found.push({ field: "name", text: "Their name must be 200 characters or fewer" });
  if (addressOf(email) === null)
    found.push({
      field: "email",
      text:
        email.trim() === ""
          ? "Enter their e-mail address"
          : "Enter an e-mail address in the correct format, like name@example.com",
    });
  if (role === undefined) found.push({ field: "role", text: "Select their role" });
  return found;
}
