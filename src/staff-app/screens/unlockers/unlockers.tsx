/** What unlocks one's own keys: each by its name, and when it was last used; another is added, one is taken away. */
import { useEffect, useState } from "preact/hooks";
import type { Unlocker } from "../../../contract/unlockers.ts";
import { addPasskey, removeUnlocker } from "../../../member/flows/unlockers.ts";
import { Warning, Working } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/fields.tsx";
import { focusOn } from "../../parts/focus.ts";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { Table } from "../../parts/table.tsx";
import { browserPasskeys, hasPasskeys } from "../../passkeys.ts";
import { useAct, useLoad, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { count, moment } from "../../words/format.ts";
import { NewPassphrase } from "./new-passphrase.tsx";
import { TotpPart } from "./totp.tsx";

const KIND_WORDS = { passphrase: "Passphrase", passkey: "Passkey" } as const;
const MOST_LETTERS = 60;

export function Unlockers() {
  const visit = useVisit();
  const begun = useAct();
  const loaded = useLoad(async () => {
    const [unlockers, totp] = await Promise.all([visit.api.unlockers(), visit.api.totp()]);
    return { unlockers, totp };
  });
  const [said, setSaid] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  // What was said of an earlier act is not true of the next one.
  const act: Act = {
    ...begun,
    run: (work) => {
      setSaid(null);
      begun.run(work);
    },
  };
  // Whoever pressed a button far down would not see what is said at the top.
  useEffect(() => {
    if (begun.failure) focusOn("#failed");
  }, [begun.failure]);
  const done = (text: string, again: () => void): void => {
    setSaid(text);
    focusOn("main h1");
    again();
  };
  return (
    <Page title="What unlocks your keys" wrong={problems.length > 0} before={<ErrorSummary problems={problems} />}>
      <p class="govuk-body">
        Each of these opens your keys by itself, so have two: whoever loses the only one loses what it opens, and nobody
        can give it back. One that you do not know, or that is in other hands: remove it, and tell an owner.
      </p>
      <div role="status">{said === null ? null : <p class="govuk-body">{said}</p>}</div>
      <div id="failed" tabIndex={-1}>
        {act.failure ? <Failed failure={act.failure} /> : null}
      </div>
      <Loading loaded={loaded}>
        {({ unlockers, totp }, again) => (
          <>
            <Known
              unlockers={unlockers}
              act={act}
              onRemove={(one) =>
                act.run(async () => {
                  await removeUnlocker(visit, one.unlocker);
                  done(`“${one.label}” is removed. Your other sign-ins are ended.`, again);
                })
              }
            />
            <Add
              act={act}
              problems={problems}
              onProblems={setProblems}
              onAdd={(label) =>
                act.run(async () => {
                  await addPasskey(visit, browserPasskeys, label);
                  done(`“${label}” is added. It has opened your keys once, so it works.`, again);
                })
              }
            />
            <NewPassphrase
              act={act}
              problems={problems}
              onProblems={setProblems}
              onDone={(text) => done(text, again)}
            />
            <TotpPart
              totp={totp}
              act={act}
              problems={problems}
              onProblems={setProblems}
              onDone={(text) => done(text, again)}
            />
          </>
        )}
      </Loading>
    </Page>
  );
}

type KnownProps = {
  readonly unlockers: readonly Unlocker[];
  readonly act: Act;
  readonly onRemove: (one: Unlocker) => void;
};

function Known({ unlockers, act, onRemove }: KnownProps) {
  const [asked, setAsked] = useState<Unlocker | null>(null);
  return (
    <>
      <Table
        caption={count(unlockers.length, "unlocks your keys", "unlock your keys")}
        columns={[
          { id: "name", title: "Name" },
          { id: "kind", title: "Kind" },
          { id: "made", title: "Made" },
          { id: "used", title: "Last used" },
          { id: "act", title: "What you can do", hiddenTitle: true },
        ]}
        rows={unlockers.map((one) => ({
          id: one.unlocker,
          cells: [
            one.label,
            KIND_WORDS[one.kind],
            moment(one.madeAt),
            one.usedAt === null ? "Never" : moment(one.usedAt),
            unlockers.length < 2 ? (
              "The only one: it stays"
            ) : (
              <Button kind="secondary" working={act.working} onPress={() => setAsked(one)} hidden={`“${one.label}”`}>
                Remove
              </Button>
            ),
          ],
        }))}
      />
      {asked ? (
        <div data-removing>
          <Warning>
            “{asked.label}” will not unlock your keys any more, and your other sign-ins are ended. If somebody else has
            it, tell an owner as well: a backup of the server may still hold the copy that it opens.
          </Warning>
          <div class="govuk-button-group">
            <Button kind="warning" working={act.working} onPress={() => onRemove(asked)}>
              Remove it
            </Button>
            <Button kind="secondary" working={act.working} onPress={() => setAsked(null)}>
              Keep it
            </Button>
          </div>
        </div>
      ) : null}
    </>
  );
}

type AddProps = {
  readonly act: Act;
  readonly problems: readonly Problem[];
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onAdd: (label: string) => void;
};

function Add({ act, problems, onProblems, onAdd }: AddProps) {
  const [label, setLabel] = useState("");
  if (!hasPasskeys()) return <p class="govuk-body">This browser has no passkeys, so none can be added here.</p>;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const name = label.trim();
    const wrong = name === "" || name.length > MOST_LETTERS;
    onProblems(wrong ? [{ field: "label", text: `Enter a name of 1 to ${MOST_LETTERS} letters` }] : []);
    if (!wrong) onAdd(name);
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">Add a passkey</h2>
      <p class="govuk-body">
        Your device asks you two or three times: to make the passkey, and to try whether it opens your keys. It is added
        only when it has opened them.
      </p>
      <TextField
        id="label"
        label="Name of the passkey"
        hint="So that you know it again, for example: telephone, or key at home."
        value={label}
        onChange={setLabel}
        problem={problemOf(problems, "label")}
      />
      <Button submit working={act.working}>
        Add a passkey
      </Button>
      {act.working ? <Working text="Waiting for your device…" /> : null}
    </form>
  );
}
