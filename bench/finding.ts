/**
 * From a hole that is really opened to the finding, and to the e-mail about it in a mailbox, on the real schedule; from
 * outside and inside.
 */
import { setTimeout as wait } from "node:timers/promises";
import { front, type Front } from "../test/support/front.ts";
import { BODY, staffedWorld } from "../test/support/staffed.ts";
import { LIMITS, median, rounded, say, type Measure } from "./figure.ts";

const TIMES = 3;
const PATIENCE = 180_000;

export const measure: Measure = async (_place, print) => {
  let staffFront: Front | undefined;
  const place = await staffedWorld({
    also: ["inspect", "monitor", "mailroom", "jobs", "post-office"],
    limits: LIMITS,
    config: async (ports) => {
      staffFront = await front(ports.staff);
      return { staffOrigin: staffFront.origin };
    },
  });
  const db = await place.attacker();
  const auditor = place.person("auditor", 0, BODY);
  const count = async (sql: string, values: unknown[] = []): Promise<number> =>
    Number((await db.query(sql, values)).rows[0]["count"]);
  const after = async (what: string, holds: () => Promise<boolean>): Promise<number> => {
    const began = performance.now();
    while (!(await holds())) {
      if (performance.now() - began > PATIENCE) throw new Error(`${what} did not happen`);
      await wait(100);
    }
    return performance.now() - began;
  };
  const open = (code: string) => count("SELECT count(*) FROM finding WHERE code = $1 AND closed_at IS NULL", [code]);
  const mails = async (): Promise<number> =>
    [
      ...(
        await (await fetch(`${place.world.config.mailOrigin}/mailbox/${encodeURIComponent(auditor.email)}`)).text()
      ).matchAll(/Pillarbox has found something/g),
    ].length;
  const path = `/api/bodies/${BODY}/people`;
  const { qual } = (
    await db.query<{ qual: string }>(
      "SELECT qual FROM pg_policies WHERE tablename = 'sealed' AND policyname = 'released'",
    )
  ).rows[0]!;
  const holes = [
    {
      name: "a staff address that answers strangers",
      code: "route-open",
      begin: async () =>
        void staffFront!.holes.set("hole", ({ path: asked }) =>
          asked === path
            ? { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from("[]") }
            : undefined,
        ),
      end: async () => staffFront!.holes.clear(),
    },
    {
      name: "a policy that shows every sealed row",
      code: "catalogue-added",
      begin: async () => void (await db.query("ALTER POLICY released ON sealed USING (true)")),
      end: async () => void (await db.query(`ALTER POLICY released ON sealed USING (${qual})`)),
    },
  ];
  try {
    await after(
      "a clean look of both",
      async () => (await count("SELECT count(*) FROM look WHERE kind = 'round' AND clean_at IS NOT NULL")) === 2,
    );
    for (const { name, code, begin, end } of holes) {
      const found: number[] = [];
      const mailed: number[] = [];
      for (let time = 0; time < TIMES; time++) {
        await wait(Math.random() * 20_000);
        const before = await mails();
        await begin();
        const seen = await after("a finding", async () => (await open(code)) > 0);
        const told = seen + (await after("a mail", async () => (await mails()) > before));
        say(`  ${name}: found after ${rounded(seen / 1000, 1)} s, in the mailbox after ${rounded(told / 1000, 1)} s`);
        found.push(seen / 1000);
        mailed.push(told / 1000);
        await end();
        await after("its end", async () => (await count("SELECT count(*) FROM finding WHERE closed_at IS NULL")) === 0);
      }
      print({
        name: `hole to finding: ${name}`,
        value: rounded(median(found), 1),
        unit: "s",
        most: rounded(Math.max(...found), 1),
        times: TIMES,
      });
      print({
        name: `hole to mailbox: ${name}`,
        value: rounded(median(mailed), 1),
        unit: "s",
        most: rounded(Math.max(...mailed), 1),
        times: TIMES,
      });
    }
  } finally {
    await db.end();
    await place.stop();
    await staffFront?.stop();
  }
};
