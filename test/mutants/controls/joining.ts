/** Joining: invitations, six words, sessions (src/member/hands/joining.ts, src/server/people). */
import type { Control } from "../control.ts";

const hands = "src/member/hands/joining.ts";
const store = "src/server/people/store/invitations.ts";
const unit = ["test/unit/joining.test.ts"];
const world = ["test/world/joining.test.ts"];
const attack = ["test/attack/joining.test.ts"];

export const JOINING: readonly Control[] = [
  {
    control: "Nobody is confirmed in a browser before six words were compared in it",
    threat: ["T2", "T17"],
    file: hands,
    find: "if (!one.same || one.body !== body)",
    replace: "if (one.body !== body)",
    tests: unit,
  },
  {
    control: "A comparison lasts fifteen minutes",
    threat: ["T17"],
    file: hands,
    find: "now < one.begun + COMPARING_TIME && ",
    replace: "",
    tests: unit,
  },
  {
    control: "A comparison has three tries",
    threat: ["T17"],
    file: hands,
    find: " && one.tries < COMPARING_MAX",
    replace: "",
    tests: unit,
  },
  {
    control: "Words that do not fit undo words that did",
    threat: ["T17"],
    file: hands,
    find: "{ ...one, same, tries }",
    replace: "{ ...one, same: same || one.same, tries }",
    tests: unit,
  },
  {
    control: "What is signed is the row that was compared, whatever the server says later",
    threat: ["T2"],
    file: hands,
    find: "vault.comparing.set(row.person, { body, row, nonce, begun: now, tries: 0, same: false });",
    replace:
      "vault.comparing.set(row.person, { body, row: { ...row, recipient: keysIn(vault).recipient }, nonce, begun: now, tries: 0, same: false });",
    tests: unit,
  },
  {
    control: "The six words hold the key to seal to",
    threat: ["T2"],
    file: "src/domain/grant/compared.ts",
    find: "    recipientHash(recipient),\n",
    replace: "    recipientHash(recipient).subarray(0, 0),\n",
    tests: unit,
  },
  {
    control: "The six words hold the key to sign with",
    threat: ["T2"],
    file: "src/domain/grant/compared.ts",
    find: "    signingKey,\n  );",
    replace: "    signingKey.subarray(0, 0),\n  );",
    tests: attack,
    pattern: ["a server that shows the owner a key of its own"],
  },
  {
    control: "The person's words are of the keys that are unlocked in their browser, and of the owner's nonce",
    threat: ["T2"],
    file: "src/domain/grant/compared.ts",
    find: "    nonce,\n    fromHex(person),",
    replace: "    nonce.subarray(0, 0),\n    fromHex(person),",
    tests: unit,
  },
  {
    control: "An invitation is used once",
    threat: ["T20"],
    file: store,
    find: `WHERE id = $1 AND used_at IS NULL",\n    [id, person],`,
    replace: `WHERE id = $1",\n    [id, person],`,
    also: [
      {
        file: "sql/000001.sql",
        find: "USING (used_at IS NULL AND expires_at > now()) WITH CHECK (used_at IS NOT NULL);",
        replace: "USING (expires_at > now()) WITH CHECK (used_at IS NOT NULL);",
      },
    ],
    secondWall: "The database's own rule lets a used invitation be used by nobody.",
    tests: world,
    pattern: ["an invitation that was used twice at the same moment"],
  },
  {
    control: "A second invitation takes the place of the first",
    threat: ["T20"],
    file: "src/server/people/action.ts",
    find: "    await replaceInvitations(client, one.body, email, id);\n",
    replace: "    void replaceInvitations;\n",
    tests: world,
    pattern: ["a second invitation takes the place of the first"],
  },
  {
    control: "The host invites nobody to a body that has begun",
    threat: ["T11", "T20"],
    file: "src/domain/access/decide.ts",
    find: `  return !invited || (invited.first && invited.role === "owner") ? ALLOWED : refused("REFUSED_ROLE");`,
    replace: "  return !invited || invited.role ? ALLOWED : ALLOWED;",
    tests: ["test/unit/access.test.ts"],
  },
  {
    control: "Of an invitation's link the database has the hash",
    threat: ["T11"],
    file: "src/server/people/action.ts",
    find: "await insertLink(client, link, id);",
    replace: "await insertLink(client, link.map((byte) => byte ^ 1), id);",
    tests: world,
    pattern: ["of a link the database has the hash"],
  },
  {
    control: "An invitation is for the address, without what stood around it",
    threat: ["T11", "T20"],
    file: "src/server/people/action.ts",
    find: "const email = normaliseAccount(found);",
    replace: "const email = normaliseAccount(one.email);",
    tests: world,
    pattern: ["whatever stands around an address is left out"],
  },
  {
    control: "Owners and auditors hear of whoever joins by a link that the inviter brought",
    threat: ["T2", "T20"],
    file: "src/server/people/action.ts",
    find: "invited.mailed || id !== invited.invited_by,",
    replace: "invited.mailed && id !== invited.id,",
    tests: world,
    pattern: ["owners and auditors hear of whoever joins"],
  },
  {
    control: "Nobody ends another person's sign-in",
    threat: ["T13"],
    file: "src/server/people/store/accounts.ts",
    find: "DELETE FROM session s WHERE s.account = $1 AND",
    replace: "DELETE FROM session s WHERE $1::text IS NOT NULL AND",
    tests: ["test/world/sessions.test.ts"],
    pattern: ["everybody sees their own sign-ins"],
  },
];
