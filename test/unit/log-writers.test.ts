/** Who may write which events, as the log decides it: on the entry as it is read, and on nobody's word beside it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEvent } from "../../src/domain/log/event.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { readAs } from "../../src/domain/log/writers.ts";

const vkey = formatVerifierKey(signerKey("example.org/log", new Uint8Array(32).fill(7)).verifier);
const [id, hash] = ["1".repeat(32), "2".repeat(64)];
const LOGINS = ["pb_public", "pb_staff", "pb_jobs", "pb_log", "pb_superuser"] as const;

const OF_THE_LOG: readonly LogEvent[] = [
  { kind: "log.started", origin: "example.org/log" },
  { kind: "log.rotated", next: vkey },
  {
    kind: "log.continued",
    origin: "example.org/log",
    previous: vkey,
    size: 1,
    root: hash,
    signature: hash + hash,
  },
  { kind: "log.set-aside", event: 1, digest: hash, writer: "staff", why: "unreadable" },
];
const wrote = (login: string, event: LogEvent): string | null =>
  readAs(login, encodeEntry({ ...event, at: 1 }, new Uint8Array(32))).aside;

test("where a log begins, which key goes on and what was set aside only the log's login says", () => {
  for (const event of OF_THE_LOG)
    for (const login of LOGINS)
      assert.equal(wrote(login, event), login === "pb_log" ? null : "not-theirs", `${login} ${event.kind}`);
});

test("each login writes what its process does, and nothing of another's", () => {
  const only = (...logins: readonly string[]) => logins;
  const events: readonly (readonly [LogEvent, readonly string[]])[] = [
    [{ kind: "mailroom.started", start: id, recipient: hash }, only("pb_jobs", "pb_superuser")],
    [
      { kind: "database.restored", body: null, from: 0, to: 1, erased: 0, releases: 0 },
      // At a desk, by whoever put it back.
      only("pb_superuser"),
    ],
    [
      { kind: "erasure.requested", body: "own", erasure: id, submission: id, askedBy: "submitter" },
      only("pb_public", "pb_superuser"),
    ],
    [
      { kind: "erasure.requested", body: "own", erasure: id, submission: id, askedBy: "retention" },
      only("pb_staff", "pb_superuser"),
    ],
    [{ kind: "session.started", body: "own", person: hash, role: "owner" }, only("pb_staff", "pb_superuser")],
  ];
  for (const [event, logins] of events)
    for (const login of LOGINS)
      assert.equal(wrote(login, event), logins.includes(login) ? null : "not-theirs", `${login} ${event.kind}`);
});

test("an event goes to the log of whom its entry names; unread ones to the host's", () => {
  const bytes = encodeEntry(
    { kind: "session.started", body: "own", person: hash, role: "owner", at: 1 },
    new Uint8Array(32),
  );
  assert.deepEqual(readAs("pb_staff", bytes), { whose: "own", aside: null });
  assert.deepEqual(readAs("pb_staff", bytes.subarray(1)), { whose: "", aside: "unreadable" });
});
