/**
 * November 2022 once more: the old website, the wrong click, and Pillarbox beside it. From the click to the last
 * letter, the report, the outcome and the pack.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { act, makeDocumentInbox, openIncident, seal } from "../demo/by-id.ts";
import type { Finding } from "../src/contract/watch.ts";
import { readPeople } from "../src/cli/affected/table.ts";
import { listBytes } from "../src/domain/affected/list.ts";
import type { AffectedPerson } from "../src/domain/affected/person.ts";
import {
  assessAndDecide,
  followed,
  lacking,
  letterAbout,
  move,
  packIsSound,
  report,
  tellEverybody,
  typeReport,
  type Team,
} from "./answer.ts";
import { BODY, until, type Place } from "./place.ts";
import { COMPRESSED, pillarbox, watchOldSite, type Watched } from "./site-watch.ts";
import type { Timeline } from "./timeline.ts";

const FORMS = ["complaint", "commissioner"] as const;
const SITE_FINDINGS = ["site-open", "site-answers"];

export type AsItWas = {
  readonly detectedIn: number;
  readonly affected: number;
  readonly notified: number;
  readonly missing: number;
  readonly packVerified: boolean;
};

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one story, told in its order.
export async function asItWas(place: Place, { mark }: Timeline): Promise<AsItWas> {
  const watched = await watchOldSite(BODY, join(place.world.data, "watch-site.json"), COMPRESSED);
  try {
    const [owner, officer] = [await place.visit(place.person("owner")), await place.visit(place.person("auditor"))];
    const findings = async (): Promise<readonly Finding[]> =>
      (await officer.api.findings(BODY)).filter(({ code }) => SITE_FINDINGS.includes(code));
    await watched.looked;

    const click = Date.now();
    for (const form of FORMS) await watched.administrator.allow(form, ["administrator", "editor", "anonymous"]);
    mark("An administrator means to let four colleagues read, and lets everybody", "between 11 and 14 November 2022");

    const mailbox = place.person("auditor").email;
    await until("the data protection officer has mail about it", () =>
      place.mailboxes.of(mailbox).some(({ text }) => text.includes("a stranger can see")),
    );
    const detectedIn = (Date.now() - click) / 1000;
    mark(
      "The data protection officer has an e-mail about it",
      "23 February 2023, after more than 100 days: a member of the public reported it",
    );

    await until("both forms are found", async () => (await findings()).length >= FORMS.length);
    const [first] = (await findings()).toSorted((a, b) => a.openedAt - b.openedAt);
    const incident = await openIncident(
      officer,
      { kind: "incident.opened", what: "elsewhere", source: "finding", sourceId: first!.finding },
      { summary: "The results of two forms on the old website can be seen by everybody." },
    );
    const team: Team = { place, owner, officer, incident };
    await act(officer, incident, {
      kind: "incident.aware",
      party: "controller",
      awareAt: Date.now(),
      basis: "finding",
    });
    await act(officer, incident, {
      kind: "incident.aware",
      party: "processor",
      awareAt: first!.openedAt,
      basis: "finding",
    });
    mark("An incident is opened from the finding; the 72 hours run");

    for (const form of FORMS) await watched.administrator.allow(form, ["administrator"]);
    await until("the next look finds it closed", async () =>
      (await findings()).every(({ closedAt }) => closedAt !== null),
    );
    const end = Math.max(...(await findings()).map(({ closedAt }) => closedAt!));
    await act(
      officer,
      incident,
      {
        kind: "incident.window",
        earliest: first!.cleanAt ?? click,
        earliestBasis: "finding",
        latest: first!.openedAt,
        latestBasis: "finding",
        end,
        endBasis: "finding",
      },
      { why: "From the last look that found nothing to the first that found nothing any more." },
    );
    await move(team, "open", "contained");
    mark("It is closed, and the watch has seen that it is");

    const people = await whoWasAffected(watched, mark);
    await makeDocumentInbox(owner, incident);
    await seal(owner, incident, "affected", listBytes(people), people.length);

    await assessAndDecide(
      team,
      {
        base: "sensitive",
        factors: ["vulnerable"],
        dpc: 4,
        ei: 100,
        confidentiality: 0,
        integrity: 0,
        availability: 0,
        malice: 0,
        over100: people.length > 100,
        unintelligible: false,
      },
      {
        regulator: "Complaints and letters from victims of crime could be read by anybody for a time.",
        people: "What they wrote is about crime and about the police; they can be found by it.",
      },
    );
    mark("Severity is assessed; it is decided to tell the regulator and the people");

    await typeReport(team, WORDS, CODES, people.length);
    let missing = await report(team, "initial");
    mark("The first report is made and sent", "not known");

    const told = await tellEverybody(
      team,
      people,
      letterAbout(
        "The results of two forms on our old website could be seen by everybody for a time.",
        "The page was closed, and a stranger’s look has shown that it is closed. The forms move to a system on which no setting can do this.",
      ),
      "as-given",
    );
    const notified = told.byMail + told.byPost;
    mark(
      `${notified} people are told: ${told.byMail} letters have arrived by e-mail, ${told.byPost} are on paper and recorded as posted`,
      "394 people were told; when is not known",
    );

    await followed(
      team,
      "press",
      { outlet: "The Harrowmere Herald", question: "How many people are affected?", owner: "Press office" },
      { answer: `${people.length}; all of them have been told.` },
    );
    await followed(
      team,
      "regulator-question",
      { question: "Had the staff been trained?" },
      { answer: "Yes, in the spring; not on form permissions." },
    );
    await followed(
      team,
      "recommendation",
      { what: "Use forms on which nobody can make letters public", owner: "Head of digital" },
      { evidence: "The old forms are closed." },
    );
    await followed(
      team,
      "training",
      { what: "Who may read what is sent", who: "Everybody who runs the website" },
      { evidence: "12 of 12 took part" },
    );
    await followed(team, "outcome", { what: "A reprimand under the public sector approach." }, {}, "reprimand");
    mark(
      "The press, the regulator’s question, recommendations and training are answered for; the outcome is entered",
      "14 March 2024: the ICO published a reprimand",
    );

    missing += (await lacking(team)).length;
    missing += await report(team, "follow-up");
    missing += await report(team, "final");
    await move(team, "contained", "answered");
    await move(team, "answered", "closed");
    mark("The final report is made and lacks nothing; the incident is closed");
    const packVerified = await packIsSound(team, watched.directory);
    mark(
      `The evidence pack is made${packVerified ? ", and the verifier holds it for sound, offline" : ", and the verifier refuses it"}`,
    );
    return { detectedIn, affected: people.length, notified, missing, packVerified };
  } finally {
    await watched.stop();
  }
}

/**
 * At a desk: the access log answers who looked, the table of the old website who they are. Nothing of either leaves the
 * machine.
 */
async function whoWasAffected(
  { site, directory, token }: Watched,
  mark: Timeline["mark"],
): Promise<readonly AffectedPerson[]> {
  const exposed = FORMS.flatMap((form) => ["--exposed", `/admin/results/${form}`, "--exposed", `/files/${form}.csv`]);
  const { out } = await pillarbox(
    "affected",
    "--access-log",
    site.accessLog,
    ...exposed,
    "--own-agent",
    "Pillarbox-watch",
    "--own-token",
    token,
    "--json",
  );
  const { log } = JSON.parse(out) as {
    readonly log: {
      readonly verdict: string;
      readonly visitors: readonly unknown[];
      readonly coverage: { readonly from: string; readonly to: string };
    };
  };
  const tables = FORMS.map((form) => {
    const file = join(directory, `${form}.csv`);
    // The watch's own letters stand among the others; they are not anybody's.
    writeFileSync(
      file,
      site.store
        .csv(form)
        .split("\r\n")
        .filter((line) => !/^\d+,[^,]*,Monitor,/.test(line))
        .join("\r\n"),
    );
    return readPeople({ file, columns: [], same: [], apart: [], restApart: true, looked: false });
  });
  const people = tables.flatMap(({ settled }) => (settled.ok ? settled.people : []));
  mark(
    `Who was affected: ${people.length} people; from ${log.coverage.from} to ${log.coverage.to}, which the access log covers, it says “${log.verdict}” of access`,
    "394 people; no evidence that the data was accessed",
  );
  return people;
}

const WORDS: Readonly<Record<string, string>> = {
  what: "Two forms on the old website showed what the public had sent to anybody.",
  how: "A member of staff of the host gave “anonymous” the right to view, among four colleagues.",
  "found-how": "A watch that looks as a stranger saw its own marked letter.",
  consequences: "Distress; approaches by people who should not know of a complaint.",
  before: "Roles on the website, and a guide to them.",
  taken: "Closed at once; looked at again as a stranger; everybody told.",
  proposed: "Moving both forms to a system without such a setting.",
  recurrence: "The setting does not exist any more.",
  "others-told": "none",
  registration: "ZA000000",
  reporter: "Nerys Probert, 01632 960100",
  "told-text": "That their letter could be seen for a time, what that can mean, and whom to ring.",
  processor: "Harrowmere City Authority, told by the same e-mail",
};
const CODES: Readonly<Record<string, string>> = {
  cyber: "no",
  confidentiality: "not-disclosed",
  likelihood: "unlikely",
  training: "yes",
  "people-categories": "users vulnerable-adults",
  categories: "health basic-identifiers",
  protection: "none",
};
