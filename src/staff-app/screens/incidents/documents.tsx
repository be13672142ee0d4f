/**
 * The incident's own documents: what names those affected is sealed to an inbox of its own, and its team is admitted like
 * any reader.
 */
import { useState } from "preact/hooks";
import { fromUtf8, toUtf8 } from "../../../domain/bytes.ts";
import { cleanBlock } from "../../../domain/form/clean.ts";
import type { Recorded, Sealed } from "../../../domain/incident/state.ts";
import { and, inZone } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { makeDocumentInbox, openDocument, documentsOf, sealDocument } from "../../../member/flows/documents.ts";
import { Button } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { whoOf } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { holdersByName, type Found } from "../../../member/flows/world.ts";
import type { PartProps } from "./part.ts";
import { useDraft } from "../../use-draft.ts";

export function Documents({ incident }: PartProps) {
  const found = documentsOf(incident);
  return found ? <Team incident={incident} found={found} /> : <Make incident={incident} />;
}

function Make({ incident }: { readonly incident: Incident }) {
  const visit = useVisit();
  const act = useAct();
  const make = () =>
    act.run(async () => {
      await makeDocumentInbox(visit, incident);
      visit.say("The documents are made. The owners of this body hold their key; others are admitted by a request.");
      visit.go(window.location.pathname);
    });
  return (
    <>
      <p class="govuk-body">
        Lists of people and notes that may name them are sealed to documents of the incident’s own. Their key is made in
        this browser and given to all owners of the body. The host cannot open them.
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      {visit.me.role === "owner" ? (
        <Button working={act.working} onPress={make}>
          {act.working ? "Making the key…" : "Make the documents"}
        </Button>
      ) : (
        <Inset>An owner of the body must make them.</Inset>
      )}
    </>
  );
}

function Team({ incident, found }: { readonly incident: Incident; readonly found: Found }) {
  const { me } = useVisit();
  const holders = holdersByName(found.world, found.inbox.inbox, Date.now());
  const reads = holders.some(({ person, lapsed }) => person === me.person && !lapsed);
  const notes = incident.state.documents.filter(({ what }) => what === "note").toReversed();
  return (
    <>
      <SummaryList
        rows={[
          { key: "Who can open them", value: and(holders.map(({ name }) => name)) },
          { key: "The host", value: "No one" },
        ]}
      />
      <ul class="pb-actions govuk-!-margin-bottom-6">
        <li>
          <Link to={paths.access(found.inbox.inbox)}>Who can open the documents</Link>
        </li>
        {me.role === "owner" ? (
          <li>
            <Link to={paths.ask(found.inbox.inbox)}>Ask for access for somebody</Link>
          </li>
        ) : null}
      </ul>
      <h2 class="govuk-heading-m">Notes</h2>
      {notes.length === 0 ? <p class="govuk-body">There is no note yet.</p> : null}
      {notes.map((note) => (
        <Note key={note.document} incident={incident} note={note} />
      ))}
      {reads ? null : <Inset>You can add notes, and open none: nobody has admitted you to these documents.</Inset>}
      <Add incident={incident} />
    </>
  );
}

function Note({ incident, note }: { readonly incident: Incident; readonly note: Recorded<Sealed> }) {
  const visit = useVisit();
  const act = useAct();
  const [text, setText] = useDraft<string | null>("note/text", null);
  const open = () => act.run(async () => setText(fromUtf8(await openDocument(visit, incident, note))));
  return (
    <section class="pb-edge" aria-label={`Note of ${inZone(note.recordedAt)}`}>
      <p class="govuk-body">
        <strong>{inZone(note.recordedAt)}</strong>, by {whoOf(incident.world, note.person)}
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      {text === null ? (
        <Button kind="secondary" working={act.working} onPress={open} hidden={`of ${inZone(note.recordedAt)}`}>
          {act.working ? "Opening…" : "Open the note"}
        </Button>
      ) : (
        <p class="govuk-body">
          <span class="pb-written">{text}</span>
        </p>
      )}
    </section>
  );
}

const MOST = 20_000;

function Add({ incident }: { readonly incident: Incident }) {
  const visit = useVisit();
  const act = useAct();
  const [text, setText] = useState("");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const clean = cleanBlock(text);
    const found: Problem[] =
      clean.trim() === ""
        ? [{ field: "note", text: "Enter a note" }]
        : clean.length > MOST
          ? [{ field: "note", text: "Shorten the note to 20,000 characters" }]
          : [];
    setProblems(found);
    if (found.length > 0) return;
    act.run(async () => {
      await sealDocument(visit, incident.state.incident, "note", toUtf8(clean), 1);
      visit.done("note", "The note was sealed to the incident.");
      visit.go(window.location.pathname);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <TextArea
        id="note"
        label="Add a note"
        hint="It is sealed here and may name people."
        value={text}
        onChange={setText}
        problem={problemOf(problems, "note")}
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit kind="secondary" working={act.working}>
        {act.working ? "Sealing…" : "Seal the note"}
      </Button>
    </form>
  );
}
