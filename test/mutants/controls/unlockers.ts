/** Unlockers: whose copy of the keys is whose, and who adds and takes away (sql, src/server/unlockers, the hands). */
import type { Control } from "../control.ts";

const people = "sql/000001.sql";
const log = "sql/000002.sql";
const rows = ["test/attack/rows.test.ts"];
const attack = ["test/attack/unlockers.test.ts"];
const conditions = ["test/attack/conditions.test.ts"];
const door = ["test/attack/sessions.test.ts"];
const totp = "src/server/totp/store.ts";
const action = "src/server/unlockers/action.ts";
const ceremony = "src/server/unlockers/ceremony.ts";
const hands = "src/member/hands/copies.ts";
const flows = "src/member/flows/unlockers.ts";
const store = "src/server/unlockers/store.ts";

const REFUSED = ["each of these queries is refused"];
const STOLEN = ["a stolen session adds no unlocker"];
const REMOVED = ["a stolen session removes nothing"];
const ONCE = ["what a passkey said counts once"];
const RENEWED = ["a stolen session changes no passphrase"];
const WORDS = ["new words end the old ones"];
const DEVICE = ["a device that gives no secret"];

export const UNLOCKERS: readonly Control[] = [
  {
    control: "No login changes a sealed copy of somebody's keys",
    threat: ["T6", "T11"],
    file: people,
    find: "GRANT UPDATE (used_at, sign_count) ON unlocker TO pb_staff;",
    replace: "GRANT UPDATE ON unlocker TO pb_staff;",
    tests: rows,
  },
  {
    control: "An unlocker comes without an act only while its person waits",
    threat: ["T11", "T16"],
    file: people,
    find: "WHERE a.id = unlocker.account AND a.state = 'waiting')",
    replace: "WHERE a.id = unlocker.account)",
    tests: rows,
  },
  {
    control: "Whoever is nobody here any more has no copy",
    threat: ["T13"],
    file: people,
    find: "USING (EXISTS (SELECT FROM account a WHERE a.id = unlocker.account));",
    replace: "USING (true);",
    tests: rows,
  },
  {
    control: "The staff login adds an unlocker only for whoever signed for it",
    threat: ["T11", "T16"],
    file: log,
    find: `      AND a.event = e.id AND a.person = unlocker.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'recipient'`,
    replace: `      AND a.event = e.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'recipient'`,
    tests: conditions,
    pattern: REFUSED,
  },
  {
    control: "The staff login takes an unlocker away only for whoever signed for that",
    threat: ["T11", "T16"],
    file: log,
    find: `      AND a.event = e.id AND a.person = unlocker.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
  )`,
    replace: `      AND a.event = e.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
  )`,
    tests: conditions,
    pattern: REFUSED,
  },
  {
    control: "The last unlocker of a person stays, whoever takes it away",
    threat: ["T15", "T16"],
    file: log,
    find: "  IF NOT EXISTS (SELECT FROM unlocker WHERE account = OLD.account)\n",
    replace: "  IF false\n",
    tests: attack,
    pattern: ["the last unlocker stays"],
  },
  {
    control: "Somebody's last unlocker is not removed for them",
    threat: ["T15", "T16"],
    file: action,
    find: `    if (there.length === 1) throw new Fault("UNLOCKER_LAST");\n`,
    replace: "",
    tests: attack,
    pattern: REMOVED,
  },
  {
    control: "Nobody removes another person's unlocker",
    threat: ["T11", "T16"],
    file: action,
    find: `    if (!there.some(({ id }) => id === unlocker)) throw new Fault("NOT_FOUND");\n`,
    replace: "",
    tests: attack,
    pattern: REMOVED,
  },
  {
    control: "What is removed is what the person signed for",
    threat: ["T16"],
    file: action,
    find: "if (act.event.unlocker !== unlocker)",
    replace: "if (false)",
    tests: attack,
    pattern: REMOVED,
  },
  {
    control: "Removing an unlocker ends every other sign-in of its person",
    threat: ["T13", "T16"],
    file: action,
    find: `    await deleteUnlocker(client, person, unlocker);
    await endOtherSessions(client, person, acted.session);
`,
    replace: "    await deleteUnlocker(client, person, unlocker);\n",
    tests: attack,
    pattern: REMOVED,
  },
  {
    control: "The copy that is added is the one that the person signed for",
    threat: ["T11", "T16"],
    file: action,
    find: "    event.copy !== toHex(sha256(copy.sealedKeys)) ||\n",
    replace: "",
    tests: attack,
    pattern: STOLEN,
    also: [
      {
        file: log,
        find: "      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'copy' = encode(sha256(unlocker.sealed), 'hex')\n",
        replace: "",
      },
    ],
    secondWall: "the database's policy compares the same",
  },
  {
    control: "The passkey that is added is the one that the person signed for",
    threat: ["T11", "T16"],
    file: action,
    find: "    event.credential !== toHex(sha256(credential))\n",
    replace: "    false\n",
    tests: attack,
    pattern: [...STOLEN, ...RENEWED],
    also: [
      {
        file: log,
        find: `      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'credential' = encode(
        sha256(CASE unlocker.kind WHEN 'passkey' THEN unlocker.credential ELSE unlocker.sign_in_hash END), 'hex'
      )
`,
        replace: "",
      },
    ],
    secondWall: "the database's policy compares the same",
  },
  {
    control: "What is added is of the kind that the person signed for",
    threat: ["T16"],
    file: action,
    find: "    event.how !== how ||\n",
    replace: "",
    tests: attack,
    pattern: RENEWED,
    also: [
      {
        file: log,
        find: "      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'how' = unlocker.kind\n",
        replace: "",
      },
    ],
    secondWall: "the database's policy compares the same",
  },
  {
    control: "New words end the old ones in the same transaction",
    threat: ["T16"],
    file: action,
    find: "      await deleteUnlocker(client, person, removed.event.unlocker);\n",
    replace: "",
    tests: attack,
    pattern: WORDS,
  },
  {
    control: "New words take the place of the old ones, and of no other unlocker",
    threat: ["T16"],
    file: action,
    find: `    if (old.length > 1 || old[0]?.id !== removed?.event.unlocker) throw new Fault("REFUSED_STATE");\n`,
    replace: "",
    tests: attack,
    pattern: RENEWED,
  },
  {
    control: "New words end every other sign-in of their person",
    threat: ["T13", "T16"],
    file: action,
    find: `    await endOtherSessions(client, person, acted.session);
    await told(client, acted, "passphrase.changed");
`,
    replace: "",
    tests: attack,
    pattern: WORDS,
  },
  {
    control: "Right words without the code begin no session",
    threat: ["T16"],
    file: "src/server/session/action.ts",
    find: "(await codeAtDoor(client, totpKey, found, code)) ?? { found }",
    replace: "{ found }",
    tests: door,
    pattern: ["right words without the code"],
  },
  {
    control: "Right words wait for whoever turns a code on",
    threat: ["T16"],
    file: "src/server/session/action.ts",
    find: "    await lockUnlockers(client, found.id);\n",
    replace: "",
    tests: door,
    pattern: ["words that are shown while a code is turned on"],
  },
  {
    control: "Whoever turns a code on waits for words that were right before",
    threat: ["T16"],
    file: "src/server/totp/action.ts",
    find: "    await lockUnlockers(client, account);\n",
    replace: "",
    tests: attack,
    pattern: ["a sign-in by words that begins while a code is turned on"],
  },
  {
    control: "A sign-in that has ended writes no act about what one signs in with",
    threat: ["T13", "T16"],
    file: action,
    find: `  if (!(await stillRuns(client, acted.who.person, acted.session))) throw new Fault("NOT_SIGNED_IN");\n`,
    replace: "",
    tests: attack,
    pattern: ["a sign-in that is ended at this very moment"],
  },
  {
    control: "A code counts once",
    threat: ["T16"],
    file: totp,
    find: "WHERE account = $1 AND last_step < $2",
    replace: "WHERE account = $1",
    tests: door,
    pattern: ["a code counts once"],
  },
  {
    control: "A recovery code counts once",
    threat: ["T16"],
    file: totp,
    find: "recovery = array_remove(recovery, $2), ",
    replace: "",
    tests: door,
    pattern: ["five wrong codes"],
  },
  {
    control: "After five wrong codes none is taken for a quarter of an hour",
    threat: ["T16"],
    file: "src/server/totp/door.ts",
    find: `  if (row.paused) return "TOTP_PAUSED";\n`,
    replace: "",
    tests: door,
    pattern: ["five wrong codes"],
  },
  {
    control: "Wrong codes are counted",
    threat: ["T16"],
    file: totp,
    find: "wrong = wrong + 1,",
    replace: "wrong = wrong,",
    tests: door,
    pattern: ["five wrong codes"],
  },
  {
    control: "Wrong codes are counted however slowly they come",
    threat: ["T16"],
    file: totp,
    find: "wrong = wrong + 1,",
    replace: "wrong = CASE WHEN wrong_since > now() - interval '15 minutes' THEN wrong + 1 ELSE 1 END,",
    tests: door,
    pattern: ["whoever guesses few codes an hour"],
  },
  {
    control: "Codes that are tried at the same moment are heard one after the other",
    threat: ["T16"],
    file: totp,
    find: "WHERE account = $1 FOR UPDATE",
    replace: "WHERE account = $1",
    tests: door,
    pattern: ["of codes that are tried at the same moment"],
  },
  {
    control: "The secret of a code counts for its own person alone",
    threat: ["T11", "T16"],
    file: "src/server/totp/secret.ts",
    find: 'encodeFields([tag("totp"), fromHex(account), fromHex(id)])',
    replace: 'encodeFields([tag("totp"), account.slice(32), id.slice(32)])',
    tests: door,
    pattern: ["whoever has the rows"],
  },
  {
    control: "Whoever has a session alone uses up none of its person's tries at a code",
    threat: ["T16"],
    file: "src/server/totp/action.ts",
    find: "    checkSigned(act as SignedEvent, acted.who.person, signersOf(state, new Map()));\n",
    replace: "",
    tests: attack,
    pattern: ["a code is turned on and off"],
  },
  {
    control: "A code is turned off by a code",
    threat: ["T16"],
    file: "src/server/totp/action.ts",
    find: "    if (why !== null) return why;\n",
    replace: "",
    tests: attack,
    pattern: ["a code is turned on and off"],
  },
  {
    control: "A code is on when one of it was typed",
    threat: ["T16"],
    file: "src/server/totp/action.ts",
    find: `totpStep(secret, typed.code, Date.now()) : null;`,
    replace: `0 : null;`,
    tests: attack,
    pattern: ["a code is turned on and off"],
  },
  {
    control: "Turning a code on ends every sign-in by words alone",
    threat: ["T13", "T16"],
    file: "src/server/totp/action.ts",
    find: "    await endOtherSessions(client, account, acted.session);\n",
    replace: "",
    tests: attack,
    pattern: ["a code is turned on and off"],
  },
  {
    control: "A clock is off by one step, and no more",
    threat: ["T16"],
    file: "src/domain/person/totp.ts",
    find: "const SKEW = 1;",
    replace: "const SKEW = 2;",
    tests: ["test/unit/totp.test.ts"],
  },
  {
    control: "The staff login turns a code on only for whoever signed for it",
    threat: ["T11", "T16"],
    file: log,
    find: "AND a.event = e.id AND a.person = totp.account\n      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'totp' = totp.id\n  )\n);\nCREATE POLICY removing ON totp",
    replace:
      "AND a.event = e.id\n      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'totp' = totp.id\n  )\n);\nCREATE POLICY removing ON totp",
    tests: conditions,
    pattern: REFUSED,
  },
  {
    control: "A challenge is used up by its first use",
    threat: ["T16"],
    file: "src/server/unlockers/challenges.ts",
    find: "      open.delete(toHex(challenge));\n",
    replace: "",
    tests: attack,
    pattern: ["a challenge is open for five minutes"],
  },
  {
    control: "A challenge lasts five minutes",
    threat: ["T16"],
    file: "src/server/unlockers/challenges.ts",
    find: " && now() < one.until",
    replace: "",
    tests: attack,
    pattern: ["a challenge is open for five minutes"],
  },
  {
    control: "A challenge is for whoever began",
    threat: ["T16"],
    file: "src/server/unlockers/challenges.ts",
    find: " && one.whom === whom",
    replace: "",
    tests: attack,
    pattern: ["a challenge is open for five minutes", ...ONCE],
  },
  {
    control: "A passkey counts on the staff pages alone",
    threat: ["T16"],
    file: ceremony,
    find: "  expectedOrigin: staffOrigin,\n",
    replace: `  expectedOrigin: [staffOrigin, "https://evil.example"],\n`,
    tests: attack,
    pattern: ONCE,
  },
  {
    control: "A passkey counts when its device has asked who is there",
    threat: ["T16"],
    file: ceremony,
    find: "requireUserVerification: true,",
    replace: "requireUserVerification: false,",
    tests: attack,
    pattern: ONCE,
  },
  {
    control: "A passkey whose counter stands still signs nobody in",
    threat: ["T16"],
    file: ceremony,
    find: "counter: known.signCount }",
    replace: "counter: 0 }",
    tests: attack,
    pattern: ONCE,
    also: [
      {
        file: store,
        find: "AND (kind = 'passphrase' OR sign_count < $2 OR (sign_count = 0 AND $2 = 0))",
        replace: "",
      },
    ],
    secondWall: "it is compared once more where it is noted",
  },
  {
    control: "An unlocker is signed for when it has opened the new copy",
    threat: ["T16"],
    file: hands,
    find: `.catch(() => {
    throw new Fault(unfit);
  });
  if (!equalBytes(opened.signingSecret, signingSecret)) throw new Fault(unfit);`,
    replace: `.catch(() => keysIn(vault));
  if (!equalBytes(opened.signingSecret, signingSecret)) throw new Fault(unfit);`,
    tests: attack,
    pattern: DEVICE,
  },
  {
    control: "A passkey that does not unlock leaves nobody signed in",
    threat: ["T16"],
    file: flows,
    find: "    await api.signOut().catch(() => undefined);\n",
    replace: "",
    tests: attack,
    pattern: ["a copy that the server exchanged"],
  },
  {
    control: "What a device says of its maker is not read",
    threat: ["T16"],
    file: "src/server/unlockers/ceremony.ts",
    find: "attestationObject: spelled(told)",
    replace: "attestationObject: spelled(attestation)",
    tests: attack,
    pattern: ["what a device says of its maker is not read"],
  },
  {
    control: "Of two who take away the last two unlockers unseen, one fails",
    threat: ["T16"],
    file: "sql/000002.sql",
    find: "UPDATE account SET state = state WHERE id = OLD.account;",
    replace: "PERFORM FROM account WHERE id = OLD.account FOR UPDATE;",
    tests: attack,
    pattern: ["the last unlocker stays"],
  },
  {
    control: "No public name ends in that of the staff pages",
    threat: ["T16"],
    file: "supervisor/addresses.ts",
    find: "new URL(origin).hostname.endsWith(",
    replace: '"".endsWith(',
    tests: ["test/unit/addresses.test.ts"],
  },
];
