/** Statements or log do not hold: the keys are already forgotten when this is shown. */
import type { Fault } from "../../../domain/problem.ts";
import { LogAlarm } from "../../../member/flows/audit.ts";
import { Button } from "../../parts/button.tsx";
import { Frame } from "../../parts/frame.tsx";
import { Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import type { Setup } from "../../../member/setup.ts";

type Props = { readonly setup: Setup; readonly fault: Fault | null; readonly onLeave: () => void };

export const Alarm = ({ setup, fault, onLeave }: Props) => (
  <Frame demonstration={setup.demonstration}>
    <Page title="Pillarbox has locked itself">
      {fault?.code === "LOG_REFUSED" ? <AboutLog fault={fault} /> : <AboutStatements fault={fault} />}
      <Button kind="secondary" onPress={onLeave}>
        Go to sign in
      </Button>
    </Page>
  </Frame>
);

const AboutStatements = ({ fault }: { readonly fault: Fault | null }) => (
  <>
    <div role="alert">
      <Warning>
        The signed statements of this body do not hold together. Somebody may have tried to change who can read.
      </Warning>
    </div>
    <p class="govuk-body">
      Your key was forgotten and nothing more was opened. Nothing was lost, and no letter was shown to anybody by this.
    </p>
    <p class="govuk-body">Tell your data protection officer now, and say what was found:</p>
    <div class="govuk-inset-text">{fault?.detail ? fault.detail : "The statements could not be read."}</div>
  </>
);

/** Who reads this can do three things: tell somebody, keep what proves it, and not go on. */
const AboutLog = ({ fault }: { readonly fault: Fault }) => (
  <>
    <div role="alert">
      <Warning>
        The log that the server shows is not the one that this browser has seen. Somebody may have tried to hide who has
        read what.
      </Warning>
    </div>
    <p class="govuk-body">
      Your key was forgotten and nothing more was opened. Nothing was lost: this browser still has what it saw of the
      log, and does not replace it.
    </p>
    <p class="govuk-body">What was found:</p>
    <div class="govuk-inset-text">{sentenceOf(fault.detail)}</div>
    <h2 class="govuk-heading-m">What to do now</h2>
    <ol class="govuk-list govuk-list--number">
      <li>
        Tell your data protection officer, by telephone or in person. It may also be a backup that was restored by
        mistake; that, too, must be put right by whoever runs the server.
      </li>
      <li>
        Do not clear this browser’s data. What it has kept is evidence, and the only way for it to notice the next time.
      </li>
      <li>Do not read letters in another browser until you are told that the log is right again.</li>
    </ol>
    {fault instanceof LogAlarm && fault.evidence.length > 0 ? (
      <details class="govuk-details">
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">Evidence to copy for your data protection officer</span>
        </summary>
        <div class="govuk-details__text">
          {fault.evidence.map(({ title, note }) => (
            <section key={title}>
              <h3 class="govuk-heading-s">{title}</h3>
              <pre class="pb-evidence">{note}</pre>
            </section>
          ))}
        </div>
      </details>
    ) : null}
  </>
);

const sentenceOf = (detail: string): string =>
  detail === "" ? "The log could not be read." : `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
