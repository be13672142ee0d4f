/** Who is told by which way, and how far it is. While messages go out the page follows by itself. */
import { useEffect, useState } from "preact/hooks";
import { countsOf, type Counts } from "../../../domain/mail/fate.ts";
import {
  dueByEmail,
  everybody,
  handInAll,
  hold,
  isWritten,
  mailroomSince,
  type MessageWorld,
} from "../../../member/flows/messages.ts";
import { count, moment, number } from "../../words/format.ts";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Important, Success, Working } from "../../parts/banner.tsx";
import { whenSteady } from "../../parts/steady.ts";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { MessageProps } from "./page.ts";
import { Returned } from "./returned.tsx";
import { Undecided } from "./undecided.tsx";

/** How often the page looks while something is under way, milliseconds. */
const FOLLOW = 1_500;

export function Overview({ world: loaded }: MessageProps) {
  const visit = useVisit();
  const [world, setWorld] = useState(loaded);
  const [since, setSince] = useState<number | null | undefined>(undefined);
  const counts = countsOf(everybody(world).map(({ fate }) => fate));
  const now = () => visit.api.messages(world.body, world.incident);
  const show = (messages: MessageWorld["messages"]) => setWorld((before) => ({ ...before, messages }));
  const look = async () => show(await now());
  useEffect(() => {
    mailroomSince(visit, world.body).then(
      (at) => whenSteady(() => setSince(at)),
      (thrown: unknown) => void visit.endsWith(thrown),
    );
  }, []);
  useEffect(() => {
    if (counts.waiting === 0) return;
    const follow = () =>
      void now().then(
        (messages) => whenSteady(() => show(messages)),
        // What cannot be asked now is asked again: the page says that it follows.
        (thrown: unknown) => void (visit.endsWith(thrown) || show(world.messages)),
      );
    const timer = window.setTimeout(follow, FOLLOW);
    return () => window.clearTimeout(timer);
  }, [world]);
  return (
    <>
      {counts.told === counts.people ? <Success>Everybody was told.</Success> : null}
      <Progress counts={counts} paused={world.messages.paused} />
      <SummaryList rows={rowsOf(world, counts)} />
      <Send world={world} since={since} onDone={look} />
      <Returned world={world} onDone={look} />
      <Undecided world={world} onDone={look} />
    </>
  );
}

function Progress({
  counts: { people, told, waiting },
  paused,
}: {
  readonly counts: Counts;
  readonly paused: boolean;
}) {
  if (waiting === 0)
    return (
      <p class="govuk-body-l">
        {number(told)} of {count(people, "person", "people")} told.
      </p>
    );
  const text = paused
    ? `${number(told)} of ${count(people, "person", "people")} told. ${count(waiting, "message")} held back.`
    : `${number(told)} of ${count(people, "person", "people")} told. ${count(waiting, "message")} on the way…`;
  return <Working text={text} done={told} total={people} />;
}

function rowsOf({ incident }: MessageWorld, counts: Counts) {
  const at = (page: string) => paths.incident(incident, "messages", page);
  return [
    {
      key: "A message by e-mail",
      value: counts.email === 0 ? "None left to send" : `${count(counts.email, "person", "people")}, not sent yet`,
    },
    {
      key: "A letter by post",
      value:
        counts.post === 0 ? (
          "None left to print"
        ) : (
          <>
            {count(counts.post, "person", "people")}. <Link to={at("print")}>Print their messages</Link>
          </>
        ),
    },
    {
      key: "To be rung, or a way has to be found",
      value:
        counts.call + counts.person === 0 ? (
          "Nobody"
        ) : (
          <>
            {count(counts.call + counts.person, "person", "people")}. <Link to={at("calls")}>Open the call list</Link>
          </>
        ),
    },
    ...(counts.uncertain === 0
      ? []
      : [{ key: "Uncertain", value: `${count(counts.uncertain, "person", "people")}, to be decided below` }]),
    { key: "Told", value: `${count(counts.told, "person", "people")}` },
  ];
}

type SendProps = {
  readonly world: MessageWorld /** undefined: not known yet */;
  readonly since: number | null | undefined;
  readonly onDone: () => Promise<void>;
};

function Send({ world, since, onDone }: SendProps) {
  const visit = useVisit();
  const act = useAct();
  const due = dueByEmail(world);
  const again = world.messages.deliveries.some(({ state }) => state === "hand-over-again");
  const at = (page: string) => paths.incident(world.incident, "messages", page);
  const waiting = world.messages.deliveries.some(({ state }) => state === "handed-in");
  const holdOrGoOn = (paused: boolean) =>
    act.run(async () => {
      await hold(visit, world, paused);
      await onDone();
    });
  const send = () =>
    act.run(async (tell) => {
      await handInAll(visit, world, tell);
      await onDone();
    });
  return (
    <section aria-labelledby="send">
      <h2 class="govuk-heading-m" id="send">
        The message
      </h2>
      <ul class="pb-actions govuk-!-margin-bottom-4">
        <li>
          <Link to={at("write")}>{isWritten(world) ? "Change the message" : "Write the message"}</Link>
        </li>
        {isWritten(world) ? (
          <li>
            <Link to={at("look")}>Look at it, person by person</Link>
          </li>
        ) : null}
      </ul>
      {since === null ? (
        <Important id="away" title="The mailroom is not running">
          <p class="govuk-body">
            Messages cannot be handed in. Nothing is lost. Tell whoever runs Pillarbox, and try again.
          </p>
        </Important>
      ) : null}
      {again ? (
        <Important id="again" title="Hand these messages over again">
          <p class="govuk-body">
            The mailroom was started anew, and with it went the key that could open the messages it had not sent. None
            of them has gone out. Nobody is written to twice.
          </p>
        </Important>
      ) : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      {act.working && act.progress ? (
        <Working
          text={`Sealing in this browser: ${number(act.progress.done)} of ${number(act.progress.total)}`}
          done={act.progress.done}
          total={act.progress.total}
        />
      ) : null}
      {due.length > 0 && isWritten(world) ? (
        <>
          <p class="govuk-body">
            Each person gets a message of their own, sealed in this browser. The subject says nothing of the matter.
          </p>
          <div class="govuk-button-group">
            <Button onPress={send} working={act.working}>
              {act.working
                ? "Handing in…"
                : `${again ? "Hand over" : "Seal and hand in"} ${count(due.length, "message")}`}
            </Button>
          </div>
        </>
      ) : null}
      {due.length > 0 && !isWritten(world) ? (
        <p class="govuk-body">{count(due.length, "message")} can be sent when the message is written.</p>
      ) : null}
      {waiting ? (
        <div class="govuk-button-group">
          <Button kind="secondary" onPress={() => holdOrGoOn(!world.messages.paused)} working={act.working}>
            {world.messages.paused ? "Go on sending" : "Hold the messages that are not sent yet"}
          </Button>
        </div>
      ) : null}
      {since ? (
        <p class="govuk-body-s pb-quiet">
          The mailroom has been running since {moment(since)}. Its key of this start is signed by this installation; the
          signature was checked in this browser.
        </p>
      ) : null}
    </section>
  );
}
