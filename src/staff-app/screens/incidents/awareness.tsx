/**
 * Since when who was aware. What is claimed, when it was written down and when the log signed it are three times; the
 * 72 hours count from the earliest and never change.
 */
import { useState } from "preact/hooks";
import { awareSince, clockOf, processorSince } from "../../../domain/incident/clock.ts";
import { AWARE_BASES, known, PARTIES } from "../../../domain/incident/codes.ts";
import { AWARE_WORDS, clockWords, PARTY_WORDS } from "../../words/incident.ts";
import { Button } from "../../parts/button.tsx";
import { useNow } from "../../parts/clock.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { instantIn, momentAt, MomentField } from "../../parts/moment-field.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useRecord } from "../../use-record.ts";
import type { PartProps } from "./part.ts";
import { useDraft } from "../../use-draft.ts";
import { inZone } from "../../words/format.ts";

export function Awareness({ incident }: PartProps) {
  const now = useNow();
  const { state } = incident;
  const [since, host] = [awareSince(state), processorSince(state)];
  const clock = clockOf(state, now);
  return (
    <>
      <SummaryList
        rows={[
          { key: "72 hours", value: clockWords(clock) },
          ...(since === null || clock.kind === "not-begun"
            ? []
            : [
                { key: "This body is aware since", value: inZone(since) },
                { key: "Due", value: inZone(clock.deadline) },
              ]),
          ...(host === null
            ? []
            : [
                {
                  key: "The host was aware since",
                  value: (
                    <>
                      {inZone(host)}
                      <br />
                      <span class="pb-quiet">
                        The host must tell this body without undue delay. The 72 hours of this body begin when it is
                        told.
                      </span>
                    </>
                  ),
                },
              ]),
        ]}
      />
      <h2 class="govuk-heading-m">What was recorded</h2>
      {state.awareness.length === 0 ? <p class="govuk-body">Nobody has recorded that anybody is aware.</p> : null}
      {state.awareness.map((one) => (
        <SummaryList
          key={one.seq}
          rows={[
            { key: "Who was aware", value: PARTY_WORDS[one.party] },
            { key: "Since, as they say", value: inZone(one.awareAt) },
            { key: "How", value: AWARE_WORDS[one.basis] },
            ...(one.words["note"] ? [{ key: "Note", value: <Words words={one.words} field="note" /> }] : []),
            ...recordedRows(incident, one),
          ]}
        />
      ))}
      <Add incident={incident} />
    </>
  );
}

function Add({ incident }: Pick<PartProps, "incident">) {
  const recording = useRecord(incident, "aware");
  const [party, setParty] = useDraft<readonly string[]>("aware/party", ["controller"]);
  const [at, setAt] = useDraft("aware/at", () => momentAt(Date.now()));
  const [basis, setBasis] = useDraft<readonly string[]>("aware/basis", []);
  const [note, setNote] = useDraft("aware/note", "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  // The host cannot have been told by itself.
  const bases = AWARE_BASES.filter((one) => party[0] !== "processor" || one !== "processor-told");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [who, by, awareAt] = [known(PARTIES, party[0]), known(bases, basis[0]), instantIn(at)];
    const found: Problem[] = [];
    if (awareAt === null) found.push({ field: "at", text: "Enter a day and a time that exist" });
    else if (awareAt > Date.now()) found.push({ field: "at", text: "Enter a time that is not in the future" });
    if (!by) found.push({ field: "basis", text: "Select how they became aware" });
    setProblems(found);
    if (who && by && awareAt !== null && found.length === 0)
      recording.send(
        { kind: "incident.aware", party: who, awareAt, basis: by },
        { note },
        "It was recorded. The 72 hours count from the earliest time on this page.",
      );
  };
  const problem = (field: string): string | undefined => problemOf(problems, field);
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">Record awareness</h2>
      <p class="govuk-body">A later time changes what is told, never the clock. An earlier one makes it earlier.</p>
      <ErrorSummary problems={problems} />
      <Choices
        id="party"
        kind="radio"
        label="Who became aware?"
        choices={PARTIES.map((value) => ({ value, label: PARTY_WORDS[value] }))}
        chosen={party}
        onChange={setParty}
      />
      <MomentField id="at" label="When?" value={at} onChange={setAt} problem={problem("at")} />
      <Choices
        id="basis"
        kind="radio"
        label="How?"
        choices={bases.map((value) => ({ value, label: AWARE_WORDS[value] }))}
        chosen={basis}
        onChange={setBasis}
        problem={problem("basis")}
      />
      <TextArea
        id="note"
        label="Note"
        hint="For example who told whom. Name nobody who may be affected: this text is not sealed."
        rows={2}
        value={note}
        onChange={setNote}
      />
      {recording.failure ? <Failed failure={recording.failure} /> : null}
      <Button submit kind="secondary" working={recording.working}>
        {recording.working ? "Recording…" : "Record awareness"}
      </Button>
    </form>
  );
}
