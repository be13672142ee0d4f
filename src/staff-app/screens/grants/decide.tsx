/** Confirm, decline, take back: the three ends of a request. */
import { useState } from "preact/hooks";
import { count } from "../../words/format.ts";
import { decline, withdraw } from "../../../member/flows/asking.ts";
import { confirmRequest } from "../../../member/flows/granting.ts";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { Asked, Found } from "../../../member/flows/world.ts";
import { Button } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Working } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { useDraft } from "../../use-draft.ts";

type Props = {
  readonly found: Found;
  readonly request: Asked;
  readonly counted: number;
  readonly reasons: readonly string[];
  readonly again: () => void;
};

/** After these the page no longer shows what is true, so it is loaded again. */
const STALE = ["CHAIN_MOVED", "REFUSED_STATE", "ACT_MOVED", "LOG_NOT_SIGNED"];

export function Decide({ found, request, counted, reasons, again }: Props) {
  const visit = useVisit();
  const act = useAct();
  const [declining, setDeclining] = useState(false);
  const people = count(request.persons.length, "person", "people");
  const confirm = () =>
    act.run(async (tell) => {
      await confirmRequest(visit, found, request, counted, tell);
      visit.say(`${people} can now read this form. The confirmation is in the log.`);
      visit.go(paths.access(request.inbox));
    });
  if (reasons.length > 0) {
    return (
      <>
        <Inset>
          <p class="govuk-body">You cannot confirm this request.</p>
          {reasons.map((reason) => (
            <p class="govuk-body" key={reason}>
              {reason}
            </p>
          ))}
        </Inset>
        {declining ? (
          <Decline request={request} again={again} onBack={() => setDeclining(false)} />
        ) : (
          <Button kind="secondary" onPress={() => setDeclining(true)}>
            Decline
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      {act.failure ? <Failed failure={act.failure} {...(STALE.includes(act.failure.code) ? { again } : {})} /> : null}
      {act.working ? <Working text={`Giving the key to ${people}`} {...(act.progress ?? {})} /> : null}
      {declining ? null : (
        <div class="govuk-button-group">
          <Button onPress={confirm} working={act.working}>
            {act.working ? "Confirming…" : `Confirm: let ${people} read`}
          </Button>
          {act.working ? null : (
            <Button kind="secondary" onPress={() => setDeclining(true)}>
              Decline
            </Button>
          )}
        </div>
      )}
      {declining ? <Decline request={request} again={again} onBack={() => setDeclining(false)} /> : null}
    </>
  );
}

type DeclineProps = { readonly request: Asked; readonly again: () => void; readonly onBack?: () => void };

function Decline({ request, again, onBack }: DeclineProps) {
  const visit = useVisit();
  const act = useAct();
  const [reason, setReason] = useDraft("decline/reason", "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = reason.trim();
    const found =
      given === ""
        ? [{ field: "reason", text: "Enter why you decline" }]
        : given.length > 500
          ? [{ field: "reason", text: "Why you decline must be 500 characters or fewer" }]
          : [];
    setProblems(found);
    if (found.length > 0) return;
    act.run(async () => {
      await decline(visit, request.body, request.request, given);
      visit.done("decline", "The request was declined. Nobody was let in.");
      visit.go(paths.requests);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <h2 class="govuk-heading-m">Decline the request</h2>
      <TextArea
        id="reason"
        label="Why do you decline?"
        hint="The person who asked will see this."
        value={reason}
        onChange={setReason}
        problem={problemOf(problems, "reason")}
      />
      {act.failure ? <Failed failure={act.failure} {...(STALE.includes(act.failure.code) ? { again } : {})} /> : null}
      <div class="govuk-button-group">
        <Button submit kind="warning" working={act.working}>
          {act.working ? "Declining…" : "Decline the request"}
        </Button>
        {onBack ? (
          <Button kind="secondary" onPress={onBack}>
            Back
          </Button>
        ) : null}
      </div>
    </form>
  );
}

export function Withdraw({ request, again }: { readonly request: Asked; readonly again: () => void }) {
  const visit = useVisit();
  const act = useAct();
  const takeBack = () =>
    act.run(async () => {
      await withdraw(visit, request.body, request.request);
      visit.say("You took your request back. Nobody was let in.");
      visit.go(paths.requests);
    });
  return (
    <>
      <p class="govuk-body">You asked for this. An owner must confirm it.</p>
      {act.failure ? <Failed failure={act.failure} {...(STALE.includes(act.failure.code) ? { again } : {})} /> : null}
      <Button kind="secondary" onPress={takeBack} working={act.working}>
        {act.working ? "Taking it back…" : "Take the request back"}
      </Button>
    </>
  );
}
