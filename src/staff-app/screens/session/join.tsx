/**
 * Somebody who was invited makes their keys in this browser: seven words are shown, written down and typed once; what
 * they lead to is opened for real before anything counts. The secret of the link is in this page's memory alone.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Me } from "../../../contract/session.ts";
import { enter } from "../../../member/flows/entering.ts";
import { newcomer } from "../../../member/flows/joining.ts";
import type { Hands, Progress } from "../../../member/member.ts";
import type { Setup } from "../../../member/setup.ts";
import { codeOf } from "../../../domain/problem.ts";
import { failureOf } from "../../failure.ts";
import { Working } from "../../parts/banner.tsx";
import { Frame } from "../../parts/frame.tsx";
import { NewWords } from "../../parts/new-words.tsx";
import { Page } from "../../parts/page.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { api } from "../../send.ts";
import { roleName } from "../../words/format.ts";

type Invited = Awaited<ReturnType<typeof api.invitation>>;
type Props = {
  readonly setup: Setup;
  /** the secret of the link, hex; null where the address had no whole one */
  readonly token: string | null;
  readonly newKeyring: () => Hands;
  readonly onEnter: (me: Me, hands: Hands) => Promise<void>;
};

type Begun = {
  readonly token: string;
  readonly invited: Invited;
  readonly words: string;
  readonly hands: Hands;
};
type Stage =
  | { readonly at: "looking" }
  | { readonly at: "refused"; readonly text: string }
  | ({ readonly at: "invited" } & Begun);

const CUT: Stage = {
  at: "refused",
  text: "This link is not whole: open it from the mail again, or ask for a new invitation.",
};

export function Join(props: Props) {
  const { setup, token, newKeyring, onEnter } = props;
  const [stage, setStage] = useState<Stage>(token === null ? CUT : { at: "looking" });
  /** until a visit has them */
  const own = useRef<Hands | null>(null);
  const endOwn = () => {
    own.current?.end();
    own.current = null;
  };
  const refuse = (thrown: unknown) => {
    endOwn();
    setStage({ at: "refused", text: failureOf(thrown).text });
  };
  useEffect(() => {
    let here = true;
    const look = async (secret: string): Promise<void> => {
      const invited = await api.invitation(secret);
      if (!here) return;
      const hands = newKeyring();
      own.current = hands;
      const words = await hands.call("newPassphrase", null);
      if (here) setStage({ at: "invited", token: secret, invited, words, hands });
    };
    if (token !== null) look(token).catch((thrown: unknown) => here && refuse(thrown));
    return () => {
      here = false;
      endOwn();
    };
  }, []);
  const entering = async (me: Me, hands: Hands): Promise<void> => {
    own.current = null;
    await onEnter(me, hands);
  };
  return (
    <Frame demonstration={setup.demonstration}>
      {stage.at === "looking" ? (
        <Page title="Join Pillarbox">
          <Working text="Looking at your invitation…" />
        </Page>
      ) : stage.at === "refused" ? (
        <Page title="This invitation does not work">
          <p class="govuk-body" role="alert">
            {stage.text}
          </p>
          <p class="govuk-body">
            <a class="govuk-link" href="/">
              Go to sign in
            </a>
          </p>
        </Page>
      ) : (
        <MakeKeys {...stage} setup={setup} onEnter={entering} onRefused={refuse} />
      )}
    </Frame>
  );
}

type MakeProps = Begun & Pick<Props, "setup" | "onEnter"> & { readonly onRefused: (thrown: unknown) => void };

/** No other try mends these: perhaps the first one arrived, and its answer was lost. */
const REFUSED: readonly string[] = ["INVITATION_USED", "INVITATION_INVALID", "ADDRESS_TAKEN"];

function MakeKeys({ setup, token, invited, words, hands, onEnter, onRefused }: MakeProps) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  /** once the server has taken the keys, a second try only signs in */
  const joined = useRef(false);

  const join = async (typed: string): Promise<void> => {
    const { installation, sealing } = setup;
    const account = invited.email;
    const signIn = await hands.call("stretch", { installation, account, passphrase: typed }, setProgress);
    setProgress({ done: 100, total: 100 });
    if (!joined.current) await api.join(token, await newcomer(hands, signIn, sealing));
    joined.current = true;
    await onEnter(await enter({ api, hands }, account, signIn), hands);
  };

  const submit = (typed: string) => {
    setProgress({ done: 0, total: 100 });
    join(typed).catch((thrown: unknown) => {
      if (REFUSED.includes(codeOf(thrown))) return onRefused(thrown);
      setProgress(null);
      setProblems([{ field: "typed", text: failureOf(thrown).text }]);
    });
  };

  return (
    <Page title="Join Pillarbox" wrong={problems.length > 0} before={<ErrorSummary problems={problems} />}>
      <SummaryList
        rows={[
          { key: "You", value: `${invited.name}, ${invited.email}` },
          { key: "Invited to", value: `${invited.body.name}, as ${roleName(invited.role).toLowerCase()}` },
        ]}
      />
      <NewWords
        words={words}
        act="Make my keys"
        making="Making your keys…"
        progress={progress}
        problems={problems}
        onProblems={setProblems}
        onTyped={submit}
      />
    </Page>
  );
}
