/** `pillarbox status`: its exit code, and that a missing process is seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SERVERS } from "../../supervisor/servers.ts";
import { standingOf, type Seen } from "../../supervisor/standing.ts";

const servers = SERVERS.filter((name) => name !== "post-office");
const WELL: Seen = {
  servers,
  running: servers.map((name) => ({ name })),
  answers: { public: true, staff: true, counter: true },
  addresses: ["https://forms.example.org", "https://staff.example.org"],
  open: true,
  backup: 3_600_000,
  restored: null,
  numbers: { unsigned: 0, since: null, waiting: 2 },
};
const without = (name: string): Seen => ({ ...WELL, running: WELL.running.filter((one) => one.name !== name) });

test("status is 0 while all is well, 1 while letters still arrive, 2 when they do not", () => {
  assert.equal(standingOf(WELL).code, 0);
  for (const name of ["log", "mailroom", "jobs", "inspect", "monitor"]) assert.equal(standingOf(without(name)).code, 1);
  for (const name of ["public", "staff", "counter"]) {
    assert.equal(standingOf(without(name)).code, 2);
    assert.equal(standingOf({ ...WELL, answers: { ...WELL.answers, [name]: false } }).code, 2);
  }
  assert.equal(standingOf({ ...WELL, numbers: null }).code, 2);
  const late = { unsigned: 3, since: 61_000, waiting: 0 };
  assert.equal(standingOf({ ...WELL, numbers: late }).code, 1);
  assert.equal(standingOf({ ...WELL, numbers: { ...late, since: 1_000 } }).code, 0);
});

test("status says in words what does not run, what waits, and that a body is not open", () => {
  const { lines } = standingOf({
    ...without("jobs"),
    numbers: { unsigned: 3, since: 90_000, waiting: 7 },
    open: false,
  });
  assert.ok(lines.includes("jobs         does not run"));
  assert.ok(lines.includes("public       runs"));
  assert.ok(lines.includes("the log      is not being signed: 3 entries wait, the oldest for 90 s"));
  assert.ok(lines.includes("mail         7 waiting"));
  assert.ok(lines.includes("Not open yet: its first owner is not confirmed."));
});

test("status says how old the last good backup is, and is no worse for it", () => {
  const said = (backup: number | null): string => {
    const { code, lines } = standingOf({ ...WELL, backup });
    assert.equal(code, 0);
    return lines.find((line) => line.startsWith("last backup "))!;
  };
  assert.equal(said(null), "last backup  none yet");
  assert.equal(said(-5_000), "last backup  0 h old");
  assert.equal(said(47 * 3_600_000 + 1), "last backup  47 h old");
  assert.equal(said(48 * 3_600_000), "last backup  2 days old");
});

test("status says from which backup an installation came, and that none was made since", () => {
  const restored = { from: Date.UTC(2026, 10, 28, 3, 0), at: Date.UTC(2026, 10, 29, 14, 5) };
  const { code, lines } = standingOf({ ...WELL, backup: null, restored });
  assert.equal(code, 0);
  assert.ok(lines.includes("last backup  none since it was restored"));
  assert.ok(lines.includes("restored     2026-11-29 14:05 UTC, from the backup of 2026-11-28 03:00 UTC"));
  assert.ok(!standingOf(WELL).lines.some((line) => line.startsWith("restored")));
});
