/**
 * A notice to the public: a draft that nobody outside sees, and an owner's act that publishes it under the body's name.
 */
import { useState } from "preact/hooks";
import { NOTICE_TEXT, NOTICE_TITLE } from "../../../domain/incident/notice.ts";
import { newId } from "../../../domain/seal/random.ts";
import { loadFilings, notice, type Filings } from "../../../member/flows/filings.ts";
import { Button } from "../../parts/button.tsx";
import { TextArea, TextField } from "../../parts/fields.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Inset, Tag } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { PartProps } from "../incidents/part.ts";
import { useDraft } from "../../use-draft.ts";

export function PublicNotice({ incident }: PartProps) {
  const visit = useVisit();
  const loaded = useLoad(() => loadFilings(visit, incident));
  return (
    <>
      <p class="govuk-body">
        Where telling each person would take disproportionate effort, a public notice tells them (UK GDPR Art.
        34(3)(c)). It stands on the public pages under this body’s name.
      </p>
      <Published incident={incident} />
      <Loading loaded={loaded}>{(filings) => <Draft incident={incident} filings={filings} />}</Loading>
    </>
  );
}

function Published({ incident }: Pick<PartProps, "incident">) {
  const visit = useVisit();
  const act = useAct();
  const { notices } = incident.state;
  const withdrawn = (id: string): boolean => notices.some((one) => one.notice === id && one.state === "withdrawn");
  const withdraw = (id: string) =>
    act.run(async () => {
      await notice(visit, incident, id, null);
      visit.say("The notice was withdrawn. It is no longer on the public pages.");
      visit.go(window.location.pathname);
    });
  return (
    <>
      {notices
        .filter(({ state }) => state === "published")
        .map((one) => (
          <SummaryList
            key={one.notice}
            rows={[
              {
                key: "State",
                value: withdrawn(one.notice) ? <Tag>Withdrawn</Tag> : <Tag colour="green">Published</Tag>,
              },
              { key: "Title", value: <span class="pb-written">{one.words["title"]}</span> },
              { key: "Text", value: <span class="pb-written">{one.words["text"]}</span> },
              ...(withdrawn(one.notice)
                ? []
                : [
                    {
                      key: "Page",
                      value: (
                        <a
                          class="govuk-link"
                          href={`${visit.setup.publicOrigin}/bodies/${incident.state.body}/notices/${one.notice}`}
                          target="_blank"
                          rel="noreferrer"
                        >
                          See it as the public does (opens in a new tab)
                        </a>
                      ),
                    },
                  ]),
              ...recordedRows(incident, one),
            ]}
          />
        ))}
      {act.failure ? <Failed failure={act.failure} /> : null}
      {visit.me.role === "owner"
        ? notices
            .filter((one) => one.state === "published" && !withdrawn(one.notice))
            .map((one) => (
              <Button
                key={one.notice}
                kind="warning"
                working={act.working}
                onPress={() => withdraw(one.notice)}
                hidden={one.words["title"] ?? ""}
              >
                Withdraw
              </Button>
            ))
        : null}
    </>
  );
}

function Draft({ incident, filings }: Pick<PartProps, "incident"> & { readonly filings: Filings }) {
  const visit = useVisit();
  const act = useAct();
  const [title, setTitle] = useDraft("notice/title", filings.notice.title);
  const [text, setText] = useDraft("notice/text", filings.notice.text);
  const [saved, setSaved] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const owner = visit.me.role === "owner";
  const { body, incident: id } = incident.state;
  const edit = (set: (value: string) => void) => (value: string) => {
    setSaved(false);
    set(value);
  };
  const keep = async (): Promise<void> => {
    for (const [field, value] of [
      ["notice-title", title],
      ["notice-text", text],
    ] as const)
      await visit.api.typeAnswer(body, id, field, value.trim() === "" ? null : { kind: "words", words: value.trim() });
  };
  const check = (): boolean => {
    const found: Problem[] = [];
    if (title.trim() === "" || title.trim().length > NOTICE_TITLE)
      found.push({ field: "title", text: `Enter a title of at most ${NOTICE_TITLE} characters` });
    if (text.trim() === "" || text.trim().length > NOTICE_TEXT)
      found.push({ field: "text", text: `Enter a text of at most ${NOTICE_TEXT} characters` });
    setProblems(found);
    return found.length === 0;
  };
  const save = () =>
    void (
      check() &&
      act.run(async () => {
        await keep();
        setSaved(true);
      })
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!check()) return;
    act.run(async () => {
      await keep();
      await notice(visit, incident, newId(), { title: title.trim(), text: text.trim() });
      visit.done("notice", "The notice is public now.");
      visit.go(window.location.pathname);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">Draft</h2>
      <ErrorSummary problems={problems} />
      <TextField
        id="title"
        label="Title"
        value={title}
        onChange={edit(setTitle)}
        problem={problemOf(problems, "title")}
      />
      <TextArea
        id="text"
        label="Text"
        hint="What happened, what it could mean, what was done, what to do, how to reach you. An empty line begins a new paragraph."
        rows={10}
        value={text}
        onChange={edit(setText)}
        problem={problemOf(problems, "text")}
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {owner ? null : <Inset>Only an owner can publish it.</Inset>}
      <div class="govuk-button-group">
        {owner ? (
          <Button submit kind="warning" working={act.working}>
            {act.working ? "Working…" : "Publish under this body’s name"}
          </Button>
        ) : null}
        <Button kind="secondary" working={act.working} onPress={save}>
          Save draft
        </Button>
        <span role="status" class="govuk-body">
          {saved ? "Saved" : ""}
        </span>
      </div>
    </form>
  );
}
