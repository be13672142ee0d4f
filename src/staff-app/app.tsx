/** The order of everything: who is here, what they may see, and when it all ends. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Fault } from "../domain/problem.ts";
import { api } from "./send.ts";
import { zoneOf } from "../domain/time.ts";
import { auditLogs } from "../member/flows/audit.ts";
import { newDrafts, tabStore } from "./drafts.ts";
import { failureOf, isAlarm, isSignedOut } from "./failure.ts";
import { watchIdle, type Idle } from "./idle.ts";
import type { Hands } from "../member/member.ts";
import { browserMemory } from "./seen.ts";
import { LockWarning } from "./parts/lock-warning.tsx";
import { parsePath } from "./route.ts";
import { Alarm } from "./screens/session/alarm.tsx";
import { Screens } from "./screens/screens.tsx";
import { Join } from "./screens/session/join.tsx";
import { SignIn } from "./screens/session/sign-in.tsx";
import { Waiting } from "./screens/session/waiting.tsx";
import type { Setup } from "../member/setup.ts";
import { setBodyZone } from "./words/format.ts";
import { usePlace } from "./use-place.ts";
import { VisitContext, type Visit } from "./visit.ts";
import type { Me } from "../contract/session.ts";

type Stage =
  | { readonly at: "checking" }
  | { readonly at: "joining"; readonly token: string | null; readonly turn: number }
  | { readonly at: "out"; readonly note: string | null; readonly email: string }
  | { readonly at: "in"; readonly visit: Visit }
  | { readonly at: "alarm"; readonly fault: Fault | null };

const NOTES = {
  idle: "You were signed out, because nothing happened for a while. Your key and everything you had opened were forgotten. Nothing was lost: what you had typed is still here, sealed, and is back when you have signed in.",
  idleWithoutKey:
    "You were signed out, because nothing happened for a while. What you had typed and not sent was forgotten. Sign in to go on.",
  left: "You are signed out. Your key and everything you had opened were forgotten.",
  ended: "The server ended your session. Nothing was lost. Sign in again.",
  reloaded:
    "The page was loaded again, so your key was forgotten. Nothing was lost. Enter your passphrase to unlock it.",
} as const;

const out = (note: string | null, email = ""): Stage => ({ at: "out", note, email });

type Held<T> = { current: T | null };
type Props = { readonly setup: Setup; readonly newKeyring: () => Hands };

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one order of everything; each way in and out needs the others.
export function App({ setup, newKeyring }: Props) {
  const [stage, setStage] = useState<Stage>({ at: "checking" });
  const { path, turn, go, replace } = usePlace();
  const [left, setLeft] = useState<number | null>(null);
  const current = useRef<Visit | null>(null);
  const idle = useRef<Idle | null>(null);
  const saying = useRef<string | null>(null);
  const turns = useRef(0);
  /** The end of the visit before, as the server hears it: its answer takes away whatever cookie there is by then. */
  const ended = useRef<Promise<void>>(Promise.resolve());

  /**
   * Forgets the keys and everything that was opened, and ends the server's session unless it is gone already or another
   * tab's by now.
   */
  const leave = (next: Stage, session: "end" | "gone" = "end") => {
    const visit = current.current;
    current.current = null;
    saying.current = null;
    idle.current?.stop();
    idle.current = null;
    visit?.lists.clear();
    visit?.documents.clear();
    endHands(visit);
    // Whether or not the server hears it: nothing is left here.
    if (session === "end") ended.current = api.signOut().catch(() => undefined);
    setLeft(null);
    setStage(next);
  };

  /**
   * Begins a visit; the log is audited before anything is shown.
   * @throws what is no reason to lock, and then there is no visit
   */
  const enter = async (me: Me, hands: Hands): Promise<void> => {
    const endsWith = (thrown: unknown): boolean => {
      if (current.current !== visit) return true;
      if (isAlarm(thrown)) leave({ at: "alarm", fault: thrown instanceof Fault ? thrown : null });
      else if (isSignedOut(thrown)) leave(out(NOTES.ended, me.email), "gone");
      else return false;
      return true;
    };
    const visit: Visit = { ...newVisit(setup, hands, me, saying), go, endsWith };
    setBodyZone(zoneOf(setup.zones, me.body?.id ?? null));
    current.current = visit;
    try {
      await auditLogs(visit);
    } catch (thrown) {
      if (visit.endsWith(thrown)) return;
      leave(out(failureOf(thrown).text, me.email));
      throw thrown;
    }
    if (!(await visit.drafts.takeUp())) visit.say("What you had typed before could not be opened and was removed.");
    if (current.current !== visit) return;
    idle.current = watchIdle(window, setup.lockAfterMs, setLeft, () => leave(out(idleNote(visit), me.email)));
    setStage({ at: "in", visit });
  };

  /** Each link that is opened here begins anew, the same one too. */
  const takeLink = (): boolean => {
    if (window.location.pathname !== JOIN) return false;
    const token = takeToken();
    // Somebody is in: the secret is out of the address, and nothing else happens.
    if (current.current === null) setStage({ at: "joining", token, turn: ++turns.current });
    return true;
  };

  const begin = async (): Promise<void> => {
    if (takeLink()) return;
    const me = await api.me();
    if (me.role !== "operator") return setStage(out(NOTES.reloaded, me.email));
    await enter(me, newKeyring()).catch((thrown: unknown) => setStage(out(failureOf(thrown).text, me.email)));
  };
  useEffect(() => {
    begin().catch((thrown: unknown) => setStage(out(isSignedOut(thrown) ? null : failureOf(thrown).text)));
    const look = () => void lookAgain(current);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("hashchange", takeLink);
    return () => {
      window.removeEventListener("hashchange", takeLink);
      document.removeEventListener("visibilitychange", look);
      idle.current?.stop();
      current.current?.hands.end();
    };
  }, []);

  /** An owner has confirmed whoever waited here: the visit begins, with the keys that are unlocked. */
  const confirmed = (visit: Visit, me: Me): void => {
    idle.current?.stop();
    enter(me, visit.hands).catch((thrown: unknown) => setStage(out(failureOf(thrown).text, me.email)));
  };
  const joined = (me: Me, hands: Hands): Promise<void> => {
    replace("/");
    return enter(me, hands);
  };

  const route = useMemo(() => parsePath(path), [path]);
  if (stage.at === "checking") return null;
  if (stage.at === "alarm") return <Alarm setup={setup} fault={stage.fault} onLeave={() => setStage(out(null))} />;
  if (stage.at === "joining")
    return <Join key={stage.turn} setup={setup} token={stage.token} newKeyring={newKeyring} onEnter={joined} />;
  if (stage.at === "out")
    return (
      <SignIn
        setup={setup}
        note={stage.note}
        email={stage.email}
        newKeyring={newKeyring}
        before={() => ended.current}
        onEnter={enter}
      />
    );
  const signOut = () => {
    replace("/");
    leave(out(NOTES.left));
  };
  const { visit } = stage;
  return (
    <Inside visit={visit} left={left} onStay={() => idle.current?.stay()} onLeave={signOut}>
      {visit.me.confirmed ? (
        <Screens key={turn} route={route} onSignOut={signOut} />
      ) : (
        <Waiting
          onSignOut={signOut}
          onConfirmed={(me) => confirmed(visit, me)}
          onWords={(until) => idle.current?.hold(until)}
        />
      )}
    </Inside>
  );
}

const JOIN = "/join";

/**
 * The secret of an invitation stands behind the address, where no server sees it; it is taken out of the address at
 * once, so that no history keeps it. Null where a mail gateway has cut it, or it was taken before.
 */
function takeToken(): string | null {
  const { hash } = window.location;
  window.history.replaceState(null, "", JOIN);
  return /^#[0-9a-f]{64}$/.test(hash) ? hash.slice(1) : null;
}

type InsideProps = {
  readonly visit: Visit;
  readonly left: number | null;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
};

const Inside = ({ visit, left, onStay, onLeave, children }: InsideProps) => (
  <VisitContext.Provider value={visit}>
    {children}
    {left === null ? null : (
      <LockWarning leftMs={left} keepsTyped={visit.drafts.outlives()} onStay={onStay} onLeave={onLeave} />
    )}
  </VisitContext.Provider>
);

/** The last words that were typed are sealed before the key is forgotten. */
const endHands = (visit: Visit | null): void => void visit?.drafts.settle().finally(() => visit.hands.end());

const idleNote = ({ drafts }: Visit): string => (drafts.outlives() ? NOTES.idle : NOTES.idleWithoutKey);

/** What the screens share, all empty. */
function newVisit(setup: Setup, hands: Hands, me: Me, saying: Held<string>): Omit<Visit, "go" | "endsWith"> {
  const drafts = newDrafts(hands, tabStore(setup.installation, me.person), me.role !== "operator");
  return {
    setup,
    api,
    hands,
    me,
    lists: new Map(),
    memory: browserMemory(setup.installation),
    drafts,
    documents: new Map(),
    say: (text) => void (saying.current = text),
    done: (form, text) => {
      drafts.forget(window.location.pathname, form);
      saying.current = text;
    },
    said: () => {
      const text = saying.current;
      saying.current = null;
      return text;
    },
  };
}

/**
 * Another tab may have signed in as somebody else, or out: then this one's keys and the session do not fit any more.
 */
async function lookAgain(current: Held<Visit>): Promise<void> {
  const visit = current.current;
  if (document.visibilityState !== "visible" || !visit) return;
  const same = await api.me().then(
    (me) => me.person === visit.me.person,
    (thrown: unknown) => !isSignedOut(thrown),
  );
  if (!same && current.current === visit) visit.endsWith(new Fault("NOT_SIGNED_IN"));
}
