/** The mailroom against a real mail server with bad manners, in a world of real processes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { noticeOf } from "../../src/domain/mail/notice.ts";
import { queueNotice } from "../../src/server/actions/notices.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/store/pool.ts";
import { carrierWorld, type CarrierWorld } from "./carrier.ts";
import { town, type Town } from "./town.ts";

let t: Town;
let carrier: CarrierWorld;
let staff: Pool;

before(async () => {
  carrier = await carrierWorld();
  t = await town({ also: ["mailroom", "jobs"], mail: carrier.settings });
  staff = openPool(t.world.databaseUrl("pb_staff"), 2);
});
after(async () => {
  await staff?.end();
  await t?.stop();
  carrier?.close();
});

async function until(what: string, is: () => boolean | Promise<boolean>, patience = 30_000): Promise<void> {
  for (const end = Date.now() + patience; !(await is()); await wait(50)) if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}

test("a notice goes to each address on its own, with a neutral subject, and leaves no text behind", async () => {
  const notice = noticeOf("finding.opened", { code: "SEALED_BYTES_SEEN", time: 1_800_000_000_000, link: `${t.config.staffOrigin}/` });
  await inTransaction(staff, (client) => queueNotice(client, { to: ["one@staff.example", "two@staff.example", "one@staff.example"], ...notice }));
  await until("both have arrived", () => carrier.arrived.length >= 2);
  assert.deepEqual(carrier.arrived.map(({ to }) => to).sort(), [["one@staff.example"], ["two@staff.example"]]);
  for (const { raw, to, from } of carrier.arrived) {
    const [head = ""] = raw.split("\r\n\r\n");
    assert.match(head, new RegExp(`^To: ${to[0]}$`, "m"));
    assert.doesNotMatch(head, /^(?:cc|bcc|reply-to|x-mailer|user-agent):/im);
    assert.match(head, /^Subject: Please look at Pillarbox$/m);
    assert.match(head, /^From: letters@post\.example$/m);
    assert.match(from, /^r-[0-9a-f]{32}-[0-9a-f]{24}@returns\.post\.example$/);
    assert.ok(raw.includes("SEALED_BYTES_SEEN"));
  }
  const owner = await t.attacker();
  await until("nothing of them is left", async () => (await owner.query("SELECT FROM notice")).rowCount === 0);
  assert.deepEqual((await owner.query("SELECT DISTINCT state, bytes, person FROM delivery")).rows, [{ state: "sent", bytes: null, person: null }]);
  await owner.end();
});
