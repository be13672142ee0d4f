/** Invitations over HTTP: who may make them, and that one that is old, used, doubled or forwarded makes nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { fromHex, sha256 } from "../../src/domain/bytes.ts";
import { passphraseKeys } from "../../src/domain/person/passphrase.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { signInWith } from "../../src/cli/desk/desk.ts";
import { signed as signedBy } from "../../src/member/flows/acts.ts";
import {
  beginComparing,
  confirmPeople,
  inviteByHand,
  newcomer,
  personAct,
  turnAway,
  withdrawInvitation,
  type Newcomer,
} from "../../src/member/flows/joining.ts";
import { loadWorld, stateOf } from "../../src/member/flows/world.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { historyOf } from "../support/signed-log.ts";
import { BODY, is, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let owner: Visit;
let database: pg.Client;
before(async () => {
  t = await staffedWorld();
  owner = await t.visit(t.person("owner", 0, BODY));
  database = await t.attacker();
});
after(async () => {
  await database?.end();
  await t?.stop();
});

const stranger = () => makeApi(sessionAt(t.config.staffOrigin).send);
const someone = (email: string) => ({ name: "Wren Alderton", email, role: "reader" }) as const;
const keysFor = (signIn = randomBytes(32)): Promise<Newcomer> =>
  newcomer(directHands(passphraseKeys(randomBytes(32)).unlock), signIn, "hybrid");
const accounts = async (email: string): Promise<number> =>
  (await database.query("SELECT FROM account WHERE email = $1", [email])).rowCount ?? 0;

test("an owner invites; the host invites nobody to a body that has begun, others nobody", async () => {
  for (const [part, code] of [
    ["operator at the host", "REFUSED_ROLE"],
    ["auditor", "REFUSED_ROLE"],
    ["case officer", "REFUSED_ROLE"],
  ] as const)
    await assert.rejects(inviteByHand(await t.visit(t.person(part)), BODY, someone("no@people.example")), is(code));
  const elsewhere = await t.visit(t.person("owner", 0, "eastvale"));
  await assert.rejects(inviteByHand(elsewhere, BODY, someone("no@people.example")), is("REFUSED_BODY"));
  for (const email of ["", "a@b.example,c@d.example", "nobody", "a b@people.example"])
    await assert.rejects(inviteByHand(owner, BODY, someone(email)), is("MAIL_ADDRESS", "BAD_REQUEST"), email);
  assert.equal((await owner.api.invitations(BODY)).length, 0);
  const token = await inviteByHand(owner, BODY, someone("Wren.One@People.example"));
  const [listed] = await owner.api.invitations(BODY);
  assert.equal(listed!.email, "wren.one@people.example");
  assert.equal(listed!.expiresAt - listed!.madeAt, 7 * 86_400_000, "seven days");
  const seen = await stranger().invitation(token);
  assert.deepEqual(
    [seen.name, seen.email, seen.role, seen.body.id],
    ["Wren Alderton", "wren.one@people.example", "reader", BODY],
  );
});

test("whatever stands around an address is left out, so that its person can sign in by it", async () => {
  const unlocked = passphraseKeys(randomBytes(32));
  const email = "around@people.example";
  const token = await inviteByHand(owner, BODY, someone("Wren <Around@people.example>"));
  assert.equal((await stranger().invitation(token)).email, email);
  await stranger().join(token, await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid"));
  assert.equal((await signInWith(t.config, email, unlocked)).me.email, email);
  for (const taken of [`mailto:${email}`, `${email}.`, `Another <${email}>`])
    await assert.rejects(inviteByHand(owner, BODY, someone(taken)), is("ADDRESS_TAKEN"), taken);
});

test("owners and auditors hear of whoever joins, by whatever link they came", async () => {
  const told = async (): Promise<string[]> =>
    (
      await database.query<{ email: string }>(
        "SELECT a.email FROM alert l JOIN account a ON a.id = l.account WHERE l.kind = 'person.joined' AND a.body = $1 ORDER BY a.email",
        [BODY],
      )
    ).rows.map(({ email }) => email);
  const before_ = await told();
  const token = await inviteByHand(owner, BODY, someone("own.link@people.example"));
  assert.deepEqual(await told(), before_, "an invitation alone tells nobody");
  await stranger().join(token, await keysFor());
  // Not the owner who handed the link over.
  const parts = [t.person("deputy owner", 0, BODY), t.person("auditor", 0, BODY)];
  assert.deepEqual(await told(), [...before_, ...parts.map(({ email }) => email)].toSorted());
});

test("of a link the database has the hash, and no other answer holds the secret", async () => {
  const token = await inviteByHand(owner, BODY, someone("hashed@people.example"));
  const { rows } = await database.query<{ token_hash: Buffer }>("SELECT token_hash FROM invitation_link");
  assert.ok(rows.some((row) => row.token_hash.equals(sha256(fromHex(token)))));
  assert.ok(rows.every((row) => row.token_hash.toString("hex") !== token));
  assert.ok(!JSON.stringify(await owner.api.invitations(BODY)).includes(token));
});

test("an invitation that was used twice at the same moment makes one account", async () => {
  const email = "doubled@people.example";
  const token = await inviteByHand(owner, BODY, someone(email));
  const [one, two] = await Promise.all([keysFor(), keysFor()]);
  const ended = await Promise.allSettled([stranger().join(token, one), stranger().join(token, two)]);
  assert.deepEqual(ended.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  const refused = ended.find((one_) => one_.status === "rejected");
  assert.ok(is("INVITATION_USED")(refused!.reason));
  assert.equal(await accounts(email), 1);
  await assert.rejects(stranger().invitation(token), is("INVITATION_USED"), "forwarded, it shows nobody's name");
  await assert.rejects(inviteByHand(owner, BODY, someone(email)), is("ADDRESS_TAKEN"));
});

test("a second invitation takes the place of the first", async () => {
  const email = "twice@people.example";
  const first = await inviteByHand(owner, BODY, someone(email));
  const second = await inviteByHand(owner, BODY, { ...someone(email), role: "auditor" });
  const made = await keysFor();
  await assert.rejects(stranger().join(first, made), is("INVITATION_USED"));
  assert.equal(await accounts(email), 0);
  assert.equal((await owner.api.invitations(BODY)).filter((one) => one.email === email).length, 1);
  await stranger().join(second, made);
  assert.equal((await owner.api.people(BODY)).find((one) => one.email === email)?.role, "auditor");
});

test("an invitation that has run out, and one that nobody made, are not known and make nothing", async () => {
  const email = "late@people.example";
  const token = await inviteByHand(owner, BODY, someone(email));
  await database.query("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE email = $1", [email]);
  const made = await keysFor();
  for (const one of [token, "0".repeat(64)]) {
    await assert.rejects(stranger().invitation(one), is("INVITATION_INVALID"));
    await assert.rejects(stranger().join(one, made), is("INVITATION_INVALID"));
  }
  assert.equal(await accounts(email), 0);
  assert.equal(await stateOfInvitation(email), "expired");
});

const invitationOf = async (email: string) =>
  (await owner.api.invitations(BODY)).find((invitation) => invitation.email === email);
const stateOfInvitation = async (email: string) => (await invitationOf(email))?.state;

test("an owner withdraws an invitation that is open: its link is dead at once, and says so", async () => {
  const email = "withdrawn@people.example";
  const token = await inviteByHand(owner, BODY, someone(email));
  const { invitation, ...listed } = (await invitationOf(email))!;
  assert.deepEqual([listed.state, listed.mail], ["open", null]);
  await stateOf(owner, BODY);
  const act = await signedBy(owner, { kind: "invitation.withdrawn", body: BODY, invitation });
  for (const [part, code] of [
    ["operator at the host", "REFUSED_ROLE"],
    ["auditor", "REFUSED_ROLE"],
    ["case officer", "REFUSED_ROLE"],
  ] as const)
    await assert.rejects((await t.visit(t.person(part))).api.withdrawInvitation(BODY, invitation, act), is(code));
  const elsewhere = await t.visit(t.person("owner", 0, "eastvale"));
  await assert.rejects(elsewhere.api.withdrawInvitation(BODY, invitation, act), is("REFUSED_BODY"));
  // A stolen session of an owner has no key: neither another's signature nor one over something else ends it.
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  await assert.rejects(deputy.api.withdrawInvitation(BODY, invitation, act), is("ACT_UNSIGNED"));
  const forged = { ...act, signature: new Uint8Array(64) };
  await assert.rejects(owner.api.withdrawInvitation(BODY, invitation, forged), is("ACT_UNSIGNED"));
  const another = await signedBy(owner, { kind: "invitation.withdrawn", body: BODY, invitation: newId() });
  await assert.rejects(owner.api.withdrawInvitation(BODY, invitation, another), is("ACT_MOVED"));
  assert.equal(await stateOfInvitation(email), "open");

  await withdrawInvitation(owner, BODY, invitation);
  assert.equal(await stateOfInvitation(email), "withdrawn");
  const made = await keysFor();
  await assert.rejects(stranger().invitation(token), is("INVITATION_WITHDRAWN"));
  await assert.rejects(stranger().join(token, made), is("INVITATION_WITHDRAWN"));
  assert.equal(await accounts(email), 0);
  await assert.rejects(withdrawInvitation(owner, BODY, invitation), is("REFUSED_STATE"));
  const { items } = await historyOf(t.world, owner, BODY);
  assert.equal(items.filter(({ kind }) => kind === "invitation.withdrawn").length, 1);

  // Sent again it has another link; a mail brings it.
  await owner.api.invite(BODY, someone(email));
  const again = (await owner.api.invitations(BODY)).filter((one) => one.email === email);
  assert.deepEqual(
    again.map(({ state, mail }) => [state, mail]),
    [
      ["withdrawn", null],
      ["open", "handed-in"],
    ],
  );
  await assert.rejects(stranger().invitation(token), is("INVITATION_WITHDRAWN"));
});

test("somebody who waits is turned away: signed out at once, nothing stays, they may join again", async () => {
  const email = "turned.away@people.example";
  const unlocked = passphraseKeys(randomBytes(32));
  const made = await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid");
  const token = await inviteByHand(owner, BODY, someone(email));
  await stranger().join(token, made);
  assert.equal(await stateOfInvitation(email), "used");
  const waiting = await signInWith(t.config, email, unlocked);
  await stateOf(owner, BODY);
  const act = await signedBy(owner, { kind: "person.refused", body: BODY, newcomer: made.person });
  await assert.rejects(waiting.api.turnAway(BODY, made.person, act), is("REFUSED_ROLE"));
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  await assert.rejects(deputy.api.turnAway(BODY, made.person, act), is("ACT_UNSIGNED"), "a stolen session");
  const officer = t.person("case officer").person;
  await assert.rejects(owner.api.turnAway(BODY, officer, act), is("ACT_MOVED"), "signed for somebody else");
  await assert.rejects(
    turnAway(owner, BODY, officer),
    is("REFUSED_STATE"),
    "who is confirmed is let out, and stays known",
  );
  assert.equal((await waiting.api.me()).confirmed, false);

  await turnAway(owner, BODY, made.person);
  await assert.rejects(waiting.api.me(), is("NOT_SIGNED_IN"));
  await assert.rejects(signInWith(t.config, email, unlocked), is("SIGN_IN_REFUSED"));
  await assert.rejects(stranger().invitation(token), is("INVITATION_INVALID"));
  assert.ok((await owner.api.people(BODY)).every(({ person }) => person !== made.person));
  assert.equal(await stateOfInvitation(email), undefined);
  for (const [table, column] of [
    ["account", "email"],
    ["invitation", "email"],
  ] as const)
    assert.equal((await database.query(`SELECT FROM ${table} WHERE ${column} = $1`, [email])).rowCount, 0, table);
  await assert.rejects(turnAway(owner, BODY, made.person), is("PERSON_UNKNOWN"));
  const { items } = await historyOf(t.world, owner, BODY);
  assert.equal(items.filter(({ kind }) => kind === "person.refused").length, 1);

  await stranger().join(await inviteByHand(owner, BODY, someone(email)), await keysFor());
  assert.equal(await accounts(email), 1);
});

test("turned away and confirmed at the same moment, a person is one of the two, never both", async () => {
  const email = "both.at.once@people.example";
  const unlocked = passphraseKeys(randomBytes(32));
  const made = await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid");
  await stranger().join(await inviteByHand(owner, BODY, someone(email)), made);
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  const ended = await Promise.allSettled([
    confirmPeople(owner, BODY, [personAct(made, someone(email))]),
    turnAway(deputy, BODY, made.person),
  ]);
  assert.deepEqual(ended.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  const confirmed = ended[0].status === "fulfilled";
  const refused = ended.find((one) => one.status === "rejected");
  assert.ok(is(confirmed ? "REFUSED_STATE" : "PERSON_UNKNOWN")(refused!.reason), String(refused!.reason));
  assert.equal((await stateOf(owner, BODY)).persons.has(made.person), confirmed);
  assert.equal(
    (await owner.api.people(BODY)).some(({ person }) => person === made.person),
    confirmed,
  );
});

test("two bodies invite one address: whoever comes second is refused, and nothing is half made", async () => {
  const email = "both@people.example";
  const elsewhere = await t.visit(t.person("owner", 0, "eastvale"));
  const [here, there] = [
    await inviteByHand(owner, BODY, someone(email)),
    await inviteByHand(elsewhere, "eastvale", someone(email)),
  ];
  await stranger().join(here, await keysFor());
  await assert.rejects(stranger().join(there, await keysFor()), is("ADDRESS_TAKEN"));
  assert.equal(await accounts(email), 1);
  assert.equal((await elsewhere.api.invitations("eastvale")).length, 1, "that invitation was not used up");
});

test("whoever waits is told so, and gets fifteen minutes of a comparison and nothing else", async () => {
  const email = "waits@people.example";
  const unlocked = passphraseKeys(randomBytes(32));
  const made = await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid");
  await stranger().join(await inviteByHand(owner, BODY, someone(email)), made);
  const waiting = await signInWith(t.config, email, unlocked);
  assert.equal(waiting.me.confirmed, false);
  assert.equal(owner.me.confirmed, true);
  assert.equal(await waiting.api.comparison(), null);
  await assert.rejects(waiting.api.people(BODY), is("REFUSED_ROLE"));
  await assert.rejects(waiting.api.beginComparing(BODY, made.person, randomBytes(32)), is("REFUSED_ROLE"));
  const row = (await loadWorld(owner, { id: BODY, name: "" })).people.find((one) => one.person === made.person)!;
  await beginComparing(owner, BODY, row);
  assert.equal((await waiting.api.comparison())?.owner, "Imogen Farrar");
  await database.query("UPDATE comparison SET begun_at = begun_at - interval '15 minutes' WHERE person = $1", [
    made.person,
  ]);
  assert.equal(await waiting.api.comparison(), null);
  await assert.rejects(owner.api.beginComparing(BODY, newId(), randomBytes(32)), is("PERSON_UNKNOWN"));
  await assert.rejects(owner.api.beginComparing(BODY, owner.me.person, randomBytes(32)), is("REFUSED_STATE"));
});

test("the staff login makes no link to an invitation that is mailed, and opens none again", async () => {
  await owner.api.invite(BODY, someone("mailed@people.example"));
  const staff = new pg.Client({
    connectionString: t.world.databaseUrl("pb_staff"),
    options: "-c search_path=pillarbox",
  });
  await staff.connect();
  try {
    const { rows } = await staff.query<{ id: string }>(
      "SELECT id FROM invitation WHERE email = 'mailed@people.example'",
    );
    await assert.rejects(
      staff.query("INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('own'), $1)", [rows[0]!.id]),
      /row-level security/,
    );
    const { rowCount } = await staff.query("UPDATE invitation SET used_at = NULL WHERE used_at IS NOT NULL");
    assert.equal(rowCount, 0, "no used one can be reached");
    await assert.rejects(staff.query("UPDATE comparison SET begun_at = now()"), /permission denied/);
    await assert.rejects(staff.query("UPDATE invitation SET email = 'x@y.example'"), /permission denied/);
  } finally {
    await staff.end();
  }
});
