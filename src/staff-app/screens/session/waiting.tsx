/**
 * Somebody who has joined and waits for an owner: nothing of the body is shown. When an owner begins, the six words stand
 * here, computed in this browser from the keys that are unlocked in it.
 */
import { useEffect, useState } from "preact/hooks";
import type { Me } from "../../../contract/session.ts";
import { COMPARING_TIME } from "../../../domain/grant/comparing.ts";
import { foundBody } from "../../../member/flows/joining.ts";
import { failureOf, type Failure } from "../../failure.ts";
import { Inset } from "../../parts/banner.tsx";
import { Frame } from "../../parts/frame.tsx";
import { IdentityBar } from "../../parts/identity-bar.tsx";
import { Page } from "../../parts/page.tsx";
import { useVisit, type Visit } from "../../visit.ts";
import { clock } from "../../words/format.ts";

const LOOK_MS = 2_000;

const NOTHING = { due: false, signed: false };

type Compared = { readonly owner: string; readonly words: string; readonly until: number };

async function comparedNow({ api, hands, me }: Visit): Promise<Compared | null> {
  const found = await api.comparison();
  if (found === null || me.body === null || me.role === "operator") return null;
  const { nonce, owner, begunAt } = found;
  const { name, email, role } = me;
  const words = await hands.call("ownWords", { nonce, body: me.body.id, name, email, role });
  return { owner, words, until: begunAt + COMPARING_TIME };
}

type Props = {
  readonly onSignOut: () => void;
  readonly onConfirmed: (me: Me) => void;
  /** Until when words stand here; milliseconds by the clock of this computer, null for none. */
  readonly onWords: (until: number | null) => void;
};

export function Waiting({ onSignOut, onConfirmed, onWords }: Props) {
  const visit = useVisit();
  const [compared, setCompared] = useState<Compared | null>(null);
  /** the host has named this body's root since the page was loaded */
  const [named, setNamed] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let here = true;
    const look = async (): Promise<void> => {
      const me = await visit.api.me();
      if (!here) return;
      if (me.confirmed) return onConfirmed(me);
      const founding = me.role === "owner" ? await foundBody(visit) : NOTHING;
      if (!here) return;
      if (founding.signed) return turn();
      if (founding.due) return setNamed(true);
      const now = await comparedNow(visit);
      if (!here) return;
      setCompared(now);
      // A server that says a later time holds the page open no longer than words may stand.
      onWords(now && Math.min(now.until, Date.now() + COMPARING_TIME));
      setFailure(null);
      timer = setTimeout(turn, LOOK_MS);
    };
    const turn = () =>
      void look().catch((thrown: unknown) => {
        if (!here || visit.endsWith(thrown)) return;
        setFailure(failureOf(thrown));
        timer = setTimeout(turn, LOOK_MS);
      });
    turn();
    return () => {
      here = false;
      onWords(null);
      clearTimeout(timer);
    };
  }, []);
  // The first owner of a body has no other to ask.
  const first = visit.me.body !== null && !visit.setup.roots.has(visit.me.body.id);
  const who = first ? "whoever looks after this installation" : `an owner of ${visit.me.body?.name}`;
  return (
    <Frame
      demonstration={visit.setup.demonstration}
      identity={<IdentityBar me={visit.me} onSignOut={onSignOut} />}
      navigation={null}
    >
      <Page title={first ? "Compare six words with your host" : "Compare six words with an owner"}>
        <p class="govuk-body">
          Your keys are made. One thing is missing: {who} has to hear six words from you, so that nobody in between can
          put other keys in the place of yours.
        </p>
        <div role="status">{named ? <Named /> : compared ? <Words {...compared} /> : <NotYet first={first} />}</div>
        {failure ? (
          <p class="govuk-body" role="alert">
            {failure.text}
          </p>
        ) : null}
      </Page>
    </Frame>
  );
}

const Named = () => (
  <p class="govuk-body">
    <strong>The words fitted.</strong>{" "}
    <a class="govuk-link" href="/">
      Load this page again
    </a>{" "}
    and sign in: then you are the first owner.
  </p>
);

const NotYet = ({ first }: { readonly first: boolean }) => (
  <>
    <p class="govuk-body">
      Ring whoever invited you, or sit beside them. You can sign out meanwhile: your passphrase brings you back here.
    </p>
    <p class="govuk-body">
      <strong>Waiting for {first ? "the host" : "an owner"} to begin.</strong> The words appear here by themselves.
    </p>
  </>
);

const Words = ({ owner, words, until }: Compared) => (
  <>
    <h2 class="govuk-heading-m">Read these words to {owner || "your host"}</h2>
    <ol class="pb-words">
      {words.split(" ").map((word, at) => (
        <li key={at}>{word}</li>
      ))}
    </ol>
    <p class="govuk-body">They hold until {clock(until)}, and are others each time.</p>
    <Inset>Read them aloud to somebody whose voice you know. Do not send them in a message.</Inset>
  </>
);
