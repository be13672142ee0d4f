/** Evidence packs: one file that shows, without this installation, what was known, decided, said and done. */
import { useState } from "preact/hooks";
import { incidentReference } from "../../../domain/incident/document.ts";
import { number } from "../../words/format.ts";
import { fetchPack, makePack, type CheckedPack } from "../../../member/flows/filings.ts";
import { saveFile } from "../../download.ts";
import { Button } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Warning, Working } from "../../parts/banner.tsx";
import { recordedRows } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { PartProps } from "../incidents/part.ts";

export function PackPart({ incident }: PartProps) {
  const visit = useVisit();
  const act = useAct();
  const [checked, setChecked] = useState<CheckedPack | null>(null);
  const { state } = incident;
  const make = () =>
    act.run(async () => {
      await makePack(visit, incident);
      visit.say("The pack was made, and its hash is in the log. You can save it here.");
      visit.go(window.location.pathname);
    });
  const save = (pack: string) =>
    act.run(async () => {
      const found = await fetchPack(visit, incident, pack);
      setChecked(found);
      if (found.report.wrong.length === 0)
        saveFile(`evidence-${incidentReference(state.incident)}.json`, "application/json", found.file);
    });
  return (
    <>
      <p class="govuk-body">
        A pack holds every act of this incident with its signature and its proof from the log, the decisions and
        assessments with their words, the versions of the report, the findings, and how each letter went with the hash
        of what was sent. Of the people affected it holds counts and hashes, and nothing else.
      </p>
      {checked === null ? null : <Checked pack={checked} />}
      {state.packs.length === 0 ? (
        <p class="govuk-body">No pack has been made yet.</p>
      ) : (
        state.packs.toReversed().map((one) => (
          <div key={one.pack}>
            <SummaryList
              rows={[
                { key: "Pack", value: `${number(one.count)} entries of the log` },
                { key: "Its hash in the log", value: <code class="pb-hash">{one.content}</code> },
                ...recordedRows(incident, one),
              ]}
            />
            <Button
              kind="secondary"
              working={act.working}
              onPress={() => save(one.pack)}
              hidden={`with ${number(one.count)} entries`}
            >
              Check and save
            </Button>
          </div>
        ))
      )}
      {act.working ? <Working text="Waiting for the log…" /> : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      <h2 class="govuk-heading-m">Make a pack</h2>
      <p class="govuk-body">
        It is a picture of this moment: what is recorded later needs a new one. Making it is recorded too.
      </p>
      <Button working={act.working} onPress={make}>
        Make a pack
      </Button>
      <Inset>
        Anybody can check a pack without this website: <code>pillarbox verify-pack FILE --log-key KEY</code>
      </Inset>
    </>
  );
}

function Checked({ pack: { report } }: { readonly pack: CheckedPack }) {
  if (report.wrong.length > 0)
    return (
      <Warning>The pack does not hold, so it was not saved: {report.wrong.map(({ what }) => what).join("; ")}.</Warning>
    );
  return (
    <div class="govuk-inset-text" role="status">
      <p class="govuk-body">It was checked in this browser before it was saved. What holds:</p>
      <ul class="govuk-list govuk-list--bullet">
        {report.holds.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
