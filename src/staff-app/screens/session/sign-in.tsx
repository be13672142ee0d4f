/** Sign in and unlock: one form, because to the person it is one act. */
import { useState } from "preact/hooks";
import { api } from "../../send.ts";
import { enter } from "../../../member/flows/entering.ts";
import { enterByPasskey } from "../../../member/flows/unlockers.ts";
import { browserPasskeys, hasPasskeys } from "../../passkeys.ts";
import { failureOf } from "../../failure.ts";
import type { Hands } from "../../../member/member.ts";
import { Button } from "../../parts/button.tsx";
import { AskCode } from "./ask-code.tsx";
import { DemoPeople } from "./demo-people.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Frame } from "../../parts/frame.tsx";
import { Important, Working } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { PassphraseField } from "../../parts/passphrase-field.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import type { Setup } from "../../../member/setup.ts";
import type { Progress } from "../../../member/member.ts";
import type { Me } from "../../../contract/session.ts";
import type { Bytes } from "../../../domain/bytes.ts";

type Props = {
  readonly setup: Setup;
  readonly note: string | null;
  readonly email: string;
  readonly newKeyring: () => Hands;
  /** what must have come to its end before somebody signs in */
  readonly before: () => Promise<void>;
  readonly onEnter: (me: Me, hands: Hands) => Promise<void>;
};

/** The field that a failure is about. */
const FIELD_OF: Readonly<Record<string, string>> = {
  PASSPHRASE_INVALID: "passphrase",
  UNLOCK_FAILED: "passphrase",
  OPEN_CONTEXT: "passphrase",
  PASSKEY_REFUSED: "passkey",
  PASSKEY_UNFIT: "passkey",
  PASSKEY_NOT_DONE: "passkey",
};

/** After these the words are still right, and a code can be typed again. */
const AT_DOOR: readonly string[] = [
  "TOTP_REFUSED",
  "TOTP_PAUSED",
  "TOTP_BROKEN",
  "TOO_MANY",
  "UNAVAILABLE",
  "UNREACHABLE",
];
class StillAsked extends Error {
  readonly why: unknown;
  constructor(why: unknown) {
    super("a code is asked for");
    this.why = why;
  }
}

/** Words that were right, while a code is asked for: the worker has what they unlock with. */
type AtDoor = { readonly hands: Hands; readonly account: string; readonly signIn: Bytes };

export function SignIn({ setup, note, email, newKeyring, before, onEnter }: Props) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [door, setDoor] = useState<AtDoor | null>(null);

  /** Signs in and unlocks; where a code is asked for, the words are kept in the worker until it was typed. */
  const through = async (at: AtDoor, typed: string | null): Promise<Me> => {
    try {
      return await enter({ api, hands: at.hands }, at.account, at.signIn, typed);
    } catch (thrown) {
      const { code } = failureOf(thrown);
      if (typed === null ? code !== "TOTP_NEEDED" : !AT_DOOR.includes(code)) throw thrown;
      setDoor(at);
      throw new StillAsked(thrown);
    }
  };
  const leaveDoor = () => {
    door?.hands.end();
    setDoor(null);
    setProblems([]);
  };

  const begin = async (entering: (hands: Hands) => Promise<Me>): Promise<void> => {
    setProblems([]);
    setProgress({ done: 0, total: 100 });
    let hands: Hands | null = null;
    try {
      await before();
      hands = door?.hands ?? newKeyring();
      await onEnter(await entering(hands), hands);
    } catch (thrown) {
      const asked = thrown instanceof StillAsked;
      const { code, text } = failureOf(asked ? thrown.why : thrown);
      if (!asked) {
        hands?.end();
        setDoor(null);
      }
      const field = asked ? "code" : (FIELD_OF[code] ?? "account");
      setProblems(code === "TOTP_NEEDED" ? [] : [{ field, text }]);
      setProgress(null);
    }
  };
  const withWords = (account: string, passphrase: string): Promise<void> =>
    begin(async (hands) => {
      const { installation } = setup;
      const signIn = await hands.call("stretch", { installation, account, passphrase }, setProgress);
      return through({ hands, account, signIn }, null);
    });

  const shown = { problems, progress, onProblems: setProblems };
  return (
    <Frame demonstration={setup.demonstration}>
      {door ? (
        <AskCode {...shown} onTyped={(code) => void begin(() => through(door, code))} onLeave={leaveDoor} />
      ) : (
        <Words
          {...shown}
          setup={setup}
          note={note}
          email={email}
          onTyped={withWords}
          onPasskey={() => void begin((hands) => enterByPasskey({ api, hands }, browserPasskeys))}
        />
      )}
    </Frame>
  );
}

type WordsProps = Pick<Props, "setup" | "note" | "email"> & {
  readonly problems: readonly Problem[];
  readonly progress: Progress | null;
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onTyped: (account: string, passphrase: string) => Promise<void>;
  readonly onPasskey: () => void;
};

function Words({ setup, note, email, problems, progress, onProblems, onTyped, onPasskey }: WordsProps) {
  const [account, setAccount] = useState(email);
  const [passphrase, setPassphrase] = useState("");
  const fill = (filled: { readonly email: string; readonly passphrase: string }) => {
    setAccount(filled.email);
    setPassphrase(filled.passphrase);
    onProblems([]);
    document.getElementById("sign-in")?.focus();
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (progress) return;
    const found = missing(account, passphrase);
    onProblems(found);
    if (found.length === 0) await onTyped(account.trim(), passphrase);
  };
  return (
    <Page title="Sign in" wrong={problems.length > 0} before={<Before note={note} problems={problems} />}>
      <div class="govuk-grid-row">
        <div class="govuk-grid-column-two-thirds">
          <form onSubmit={submit} noValidate>
            <TextField
              id="account"
              label="E-mail address"
              type="email"
              autocomplete="username"
              value={account}
              onChange={setAccount}
              problem={problemOf(problems, "account")}
            />
            <PassphraseField value={passphrase} onChange={setPassphrase} problem={problemOf(problems, "passphrase")} />
            <Button submit working={progress !== null} id="sign-in">
              Sign in
            </Button>
            {progress ? (
              <Working
                text={progress.done < progress.total ? "Unlocking…" : "Signing in…"}
                done={progress.done}
                total={progress.total}
              />
            ) : null}
          </form>
          {hasPasskeys() ? (
            <Button id="passkey" kind="secondary" working={progress !== null} onPress={onPasskey}>
              Use a passkey
            </Button>
          ) : null}
          <p class="govuk-body govuk-hint">
            Your passphrase does not leave this browser. It unlocks your key here; no one can reset it for you.
          </p>
        </div>
      </div>
      {setup.demonstration && setup.demoPeople ? <DemoPeople people={setup.demoPeople} onUse={fill} /> : null}
    </Page>
  );
}

const Before = ({ note, problems }: { readonly note: string | null; readonly problems: readonly Problem[] }) =>
  problems.length > 0 ? (
    <ErrorSummary problems={problems} />
  ) : note ? (
    <Important id="sign-in-note">
      <p class="govuk-body" role="status">
        {note}
      </p>
    </Important>
  ) : null;

function missing(account: string, passphrase: string): Problem[] {
  const found: Problem[] = [];
  if (!/^\S+@\S+$/.test(account.trim()))
    found.push({
      field: "account",
      text:
        account.trim() === ""
          ? "Enter your e-mail address"
          : "Enter an e-mail address in the correct format, like name@example.com",
    });
  if (passphrase.trim() === "") found.push({ field: "passphrase", text: "Enter the seven words of your passphrase" });
  return found;
}
