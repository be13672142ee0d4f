/**
 * An installation that has got another host name. Nobody is locked out by a passphrase: no address is in its salt
 * (docs/decisions/0060-the-salt-is-the-installations.md).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signIn } from "../../src/cli/desk/desk.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { demoConfig } from "../../demo/config.ts";
import { startWorld } from "../../demo/world.ts";
import { place } from "../support/launched.ts";

test("the same person signs in with the same passphrase after the staff pages have moved", async () => {
  const here = await place();
  try {
    let world = await startWorld({ demonstration: true, data: here.data });
    const [before, one] = [world.staffOrigin, world.people[0]!];
    try {
      assert.match(before, /^http:\/\/localhost:/);
      const desk = await signIn(demoConfig(canonicalJson(world.config)), one.email, one.passphrase);
      assert.equal(desk.me.email, one.email);
    } finally {
      await world.stop();
    }
    world = await startWorld({
      demonstration: true,
      data: here.data,
      config: ({ staff }) => ({ staffOrigin: `http://127.0.0.1:${staff}` }),
    });
    try {
      assert.match(world.staffOrigin, /^http:\/\/127\.0\.0\.1:/);
      const desk = await signIn(demoConfig(canonicalJson(world.config)), one.email, one.passphrase);
      assert.equal(desk.me.email, one.email);
    } finally {
      await world.stop();
    }
  } finally {
    here.remove();
  }
});
