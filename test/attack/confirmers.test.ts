/**
 * One owner who plays both telephones: they invite an invented colleague, confirm them, and let them read. The program
 * of their browser is changed, and in the end they own the tables too (T2, T14, T17, T19).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { formKey } from "../../demo/writing/send.ts";
import { confirm, list, untilAsked } from "../../demo/by-id.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { signInWith } from "../../src/cli/desk/desk.ts";
import { draftGrant, type Draft } from "../../src/domain/grant/drafts.ts";
import { textCommitment } from "../../src/domain/person/details.ts";
import { passphraseKeys } from "../../src/domain/person/passphrase.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { askFor } from "../../src/member/flows/asking.ts";
import { confirmPeople, inviteByHand, newcomer, personAct } from "../../src/member/flows/joining.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { confirmedOf, heldBy, inboxKeys, keysOf, postDraft } from "../support/by-hand.ts";
import { BODY, is, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let owner: Visit;
before(async () => {
  t = await staffedWorld();
  owner = await t.visit(t.person("owner", 0, BODY));
});
after(() => t?.stop());

test("an owner lets in nobody whom they confirmed: not by program, over HTTP, or by rows", async () => {
  const one = { name: "Wren Invented", email: "wren.invented@opj.harrowmere.example", role: "reader" } as const;
  const unlocked = passphraseKeys(randomBytes(32));
  const made = await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid");
  await makeApi(sessionAt(t.config.staffOrigin).send).join(await inviteByHand(owner, BODY, one), made);
  await confirmPeople(owner, BODY, [personAct(made, one)]);
  const wren = await signInWith(t.config, one.email, unlocked);
  const inbox = await t.inboxOf(t.forms.complaint);
  const request = await askFor(await t.visit(t.person("operator at the host")), BODY, {
    inbox,
    persons: [made.person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "A new officer.",
  });
  await untilAsked(owner, BODY, request);
  await assert.rejects(confirm(owner, BODY, request), is("REFUSED_BROUGHT"), "by the program");

  // The owner's program believes that the deputy confirmed: what it signs is signed by the owner all the same.
  const state = await stateOf(owner, BODY);
  const lied = {
    ...state,
    persons: new Map(state.persons).set(made.person, {
      ...state.persons.get(made.person)!,
      confirmedBy: t.person("deputy owner", 0, BODY).person,
    }),
  };
  const row = (await owner.api.requests(BODY)).find((asked) => asked.request === request)!;
  const draft: Draft = await draftGrant(
    lied,
    keysOf(owner),
    {
      inbox,
      request,
      asker: row.asker.person,
      scope: row.scope,
      until: row.until,
      purpose: "case-handling",
      purposeCommitment: textCommitment(row.purposeSalt, row.purposeText),
      ...heldBy(row, t.config.operators),
    },
    {
      people: confirmedOf(state, await owner.api.people(BODY), [made.person]),
      keys: await inboxKeys(owner, state, inbox),
      remaining: [],
      counted: 0,
      now: Date.now(),
      kind: "hybrid",
    },
  );
  await assert.rejects(postDraft(owner, BODY, draft, request), is("REFUSED_BROUGHT"), "over HTTP");
  assert.equal((await stateOf(owner, BODY)).grants.size, state.grants.size);

  // Written into the tables by hand it lets nobody in either: everybody who replays the statements stops.
  const auditor = await t.visit(t.person("auditor"));
  const db = await t.attacker();
  try {
    const [statement] = draft.statements;
    const [wrap] = draft.wraps;
    const place = [BODY, state.head.seq + 1] as const;
    await db.query("INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, $2, $3, $4)", [
      inbox,
      wrap!.epoch,
      made.person,
      wrap!.wrap,
    ]);
    await db.query("INSERT INTO statement VALUES ($1, $2, $3, $4)", [...place, statement!.bytes, statement!.signature]);
    await assert.rejects(list(wren, BODY, inbox), is("CHAIN_BROKEN"), "by rows");
    await assert.rejects(stateOf(auditor, BODY), is("CHAIN_BROKEN"), "the others' browsers");
    await assert.rejects(formKey(t.config, t.forms.complaint), is("CHAIN_BROKEN"), "the form's page");
    await db.query("DELETE FROM statement WHERE body = $1 AND seq = $2", [...place]);
    await db.query("DELETE FROM wrap WHERE person = $1", [made.person]);
  } finally {
    await db.end();
  }

  await confirm(await t.visit(t.person("deputy owner", 0, BODY)), BODY, request);
  assert.deepEqual(await list(wren, BODY, inbox), []);
});
