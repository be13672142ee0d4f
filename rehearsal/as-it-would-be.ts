/**
 * The same administrator on Pillarbox: tries to let everybody read by every means, and then has the wrong namesake
 * confirmed, which can happen.
 */
import { askFor } from "../src/member/flows/asking.ts";
import {
  act,
  confirm,
  end,
  list,
  makeDocumentInbox,
  open,
  openIncident,
  peopleOfLetters,
  reachOf,
  seal,
  untilAsked,
} from "../demo/by-id.ts";
import { openForm } from "../src/member/flows/forms.ts";
import { stateOf } from "../src/member/flows/world.ts";
import { formKey, sealFields, sendSealed } from "../demo/writing/send.ts";
import { fieldsFor } from "../demo/fit.ts";
import { syntheticLetters } from "../demo/letters.ts";
import { toBase64 } from "../src/domain/bytes.ts";
import type { Fields } from "../src/domain/form/fields.ts";
import type { Form } from "../src/domain/form/form.ts";
import { listBytes } from "../src/domain/affected/list.ts";
import { epochsHeldBy } from "../src/domain/incident/reach.ts";
import { surfaceOf } from "../supervisor/surface.ts";
import { assessAndDecide, letterAbout, move, packIsSound, tellEverybody, type Team } from "./answer.ts";
import { attempts } from "./attempts.ts";
import { BODY, until, type Place } from "./place.ts";
import { answersTo } from "./own-form.ts";
import { probe } from "./probe.ts";
import type { Timeline } from "./timeline.ts";

const YEAR = 365 * 86_400_000;
const LETTERS = 12;
const MARKER = "heliotrope-semaphore";

const demonstrationLetters = (): Fields[] =>
  syntheticLetters()
    .filter(({ to, path }) => to === "complaint" && path === "browser")
    .slice(0, LETTERS)
    .map((letter) =>
      Object.fromEntries(
        Object.entries(fieldsFor(letter)).map(([name, value]) => [
          name,
          typeof value === "string" && value.length > 60 ? `${value} ${MARKER}` : value,
        ]),
      ),
    );

export type AsItWouldBe = {
  readonly attempts: number;
  readonly plaintextExposed: number;
  readonly sealedShown: number;
  readonly packVerified: boolean;
};

/** @param own a body's own form in the place of the demonstration's */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one story, told in its order.
export async function asItWouldBe(
  place: Place,
  directory: string,
  own: Form | null,
  { mark }: Timeline,
  tell: (line: string) => void,
): Promise<AsItWouldBe> {
  const [owner, officer, operator] = [
    await place.visit(place.person("owner")),
    await place.visit(place.person("auditor")),
    await place.visit(place.person("operator at the host")),
  ];
  const form = own ?? place.forms.complaint;
  if (own) {
    await owner.api.addForm(own.body, own);
    await openForm(owner, own);
  }
  const sent: string[] = [];
  const parts: string[] = [];
  for (const fields of own
    ? Array.from({ length: LETTERS }, (_, i) => answersTo(own, i + 1, MARKER))
    : demonstrationLetters()) {
    const sealed = await sealFields(form, await formKey(place.config, form), fields);
    await sendSealed(place.config.publicOrigin, sealed);
    sent.push(sealed.submission);
    parts.push(toBase64(sealed.slip), toBase64(sealed.letter));
  }
  const inbox = (await stateOf(owner, BODY)).forms.get(form.id)!.inbox;
  mark(`${LETTERS} letters are written to the same form on Pillarbox`);

  const { routes } = JSON.parse(await surfaceOf(place.world.config)) as {
    readonly routes: Parameters<typeof probe>[1];
  };
  const looker = probe(place, routes, { inbox, form: form.id, submission: sent[0]! }, [MARKER], parts, [
    operator,
    officer,
    await place.visit(place.person("colleague without a grant")),
  ]);
  const { all, end: endAttempts } = await attempts(place, operator, inbox, form.id);
  let [plaintextExposed, sealedShown] = [0, 0];
  const found = async (since: number): Promise<void> => {
    const rules = async (): Promise<boolean> =>
      (await officer.api.findings(BODY)).some(({ code, openedAt }) => code === "catalogue-added" && openedAt >= since);
    await until("the inspector finds the new rule", rules);
    mark(
      `The inspector has found the new rule in the database, ${((Date.now() - since) / 1000).toFixed(0)} seconds after it was made`,
    );
  };
  try {
    for (const one of all) {
      const began = Date.now();
      const became = await one.attempt();
      try {
        const { plaintext, sealed, asked } = await looker.exposed();
        plaintextExposed += plaintext;
        sealedShown += sealed;
        tell(
          `            ${one.by}: ${one.what} → ${became}; ${asked} requests without a grant, ${plaintext} with a word of a letter${sealed > 0 ? `, ${sealed} with sealed bytes` : ""}`,
        );
        if (one.isFound) await found(began);
      } finally {
        await one.undo?.();
      }
    }
  } finally {
    await endAttempts();
  }
  mark(
    `${all.length} ways to let everybody read were tried; answers with a word of a letter: ${plaintextExposed}`,
    "one checkbox",
  );

  const [right, wrong] = [place.person("case officer", 0), place.person("colleague without a grant")];
  const request = await askFor(operator, BODY, {
    inbox,
    persons: [wrong.person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "She handles these cases.",
  });
  await untilAsked(owner, BODY, request);
  const grant = await confirm(owner, BODY, request);
  mark(`The wrong namesake is confirmed: ${wrong.name} instead of ${right.name}`);
  const namesake = await place.visit(wrong);
  await list(namesake, BODY, inbox);
  await open(namesake, BODY, inbox, sent[0]!);
  await end(owner, BODY, { grant, person: wrong.person, reason: "granted-by-mistake" });
  mark("The right one asks why she cannot read; the grant is ended and the form has a new key");

  const incident = await openIncident(
    officer,
    { kind: "incident.opened", what: "wrong-person", source: "grant", sourceId: grant },
    { summary: "Two colleagues have nearly the same name, and the wrong one was let in." },
  );
  const team: Team = { place, owner, officer, incident };
  await act(officer, incident, {
    kind: "incident.aware",
    party: "controller",
    awareAt: Date.now(),
    basis: "staff",
  });
  const { grants } = await stateOf(officer, BODY);
  const [from, ended] = [grants.get(grant)!.at, Date.now()];
  await act(
    officer,
    incident,
    {
      kind: "incident.window",
      earliest: from,
      earliestBasis: "log",
      latest: from,
      latestBasis: "log",
      end: ended,
      endBasis: "log",
    },
    { why: "From the confirmation to the end of the grant, as the log has them." },
  );
  await move(team, "open", "contained");

  const scope = { inbox, epochs: epochsHeldBy(await stateOf(owner, BODY), inbox, wrong.person), until: ended };
  const { letters, looks: touched } = await reachOf(owner, incident, scope, from);
  const looks = touched.filter(({ person }) => person === wrong.person);
  const [released, openedOnes] = [
    looks.filter(({ purpose }) => purpose === "list").reduce((sum, { count }) => sum + count, 0),
    looks.filter(({ opened }) => opened !== null && opened !== undefined).length,
  ];
  const planted = new Set((await owner.api.markers(BODY)).map(({ submission }) => submission));
  mark(
    `The log says what she could reach: ${letters.filter(({ submission }) => !planted.has(submission)).length} letters; ${released} slips were released to her and ${openedOnes} ${openedOnes === 1 ? "letter" : "letters"} opened`,
  );

  await makeDocumentInbox(owner, incident);
  const people = await peopleOfLetters(owner, incident, inbox, letters);
  await seal(owner, incident, "affected", listBytes(people), people.length);
  await assessAndDecide(
    team,
    {
      base: "sensitive",
      factors: [],
      dpc: 4,
      ei: 100,
      confidentiality: 25,
      integrity: 0,
      availability: 0,
      malice: 0,
      over100: people.length > 100,
      unintelligible: false,
    },
    { regulator: "A colleague without a reason could read complaints.", people: "They wrote in confidence." },
  );
  const told = await tellEverybody(
    team,
    people,
    letterAbout(
      "A colleague who should not have had access could read what you wrote to us for a short time.",
      "Her access was ended and the form has a new key, which she never had.",
    ),
    "as-given",
  );
  await move(team, "contained", "answered");
  await move(team, "answered", "closed");
  mark(
    `${told.byMail + told.byPost} of ${people.length} are told by letter, ${told.byPerson} by a person who looks for a safe way first`,
  );
  const packVerified = await packIsSound(team, directory);
  mark(`The evidence pack ${packVerified ? "is held for sound, offline" : "is refused by the verifier"}`);
  return { attempts: all.length, plaintextExposed, sealedShown, packVerified };
}
