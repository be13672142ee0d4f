/** What keeps the first command from starting is one sentence that says what to do, and nothing is half-made. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { freePorts } from "../../demo/world.ts";
import { launch, place, type Ended } from "../support/launched.ts";

const oneSentence = (ended: Ended, says: RegExp): void => {
  assert.equal(ended.code, 1);
  assert.match(ended.error, says);
  assert.equal(ended.error.trimEnd().split("\n").length, 1, ended.error);
};

describe("npm start refuses", () => {
  for (const host of ["127.0.0.1", "::1"])
    for (const [name, variable] of [
      ["public", "PILLARBOX_PUBLIC_PORT"],
      ["staff", "PILLARBOX_STAFF_PORT"],
      ["counter", "PILLARBOX_COUNTER_PORT"],
      ["mail", "PILLARBOX_MAIL_PORT"],
    ] as const)
      it(`a ${name} port that is taken on ${host}`, async (t) => {
        const here = await place();
        const taker = createServer();
        try {
          const listening = await new Promise<boolean>((done) => {
            taker.once("error", () => done(false));
            taker.listen({ host, port: here.ports[name] }, () => done(true));
          });
          if (!listening) return t.skip(`this machine has no ${host}`);
          oneSentence(await launch(here).ended, new RegExp(`Port ${here.ports[name]} is in use.+${variable}`));
          assert.ok(!existsSync(here.data));
        } finally {
          taker.close();
          here.remove();
        }
      });

  it("a port that is none, and one port for two servers", async () => {
    const here = await place();
    oneSentence(
      await launch({ ...here, environment: {}, ports: { ...here.ports, staff: 70_000 } }).ended,
      /PILLARBOX_STAFF_PORT is "70000"/,
    );
    oneSentence(
      await launch({ ...here, ports: { ...here.ports, staff: here.ports.public } }).ended,
      /name the same port/,
    );
    assert.ok(!existsSync(here.data));
    here.remove();
  });

  it("a file in the place of the data directory", async () => {
    const here = await place();
    writeFileSync(here.data, "something of mine");
    oneSentence(await launch(here).ended, /is a file where Pillarbox needs a directory/);
    oneSentence(
      await launch({ ...here, data: join(here.data, "below") }).ended,
      /is a file where Pillarbox needs a directory/,
    );
    assert.ok(statSync(here.data).isFile());
    here.remove();
  });

  it("a directory that even root cannot write", async () => {
    const here = await place();
    oneSentence(
      await launch({ ...here, data: "/proc/pillarbox" }).ended,
      /\/proc, where \/proc\/pillarbox would be made, cannot be written.+PILLARBOX_DATA/,
    );
    here.remove();
  });

  it("a directory that this user cannot write", async (t) => {
    const made = mkdtempSync(join(tmpdir(), "pillarbox-refused-"));
    try {
      const data = join(made, "data");
      mkdirSync(data);
      chmodSync(data, 0o555);
      chmodSync(made, 0o755);
      const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534, home: "/nonexistent" } : undefined;
      const ended = await launch({ data, ports: await freePorts(), ...(as ? { as } : {}) }).ended;
      if (as && /Cannot find module|EACCES/.test(ended.error))
        return t.skip("the clone is in a directory that only its owner can enter");
      oneSentence(ended, /cannot be written: make it writable/);
      assert.deepEqual(readdirSync(data), []);
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
  });
});
