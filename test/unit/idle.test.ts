/** The lock of an unattended screen, by a clock that the test moves on. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { watchIdle, type Idle } from "../../src/staff-app/idle.ts";

const MINUTE = 60_000;
const nothing = () => undefined;
// What the watch asks of a page: its clock and its events, and nobody touches this one.
const page = {
  setInterval: (look: () => void, ms: number) => setInterval(look, ms),
  clearInterval: (timer: ReturnType<typeof setInterval>) => clearInterval(timer),
  addEventListener: nothing,
  removeEventListener: nothing,
  document: { addEventListener: nothing, removeEventListener: nothing },
} as unknown as Window;

/** Second by second, as a clock goes: a computer that slept finds itself locked. */
function pass(ms: number): void {
  for (let gone = 0; gone < ms; gone += 1_000) mock.timers.tick(Math.min(1_000, ms - gone));
}

let idle: Idle;
let locked: boolean;
let left: number | null;
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "Date"] });
  [locked, left] = [false, null];
  idle = watchIdle(
    page,
    10 * MINUTE,
    (ms) => void (left = ms),
    () => void (locked = true),
  );
});

test("a screen that nobody touches locks after ten minutes, the last of them with a warning", () => {
  pass(9 * MINUTE - 1);
  assert.equal(left, null);
  pass(1_000);
  assert.ok(left !== null && !locked);
  pass(MINUTE);
  assert.ok(locked);
});

test("while six words stand there is no lock, and ten minutes after they ended there is", () => {
  const until = Date.now() + 15 * MINUTE;
  idle.hold(until);
  pass(15 * MINUTE);
  assert.deepEqual([locked, left], [false, null]);
  // Said again, as each look at the server does: what is over holds nothing.
  pass(8 * MINUTE);
  idle.hold(until);
  pass(2 * MINUTE);
  assert.ok(locked);
});

test("words that appear send the warning away, and words that are gone hold nothing", () => {
  pass(9.5 * MINUTE);
  assert.notEqual(left, null);
  idle.hold(Date.now() + 15 * MINUTE);
  assert.equal(left, null);
  idle.hold(null);
  pass(10 * MINUTE);
  assert.ok(locked);
});
