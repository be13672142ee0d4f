/** One's own sign-ins: since when, last used; each can be ended. */
import { useState } from "preact/hooks";
import type { Running } from "../../../contract/session.ts";
import { Tag } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { focusOn } from "../../parts/focus.ts";
import { Link } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { count, moment } from "../../words/format.ts";

export function Sessions() {
  const { api, me } = useVisit();
  const act = useAct();
  const loaded = useLoad(() => api.sessions());
  const [ended, setEnded] = useState<string | null>(null);
  const end = async ({ session, startedAt }: Running): Promise<void> => {
    await api.endSession(session);
    setEnded(`The sign-in of ${moment(startedAt)} is ended.`);
    focusOn("main h1");
  };
  return (
    <Page title="Your sign-ins">
      <p class="govuk-body">
        Each is a browser in which you signed in. One that you do not know: end it, and tell an owner. Ending a sign-in
        ends what the server answers; it cannot make a browser forget what is open in it.
      </p>
      {me.role === "operator" ? null : (
        <p class="govuk-body">
          <Link to={paths.unlockers}>See what unlocks your keys</Link>
        </p>
      )}
      <div role="status">{ended === null ? null : <p class="govuk-body">{ended}</p>}</div>
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Loading loaded={loaded}>
        {(sessions, again) => (
          <Table
            caption={count(sessions.length, "sign-in runs", "sign-ins run")}
            columns={[
              { id: "since", title: "Since" },
              { id: "seen", title: "Last used" },
              { id: "ends", title: "Ends at the latest" },
              { id: "act", title: "What you can do", hiddenTitle: true },
            ]}
            rows={sessions.map((one) => rowOf(one, act, () => end(one).then(again)))}
          />
        )}
      </Loading>
    </Page>
  );
}

const rowOf = (
  { session, startedAt, seenAt, endsAt, here }: Running,
  { run, working }: Act,
  end: () => Promise<void>,
) => ({
  id: session,
  cells: [
    moment(startedAt),
    moment(seenAt),
    moment(endsAt),
    here ? (
      <Tag colour="blue">This one</Tag>
    ) : (
      <Button
        kind="secondary"
        working={working}
        onPress={() => run(end)}
        hidden={`the sign-in of ${moment(startedAt)}`}
      >
        End
      </Button>
    ),
  ],
});
