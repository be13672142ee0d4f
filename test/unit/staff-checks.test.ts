/**
 * What the staff app checks by itself, each check with the lie that it is there for; and who holds a key when a grant
 * has run out.
 */
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { signMarker, withMarker } from "../../src/domain/watch/marker.ts";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { confirm } from "../../demo/by-id.ts";
import { fromHex, sha256, toHex } from "../../src/domain/bytes.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { formHash, formOf, type Form } from "../../src/domain/form/form.ts";
import { slipOf } from "../../src/domain/form/slip.ts";
import { draftForm, draftGrant, draftInbox, type DraftRecipient } from "../../src/domain/grant/drafts.ts";
import { publicReaders, readersNow } from "../../src/domain/grant/readers.ts";
import { currentEpoch } from "../../src/domain/grant/state.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { draftSigned } from "../../src/domain/log/act.ts";
import { personsCommitment } from "../../src/domain/grant/asked.ts";
import { textCommitment } from "../../src/domain/person/details.ts";
import { LogIndex } from "../../src/domain/incident/log-index.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { idsRoot, personCommitment } from "../../src/domain/log/commit.ts";
import { cosign, cosigner, formatCosignerKey } from "../../src/domain/log/cosignature.ts";
import { encodeEntry, parseEntry } from "../../src/domain/log/event.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof, parseProof } from "../../src/domain/log/proof.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";
import { sealPersonKeys } from "../../src/domain/person/keys.ts";
import { passphraseKeys } from "../../src/domain/person/passphrase.ts";
import { recipientOf } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { kindOfRecipient } from "../../src/domain/seal/age.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newSubmissionId, sealAnswers } from "../../src/domain/seal/seal.ts";
import type { ListBytes, LogView } from "../../src/member/hands/tasks.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import type { Posting } from "../../src/contract/statements.ts";
import { checkOwn } from "../../src/member/hands/chain.ts";
import { readersAfter } from "../../src/member/flows/granting.ts";
import { lapsedHolders } from "../../src/member/flows/holders.ts";
import { titleOf } from "../../src/member/flows/titles.ts";
import { newVault, watchedIn, type Vault, type Watched } from "../../src/member/hands/vault.ts";
import { logOf } from "../../src/member/hands/log.ts";
import { openingOf } from "../../src/member/hands/opening.ts";
import type { Item } from "../../src/contract/reading.ts";
import { askerOf, holdersByName, nameOf, type Asked, type BodyWorld } from "../../src/member/flows/world.ts";
import { readForm } from "../support/counter-world.ts";
import { operator, signedAsk } from "../support/signed-ask.ts";
import { SignedChain, keyedPerson, type KeyedPerson } from "../support/signed-body.ts";

const HOUR = 3_600_000;
const is =
  (code: string, words = "") =>
  (thrown: unknown) =>
    thrown instanceof Fault && thrown.code === code && thrown.detail.includes(words);
const host = signerKey("example.com/log", new Uint8Array(32).fill(1));
const hostKey = formatVerifierKey(host.verifier);
const log = signerOfLog(host, "harrowmere");
const logKey = formatVerifierKey(log.verifier);

let owner: KeyedPerson, deputy: KeyedPerson, officer: KeyedPerson, next: KeyedPerson;
let chain: SignedChain;
let inbox: string;
let form: Form;
let recipients: readonly DraftRecipient[];

/** A body with a form, and an officer whose grant for everything runs for an hour. */
before(async () => {
  [owner, deputy, officer, next] = await Promise.all([
    keyedPerson("Olive Owner", "owner"),
    keyedPerson("Dan Deputy", "owner"),
    keyedPerson("Amal Officer", "reader"),
    keyedPerson("Nia Next", "reader"),
  ]);
  chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, deputy);
  for (const one of [officer, next]) chain.confirm(deputy, one);
  const made = await draftInbox(
    chain.state,
    owner.actor,
    [owner, deputy].map((one) => chain.person(one)),
    "x25519",
    chain.now,
  );
  chain.add(made);
  inbox = made.inbox;
  recipients = made.recipients;
  form = formOf(readForm("police-complaint-handling"));
  chain.add(
    draftForm(
      chain.state,
      owner.actor,
      { form: form.id, formHash: fromHex(formHash(form)), inbox, state: "open", browserOnly: form.browserOnly },
      chain.now,
    ),
  );
  const key = await openWrap(chain.state, owner.keys, inbox, 1, chain.wrapOf(owner, inbox, 1)!);
  const asked = {
    inbox,
    request: newId(),
    asker: operator,
    scope: "all",
    until: chain.now + HOUR,
    purpose: "case-handling",
    purposeCommitment: randomBytes(32),
  } as const;
  const signed = { ...asked, ...signedAsk({ ...asked, persons: [officer.keys.person] }) };
  chain.add(
    await draftGrant(chain.state, owner.actor, signed, {
      people: [chain.person(officer)],
      keys: [key],
      remaining: [],
      counted: 0,
      now: chain.now,
      kind: "x25519",
    }),
  );
});

test("the visitor's own key must stand in the statements, unchanged and once", async () => {
  const { state } = chain;
  checkOwn(state, officer.keys);
  const stranger = await keyedPerson("Sal Stranger", "reader");
  assert.throws(() => checkOwn(state, stranger.keys), is("CHAIN_BROKEN", "is not in"));
  // The server holds another key for this person than the one that they unlocked.
  for (const changed of [
    { ...stranger.keys, person: officer.keys.person },
    { ...officer.keys, signingKey: stranger.keys.signingKey },
    { ...officer.keys, recipient: stranger.keys.recipient },
  ]) {
    assert.throws(() => checkOwn(state, changed), is("CHAIN_BROKEN", "another key as yours"));
  }
  for (const part of ["signingKey", "recipientHash"] as const) {
    const twin = await keyedPerson("Tess Twin", "reader");
    const doubled = new SignedChain();
    doubled.found(owner);
    doubled.confirm(owner, officer);
    doubled.confirm(owner, { ...twin, act: { ...twin.act, [part]: officer.act[part] } });
    assert.throws(() => checkOwn(doubled.state, officer.keys), is("CHAIN_BROKEN", "somebody else's too"), part);
  }
});

/** Checkpoints that the browser has audited. */
const watched = new Map<string, string>();
/** What the log says was received, as entries and as the browser has read it. */
const receivedAs = new Map<string, Uint8Array>();
const index = new LogIndex();

/** Two entries of one log, each with its proof. */
function provenIn(...entries: readonly [Uint8Array, Uint8Array]) {
  const nodes = nodesOf(entries.map(leafHash));
  const checkpoint = signCheckpoint({ origin: log.name, size: 2, root: treeRoot(2, nodes), extensions: [] }, log);
  watched.set(checkpoint, logKey);
  const proven = (at: 0 | 1) => ({
    proof: encodeProof({ index: at, hashes: inclusionProof(at, 2, nodes), checkpoint }),
    entry: entries[at],
  });
  return [proven(0), proven(1)] as const;
}

/** A worker that has seen something of the log of the body, or of the host's. */
const watching = (seen: Partial<Watched>, whose = "harrowmere"): Vault => {
  const vault = newVault();
  vault.watched.set(whose, { ...watchedIn(vault, whose), ...seen });
  return vault;
};

/** A worker that was unlocked by the officer, has seen the log, and holds the inbox's first key. */
async function unlocked(): Promise<Vault> {
  const vault = watching({ proven: watched, index });
  vault.keys = officer.keys;
  vault.bodies.set("harrowmere", { state: chain.state, statements: chain.signed });
  vault.inboxKeys.set(
    inbox,
    new Map([[1, await openWrap(chain.state, officer.keys, inbox, 1, chain.wrapOf(officer, inbox, 1)!)]]),
  );
  return vault;
}

/** A release that stands in the log as it should: of `items`, for this officer. */
function released(purpose: "list" | "open", items: readonly Item[], forms: ReadonlyMap<string, string>): ListBytes {
  const [personSalt, idsSalt, release] = [randomBytes(32), randomBytes(32), newId()];
  const said = {
    body: "harrowmere",
    inbox,
    count: items.length,
    ids: idsRoot(
      idsSalt,
      items.map((one) => one.submission),
    ),
    reader: personCommitment(personSalt, officer.keys.person),
    role: "reader",
    release,
    at: 1,
  } as const;
  const entry = encodeEntry(
    purpose === "list" ? { kind: "slips.released", ...said, purpose } : { kind: "letter.released", ...said, purpose },
    new Uint8Array(32),
  );
  const [received, reading] = provenIn(receivedAs.get(items[0]!.submission)!, entry);
  return {
    body: "harrowmere",
    inbox,
    release,
    ...reading,
    personSalt,
    idsSalt,
    items,
    received: purpose === "open" ? received : null,
    added: [],
    acts: [],
    done: [],
    since: 0,
    before: Number.MAX_SAFE_INTEGER,
    known: 0,
    planted: { installation: "0".repeat(32), monitorKey: new Uint8Array(32), markers: [] },
    forms,
  };
}

/** A letter sealed under a version of the form, as the server hands out its slip or its letter. */
async function letterUnder(
  version: Form,
  part: "slip" | "letter",
  marked = (content: object): object => content,
): Promise<Item> {
  const checked = checkAnswers(version, {
    "on-behalf": "myself",
    concerns: ["outcome"],
    "what-happened": "A quagmire.",
    "when-happened": "March",
    "outcome-wanted": "An apology",
    "full-name": "Ada O’Neill",
    "contact-by": "email",
    email: "ada@example.org",
  });
  assert.ok(checked.ok);
  const submission = newSubmissionId();
  const context = { form: version.id, formHash: formHash(version), inbox, epoch: 1, submission, first: null };
  const sealed = await sealAnswers(
    marked(checked.answers),
    marked(slipOf(version, checked.answers)),
    context,
    {
      receipt: randomBytes(32),
      nonce: randomBytes(32),
      reply: (await newIdentity(kindOfRecipient(recipients[0]!.recipient))).recipient,
    },
    recipients[0]!.recipient,
  );
  const hashed = (bytes: Uint8Array): string => toHex(sha256(bytes));
  const entry = encodeEntry(
    {
      kind: "submission.received",
      body: "harrowmere",
      inbox,
      epoch: 1,
      formHash: context.formHash,
      submission,
      slip: hashed(sealed.slip),
      letter: hashed(sealed.letter),
      size: sealed.slip.length + sealed.letter.length,
      path: "browser",
      commitment: sealed.commitment,
      at: 1,
    },
    new Uint8Array(32),
  );
  index.add(parseEntry(entry));
  receivedAs.set(submission, entry);
  return {
    submission,
    epoch: 1,
    formHash: context.formHash,
    path: "browser",
    first: null,
    reference: "",
    bytes: sealed[part],
  };
}

const quiet = (): void => {};

test("a letter under a form version that no owner published is not opened, in the list or alone", async () => {
  const unsigned = formOf({ ...readForm("police-complaint-handling"), title: "A form that nobody signed" });
  const forms = new Map([form, unsigned].map((one) => [formHash(one), canonicalJson(one)]));
  const hands = openingOf(await unlocked());
  const [good, bad] = [await letterUnder(form, "slip"), await letterUnder(unsigned, "slip")];
  const { rows } = await hands.openSlips(released("list", [good, bad], forms), quiet);
  assert.deepEqual(
    rows.map(({ submission, code, cells }) => [submission, code, cells["full-name"]]),
    [
      [good.submission, null, "Ada O’Neill"],
      [bad.submission, "OPEN_CONTEXT", undefined],
    ],
  );
  const alone = await letterUnder(unsigned, "letter");
  await assert.rejects(
    async () => hands.openLetter({ ...released("open", [alone], forms), submission: alone.submission }, quiet),
    is("OPEN_CONTEXT", "no owner published"),
  );
});

// A letter is a marker only where it says so inside its seal and the monitor signed it, and neither alone hides or
// shows one.
test("a letter is a marker only where its seal says so and the monitor signed it", async () => {
  const forms = new Map([[formHash(form), canonicalJson(form)]]);
  const [monitor, host, installation] = [randomBytes(32), randomBytes(32), newId()];
  const flag = (content: object): object => withMarker(content, "eight words that stand nowhere else at all");
  const [marked, claimed, named, forged] = [
    await letterUnder(form, "slip", flag),
    await letterUnder(form, "slip", flag),
    await letterUnder(form, "slip"),
    await letterUnder(form, "slip", flag),
  ];
  const told = (item: Item, secret = monitor, epoch = 1) =>
    signMarker(secret, installation, { body: "harrowmere", inbox, epoch, submission: item.submission });
  const planted = {
    installation,
    monitorKey: signingKeyOf(monitor),
    markers: [told(marked), told(named), told(forged, host)],
  };
  const { rows } = await openingOf(await unlocked()).openSlips(
    { ...released("list", [marked, claimed, named, forged], forms), planted },
    quiet,
  );
  assert.deepEqual(
    rows.map(({ marker, code, cells }) => [marker, code, cells["full-name"]]),
    [
      [true, null, "Ada O’Neill"],
      [false, null, "Ada O’Neill"],
      [false, null, "Ada O’Neill"],
      [false, null, "Ada O’Neill"],
    ],
  );
});

test("another letter than the one asked for is not opened, however well its reading is proven", async () => {
  const forms = new Map([[formHash(form), canonicalJson(form)]]);
  const hands = openingOf(await unlocked());
  const [asked, other] = [await letterUnder(form, "letter"), await letterUnder(form, "letter")];
  const opened = await hands.openLetter({ ...released("open", [asked], forms), submission: asked.submission }, quiet);
  assert.match(JSON.stringify(opened.rows), /quagmire/);
  await assert.rejects(
    async () => hands.openLetter({ ...released("open", [other], forms), submission: asked.submission }, quiet),
    is("PROOF_INVALID"),
  );
  // The answer to an earlier reading of the same letter, given whole: it names the earlier release.
  const earlier = released("open", [asked], forms);
  await assert.rejects(
    async () => hands.openLetter({ ...earlier, release: newId(), submission: asked.submission }, quiet),
    is("PROOF_INVALID"),
  );
});

// A reading under a checkpoint that was not shown to be of the log that the browser has seen is not opened, however
// well it is signed.
test("a reading under a checkpoint that was not led to from the browser's own is not opened", async () => {
  const forms = new Map([[formHash(form), canonicalJson(form)]]);
  const vault = await unlocked();
  vault.watched.set("harrowmere", { ...watchedIn(vault, "harrowmere"), proven: new Map() });
  const hands = { ...openingOf(vault), ...logOf(vault) };
  const letter = await letterUnder(form, "letter");
  const reading = { ...released("open", [letter], forms), submission: letter.submission };
  await assert.rejects(async () => hands.openLetter(reading, quiet), is("LOG_REFUSED", "was not shown"));
  const { checkpoint } = parseProof(reading.proof);
  const shown = [{ checkpoint, proofs: [], begun: null, ended: null }];
  const other = formatVerifierKey(signerKey(host.name, new Uint8Array(32).fill(2)).verifier);
  assert.throws(
    () => hands.audit({ whose: "harrowmere", kept: null, proofs: [reading.proof], hostKey: other, shown }, quiet),
    is("LOG_REFUSED", "is not signed by the key"),
  );
  await assert.rejects(async () => hands.openLetter(reading, quiet), is("LOG_REFUSED"));
  assert.throws(
    () =>
      hands.audit(
        {
          whose: "harrowmere",
          kept: {
            logKey,
            note: signCheckpoint({ origin: log.name, size: 2, root: new Uint8Array(32), extensions: [] }, log),
          },
          proofs: [reading.proof],
          hostKey,
          shown,
        },
        quiet,
      ),
    is("LOG_REFUSED", "two histories"),
  );
  assert.deepEqual(hands.audit({ whose: "harrowmere", kept: null, proofs: [reading.proof], hostKey, shown }, quiet), {
    logKey,
    note: checkpoint,
  });
  assert.match(JSON.stringify((await hands.openLetter(reading, quiet)).rows), /quagmire/);
  // What this visit has seen binds it, whatever the browser's memory says by then.
  const forked = signCheckpoint({ origin: log.name, size: 2, root: new Uint8Array(32), extensions: [] }, log);
  assert.throws(
    () =>
      hands.audit(
        { whose: "harrowmere", kept: null, proofs: [], hostKey, shown: [{ ...shown[0]!, checkpoint: forked }] },
        quiet,
      ),
    is("LOG_REFUSED", "two histories"),
  );
  assert.throws(
    () => hands.seen({ whose: "harrowmere", kept: { logKey: "", note: "" }, proofs: [] }, quiet),
    is("LOG_REFUSED", "cannot be read"),
  );
});

// Which witnesses co-signed is read from the checkpoint by the policy of the page, and a false cosignature is called
// false.
test("who co-signed is read by the page's policy, and a false cosignature is called false", async () => {
  const [one, two] = [
    cosigner("one.example/w", new Uint8Array(32).fill(8)),
    cosigner("two.example/w", new Uint8Array(32).fill(9)),
  ];
  const policy = `witness a ${formatCosignerKey(one.key)}\nwitness b ${formatCosignerKey(two.key)}\ngroup both all a b\nquorum both\n`;
  const note = signCheckpoint({ origin: log.name, size: 2, root: new Uint8Array(32), extensions: [] }, log);
  const text = note.slice(0, note.indexOf("\n\n") + 1);
  const view = (note: string) =>
    logOf(watching({ log: { logKey, note } })).log({ whose: "harrowmere", policy }, quiet) as LogView;
  const [half, whole] = [note + cosign(text, 1_000, one), note + cosign(text, 1_000, one) + cosign(text, 2_000, two)];
  assert.deepEqual(
    [view(note), view(half), view(whole)].map((one) => [one.quorum, one.witnesses.map(({ at }) => at)]),
    [
      [{ name: "both", reached: false }, [null, null]],
      [{ name: "both", reached: false }, [1_000_000, null]],
      [{ name: "both", reached: true }, [1_000_000, 2_000_000]],
    ],
  );
  const false_ = view(note + cosign(text.replace("\n2\n", "\n3\n"), 1_000, one));
  assert.deepEqual([false_.quorum!.reached, false_.witnesses[0]!.sound, false_.witnesses[0]!.at], [false, false, null]);
  assert.equal(
    (logOf(watching({ log: { logKey, note } })).log({ whose: "harrowmere", policy: null }, quiet) as LogView).quorum,
    null,
  );
});

test("a form is called what its signed definition says, whatever the server calls it", async () => {
  const signed = chain.state.forms.get(form.id)!;
  const by = (answer: () => Promise<string>) =>
    titleOf({ api: { form: answer }, hands: {} } as never, "harrowmere", signed);
  assert.equal(await by(async () => canonicalJson(form)), form.title);
  assert.equal(await by(async () => canonicalJson({ ...form, title: "Tell us your password" })), form.id);
  assert.equal(await by(async () => "no form"), form.id);
  assert.equal(await by(() => Promise.reject(new Fault("FORM_UNKNOWN"))), form.id);
});

const worldOf = (): BodyWorld => ({
  body: { id: "harrowmere", name: "" },
  state: chain.state,
  people: [owner, deputy, officer, next].map((one) => ({ ...one.row, code: null, fingerprint: "" })),
  inboxes: [],
  documents: [],
  unsigned: 0,
  locked: new Set(),
});
const requestOf = (over: Partial<Asked>): Asked => ({
  request: newId(),
  inbox,
  body: "harrowmere",
  asker: { person: newId(), name: "Otto Operator", role: "operator" },
  persons: [next.keys.person],
  scope: "all",
  until: chain.now + 100 * HOUR,
  purpose: "audit",
  purposeText: "",
  purposeSalt: new Uint8Array(32),
  act: {
    entry: new Uint8Array(0),
    proof: null,
    signature: new Uint8Array(0),
    bySalt: new Uint8Array(0),
    personsSalt: new Uint8Array(0),
  },
  state: "open",
  askedAt: 0,
  decidedAt: null,
  decidedBy: null,
  reason: null,
  ...over,
});

// Who asked is called as confirmed where it is a member, and as the server says where nobody confirmed them.
test("who asked is called as confirmed, or as the server says where nobody confirmed them", () => {
  const world = worldOf();
  const operator = askerOf(world, requestOf({}));
  assert.deepEqual([operator.name, operator.role], ["Otto Operator", "operator"]);
  const lied = requestOf({ asker: { person: officer.keys.person, name: "The Chief Constable", role: "owner" } });
  assert.deepEqual(askerOf(world, lied), { name: "Amal Officer", role: "reader" });
});

// Somebody whose grant ran out is listed as long as they hold the key: as many people as the public is told.
test("somebody whose grant ran out is listed as long as they hold the key", async () => {
  const world = worldOf();
  const later = chain.now + 2 * HOUR;
  const told = (): number => publicReaders(chain.state, inbox).count;
  assert.deepEqual(lapsedHolders(chain.state, inbox, chain.now), []);
  assert.equal(readersNow(chain.state, inbox, later).length, 2);
  const holders = holdersByName(world, inbox, later);
  assert.deepEqual(
    holders.filter((one) => one.lapsed).map(({ name, until, grant }) => [name, until! < later, grant !== undefined]),
    [["Amal Officer", true, true]],
  );
  assert.equal(holders.length, told());
  const named = (person: string) => nameOf(world, person);
  const everything = readersAfter(world, requestOf({}), named, later);
  const fromNow = readersAfter(world, requestOf({ scope: "from-now" }), named, later);
  assert.deepEqual([everything.length, everything.filter((one) => one.lapsed).length], [4, 1]);
  assert.deepEqual([fromNow.length, fromNow.filter((one) => one.lapsed).length], [3, 0]);
  // Let in again, they are no longer somebody who only holds the key.
  assert.deepEqual(
    readersAfter(world, requestOf({ persons: [officer.keys.person] }), named, later).map(({ name, added, lapsed }) => [
      name,
      added,
      lapsed,
    ]),
    [
      ["Olive Owner", false, false],
      ["Dan Deputy", false, false],
      ["Amal Officer", true, false],
    ],
  );
});

// The command line confirms a grant from now on after another has run out, and gives the new key to nobody whose grant
// is over.
test("a grant from now on gives the new key to nobody whose grant is over", async () => {
  const later = chain.now + 2 * HOUR;
  const [asker, askerSecret, personsSalt] = [newId(), randomBytes(32), randomBytes(32)];
  const wanted = requestOf({
    scope: "from-now",
    until: later + HOUR,
    asker: { person: asker, name: "Otto Operator", role: "operator" },
  });
  const { persons, scope, until, purpose, purposeSalt, purposeText } = wanted;
  const said = draftSigned<"grant.requested">(
    { person: asker, role: "operator", signingSecret: askerSecret },
    {
      kind: "grant.requested",
      body: "harrowmere",
      inbox,
      request: wanted.request,
      count: 1,
      scope,
      until,
      purpose,
      purposeCommitment: toHex(textCommitment(purposeSalt, purposeText)),
      persons: personsCommitment(personsSalt, persons),
    },
  );
  const entry = encodeEntry({ ...said.event, at: 5 }, randomBytes(32));
  const checkpoint = signCheckpoint(
    { origin: log.name, size: 1, root: treeRoot(1, nodesOf([leafHash(entry)])), extensions: [] },
    log,
  );
  const proof = encodeProof({ index: 0, hashes: [], checkpoint });
  const { signature, bySalt } = said;
  const request = { ...wanted, act: { entry, proof, signature, bySalt, personsSalt } };
  const posted: Posting[] = [];
  const api = {
    chain: async () => chain.signed,
    people: async () => [owner, deputy, officer, next].map((one) => ({ ...one.row, state: "confirmed" })),
    requests: async () => [request],
    inboxes: async () => [
      {
        inbox,
        form: form.id,
        title: form.title,
        state: "open",
        epochs: [{ epoch: 1, recipient: recipients[0]!.recipient, received: 0, erased: 0 }],
      },
    ],
    form: async () => canonicalJson(form),
    wraps: async () => [{ epoch: 1, wrap: chain.wrapOf(owner, inbox, 1) }],
    post: async (_: string, posting: Posting) => void posted.push(posting),
  };
  const { installation, root } = chain.expected;
  const { person } = owner.keys;
  const { unlock } = passphraseKeys(randomBytes(32));
  const hands = directHands(unlock);
  const sealedKeys = await sealPersonKeys(owner.keys, await recipientOf(unlock));
  await hands.call("unlock", { person, sealedKeys });
  const member = {
    setup: {
      installation,
      roots: new Map([["harrowmere", toHex(root)]]),
      operators: new Map([[asker, signingKeyOf(askerSecret)]]),
      logKey: hostKey,
    },
    api,
    hands,
    me: { person, role: "owner", body: { id: "harrowmere", name: "" } },
  };
  await confirm(member as never, "harrowmere", request.request, later);
  chain.add({ statements: posted[0]!.statements, wraps: [], recipients: [] });
  const holders = [...currentEpoch(chain.state.inboxes.get(inbox)!).holders.keys()];
  assert.deepEqual(new Set(holders), new Set([owner, deputy, next].map((one) => one.keys.person)));
});
