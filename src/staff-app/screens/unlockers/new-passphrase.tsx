/** A new passphrase in the place of the old one: seven words, made in this browser, that have opened the keys once. */
import { useState } from "preact/hooks";
import { renewPassphrase } from "../../../member/flows/unlockers.ts";
import { Button, TextButton } from "../../parts/button.tsx";
import { focusOn } from "../../parts/focus.ts";
import { NewWords } from "../../parts/new-words.tsx";
import type { Problem } from "../../parts/problems.tsx";
import type { Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

type Props = {
  readonly act: Act;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onDone: (text: string) => void;
};

export function NewPassphrase({ act, problems, onProblems, onDone }: Props) {
  const visit = useVisit();
  const [words, setWords] = useState<string | null>(null);
  if (words === null)
    return (
      <>
        <h2 class="govuk-heading-m">Make a new passphrase</h2>
        <p class="govuk-body">
          The old one then signs you in nowhere any more, and your other sign-ins are ended. Your keys stay the same:
          whoever had the old words and a copy of the server’s data from before opens them still. If somebody has seen
          the old words, tell an owner.
        </p>
        <Button
          kind="secondary"
          working={act.working}
          onPress={() =>
            act.run(async () => {
              setWords(await visit.hands.call("newPassphrase", null));
              focusOn("#passphrase-title");
            })
          }
        >
          Make a new passphrase
        </Button>
      </>
    );
  return (
    <>
      <NewWords
        words={words}
        act="Use the new passphrase"
        making="Sealing your keys to it…"
        progress={act.working ? (act.progress ?? { done: 0, total: 100 }) : null}
        problems={problems}
        onProblems={onProblems}
        onTyped={(typed) =>
          act.run(async (tell) => {
            await renewPassphrase(visit, typed, tell);
            setWords(null);
            onDone("Your new passphrase has opened your keys. The old one is gone, and your other sign-ins are ended.");
          })
        }
      />
      {act.working ? null : (
        <p class="govuk-body">
          Until you have typed and used them, your old passphrase stays.{" "}
          <TextButton
            onPress={() => {
              onProblems([]);
              setWords(null);
            }}
          >
            Keep the old passphrase
          </TextButton>
        </p>
      )}
    </>
  );
}
