/** The body's statements do not hold: the keys are already forgotten when this is shown. */
import { Button } from "../parts/button.tsx";
import { Frame } from "../parts/frame.tsx";
import { Warning } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import type { Setup } from "../setup.ts";

export const Alarm = ({ setup, detail, onLeave }: { readonly setup: Setup; readonly detail: string; readonly onLeave: () => void }) => (
  <Frame demonstration={setup.demonstration}>
    <Page title="Pillarbox has locked itself">
      <div role="alert">
        <Warning>The signed statements of this body do not hold together. Somebody may have tried to change who can read.</Warning>
      </div>
      <p class="govuk-body">Your key was forgotten and nothing more was opened. Nothing was lost, and no letter was shown to anybody by this.</p>
      <p class="govuk-body">Tell your data protection officer now, and say what was found:</p>
      <div class="govuk-inset-text">{detail === "" ? "The statements could not be read." : detail}</div>
      <Button kind="secondary" onPress={onLeave}>Go to sign in</Button>
    </Page>
  </Frame>
);
