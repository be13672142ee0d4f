/** A code beside the passphrase: turned on by typing one, then the recovery codes, once; turned off by a code. */
import { useState } from "preact/hooks";
import type { BegunTotp, Totp } from "../../../contract/totp.ts";
import { totpLink, totpText } from "../../../domain/person/totp.ts";
import { turnTotpOff, turnTotpOn } from "../../../member/flows/totp.ts";
import { failureOf } from "../../failure.ts";
import { Warning } from "../../parts/banner.tsx";
import { Button, TextButton } from "../../parts/button.tsx";
import { focusOn } from "../../parts/focus.ts";
import { CodeField, problemsOfCode } from "../../parts/code-field.tsx";
import type { Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import type { Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { count, moment } from "../../words/format.ts";

type Props = {
  readonly totp: Totp | null;
  readonly act: Act;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onDone: (text: string) => void;
};

/** What these say is of the code, and stands at its field: at the top of the page nobody would see it. */
const ABOUT_CODE: readonly string[] = ["TOTP_REFUSED", "TOTP_PAUSED", "TOTP_BROKEN", "TOTP_OVER"];

type Shown =
  | { readonly at: "state" }
  | { readonly at: "secret"; readonly begun: BegunTotp }
  | { readonly at: "codes"; readonly codes: readonly string[] }
  | { readonly at: "off" };

export function TotpPart({ totp, act, problems, onProblems, onDone }: Props) {
  const visit = useVisit();
  const [shown, setShown] = useState<Shown>({ at: "state" });
  const turn = (next: Shown) => {
    onProblems([]);
    setShown(next);
    focusOn("#totp-title");
  };
  const withCode = (work: () => Promise<void>): void =>
    act.run(() =>
      work().catch((thrown: unknown) => {
        const { code, text } = failureOf(thrown);
        if (!ABOUT_CODE.includes(code)) throw thrown;
        onProblems([{ field: "code", text }]);
      }),
    );
  const typed = { act, problems, onProblems, onBack: () => turn({ at: "state" }) };
  return (
    <>
      <h2 class="govuk-heading-m" id="totp-title" tabIndex={-1}>
        A code beside your passphrase
      </h2>
      {shown.at === "codes" ? (
        <Codes
          codes={shown.codes}
          onKept={() => onDone("Signing in with your passphrase asks for a code from now on.")}
        />
      ) : shown.at === "secret" ? (
        <>
          <p class="govuk-body">
            Type this into an app for codes, or open the link where the app is. It is shown this once, for five minutes.
          </p>
          <SummaryList
            rows={[
              { key: "Secret", value: <span class="pb-code">{totpText(shown.begun.secret)}</span> },
              {
                key: "Link",
                value: (
                  <a class="govuk-link" href={totpLink(shown.begun.secret, visit.me.email)}>
                    Open it in an app on this device
                  </a>
                ),
              },
            ]}
          />
          <Typed
            {...typed}
            button="Turn it on"
            onTyped={(code) =>
              withCode(async () => {
                const codes = await turnTotpOn(visit, shown.begun, code);
                turn({ at: "codes", codes });
              })
            }
          />
        </>
      ) : shown.at === "off" && totp ? (
        <Typed
          {...typed}
          button="Turn it off"
          recovery
          onTyped={(code) =>
            withCode(async () => {
              await turnTotpOff(visit, totp.totp, code);
              onDone("Signing in with your passphrase asks for no code any more.");
            })
          }
        />
      ) : totp ? (
        <>
          <p class="govuk-body">
            On since {moment(totp.since)}. {count(totp.left, "recovery code is", "recovery codes are")} left. For new
            ones, turn it off and on again.
          </p>
          <Button kind="secondary" working={act.working} onPress={() => turn({ at: "off" })}>
            Turn it off
          </Button>
        </>
      ) : (
        <>
          <p class="govuk-body">
            When you sign in with your passphrase, you are then asked for a code from an app as well, so that whoever
            has only seen your words does not get in. A passkey asks for none: it is two things by itself.
          </p>
          <Button
            kind="secondary"
            working={act.working}
            onPress={() => act.run(async () => turn({ at: "secret", begun: await visit.api.beginTotp() }))}
          >
            Set up a code
          </Button>
        </>
      )}
    </>
  );
}

type TypedProps = {
  readonly act: Act;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onBack: () => void;
  readonly button: string;
  readonly recovery?: boolean;
  readonly onTyped: (code: string) => void;
};

function Typed({ act, problems, onProblems, onBack, button, recovery = false, onTyped }: TypedProps) {
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (act.working) return;
    const found = problemsOfCode(code, recovery);
    onProblems(found);
    if (found.length === 0) onTyped(code.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <CodeField value={code} onChange={setCode} problems={problems} recovery={recovery} />
      <div class="govuk-button-group">
        <Button submit working={act.working}>
          {button}
        </Button>
        <TextButton onPress={onBack}>Leave it as it is</TextButton>
      </div>
    </form>
  );
}

const Codes = ({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) => (
  <>
    <p class="govuk-body" role="status">
      It is on. Write down these recovery codes, and keep them away from your passphrase: each takes the place of a code
      from your app, once. They open no key.
    </p>
    <ul class="pb-codes">
      {codes.map((code) => (
        <li key={code} class="pb-code">
          {code}
        </li>
      ))}
    </ul>
    <Warning>They are not shown again.</Warning>
    <Button onPress={onKept}>I have written them down</Button>
  </>
);
