/**
 * An owner is let out by another: the forms get new keys without them, the page counts one fewer, and nothing of theirs
 * opens what comes next.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { confirm, open, untilAsked } from "../../demo/by-id.ts";
import { signInWith, type Desk } from "../../src/cli/desk/desk.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { draftLeave } from "../../src/domain/grant/drafts.ts";
import { currentEpoch } from "../../src/domain/grant/state.ts";
import { passphraseKeys } from "../../src/domain/person/passphrase.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { openLetter } from "../../src/domain/seal/open.ts";
import { askFor } from "../../src/member/flows/asking.ts";
import { letOut } from "../../src/member/flows/granting.ts";
import { confirmPeople, inviteByHand, newcomer, personAct } from "../../src/member/flows/joining.ts";
import { loadWorld, stateOf } from "../../src/member/flows/world.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { confirmedOf, inboxKeys, keysOf, postDraft } from "../support/by-hand.ts";
import { assertSound } from "../support/judge.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let owner: Visit;
before(async () => {
  t = await staffedWorld();
  owner = await t.visit(t.person("owner", 0, BODY));
});
after(() => t?.stop());

/** Somebody joins as an owner, and is confirmed by the deputy: the first owner is to let them read. */
async function newOwner(): Promise<Desk> {
  const one = { name: "Wren Alderton", email: "wren.alderton@opj.harrowmere.example", role: "owner" } as const;
  const passphrase = passphraseKeys(randomBytes(32));
  const wren = await newcomer(directHands(passphrase.unlock), passphrase.signIn, "hybrid");
  await makeApi(sessionAt(t.config.staffOrigin).send).join(await inviteByHand(owner, BODY, one), wren);
  await confirmPeople(await t.visit(t.person("deputy owner", 0, BODY)), BODY, [personAct(wren, one)]);
  return signInWith(t.config, one.email, passphrase);
}

test("an owner is let out: new keys without them, one fewer on the page, and nothing newer opens", async () => {
  const form = t.forms.complaint;
  const inbox = await t.inboxOf(form);
  const count = async (): Promise<string> =>
    /(\d+) named people/.exec(await (await fetch(`${t.config.publicOrigin}/forms/${form.id}`)).text())?.[1] ?? "none";
  const leaver = t.person("deputy owner", 0, BODY);
  const leaving = await t.visit(leaver);
  const earlier = await t.write(form, letterTo("complaint", "heronsong"));
  const kept = await inboxKeys(leaving, await stateOf(leaving, BODY), inbox);
  const lettingOut = async (): Promise<void> =>
    letOut(owner, await loadWorld(owner, { id: BODY, name: "" }), leaver.person, "left");

  await assert.rejects(lettingOut(), is("REFUSED_LAST_OWNERS"), "a body keeps two owners");
  assert.equal(await count(), "2");
  const wren = await newOwner();
  const operator = await t.visit(t.person("operator at the host"));
  for (const [to, form_] of [
    [inbox, form],
    [await t.inboxOf(t.forms.contact), t.forms.contact],
  ] as const) {
    const request = await askFor(operator, BODY, {
      inbox: to,
      persons: [wren.me.person],
      scope: "all",
      until: Date.now() + YEAR,
      purpose: "other",
      purposeText: `A new owner of ${form_.id}.`,
    });
    await untilAsked(owner, BODY, request);
    await confirm(owner, BODY, request);
  }
  assert.equal(await count(), "3");

  // Only the end, and no new key: refused, and the leaver stays.
  const state = await stateOf(owner, BODY);
  const draft = await draftLeave(state, keysOf(owner), {
    person: leaver.person,
    reason: "left",
    people: new Map(
      confirmedOf(state, await owner.api.people(BODY), [owner.me.person, wren.me.person, ...dataOfficer()]).map(
        (one) => [one.person, one],
      ),
    ),
    now: Date.now(),
    kind: "hybrid",
  });
  await assert.rejects(
    postDraft(owner, BODY, { statements: draft.statements.slice(0, 1), wraps: [], recipients: [] }),
    is("STATEMENT_INVALID"),
  );
  assert.equal((await leaving.api.me()).role, "owner");

  await lettingOut();
  assert.equal(await count(), "2");
  const now = await stateOf(owner, BODY);
  for (const one of now.inboxes.values()) assert.ok(!currentEpoch(one).holders.has(leaver.person), one.inbox);
  await assert.rejects(leaving.api.people(BODY), is("NOT_SIGNED_IN"), "the session ended with it");
  await assert.rejects(t.visit(leaver), is("NOT_SIGNED_IN"), "and signing in again is nobody");

  const later = await t.write(form, letterTo("complaint", "kingfisher"));
  assert.match(JSON.stringify((await open(wren, BODY, inbox, later.submission)).rows), /kingfisher/);
  assert.match(JSON.stringify((await open(wren, BODY, inbox, earlier.submission)).rows), /heronsong/);
  const db = await t.attacker();
  try {
    const { rows } = await db.query<{ bytes: Buffer; epoch: number; form_hash: Buffer }>(
      "SELECT b.bytes, s.epoch, s.form_hash FROM sealed b JOIN submission s ON s.id = b.submission WHERE s.id = $1 AND part = 'letter'",
      [later.submission],
    );
    const { bytes, epoch, form_hash: formHash } = rows[0]!;
    assert.equal(epoch, 2);
    const context = {
      form: form.id,
      formHash: formHash.toString("hex"),
      inbox,
      epoch,
      submission: later.submission,
      first: null,
    };
    for (const key of [...kept, keysOf(leaving)])
      await assert.rejects(openLetter(key.identity, new Uint8Array(bytes), context), is("OPEN_FAILED"));
  } finally {
    await db.end();
  }
  await assert.rejects(
    askFor(operator, BODY, {
      inbox,
      persons: [leaver.person],
      scope: "all",
      until: Date.now() + YEAR,
      purpose: "other",
      purposeText: `Once more, ${newId()}.`,
    }),
    is("PERSON_UNCONFIRMED"),
  );
  await assertSound(t.world);
});

/** Reads the form about problems with data, by the demonstration's own grant. */
const dataOfficer = (): readonly string[] => [t.person("auditor").person];
