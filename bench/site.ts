/**
 * From the wrong click on an old website to the e-mail about it in a mailbox, on the real schedule: a round every
 * minute, one request a second.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BODY, openPlace, until } from "../rehearsal/place.ts";
import { REAL, watchOldSite } from "../rehearsal/site-watch.ts";
import { median, rounded, say, type Measure } from "./figure.ts";

const TIMES = 3;

export const measure: Measure = async (_place, print) => {
  const place = await openPlace();
  const mailbox = place.person("auditor").email;
  const told = (): number =>
    place.mailboxes.of(mailbox).filter(({ text }) => text.includes("a stranger can see")).length;
  try {
    const watched = await watchOldSite(BODY, join(place.world.data, "watch-site.json"), REAL);
    try {
      await watched.looked;
      const officer = await place.visit(place.person("auditor"));
      const isOver = async (): Promise<boolean> =>
        (await officer.api.findings(BODY)).every(({ closedAt }) => closedAt !== null);
      const taken: number[] = [];
      for (let time = 0; time < TIMES; time++) {
        // At any moment of the minute.
        await wait(Math.random() * REAL.every);
        const [before, began] = [told(), performance.now()];
        await watched.administrator.allow("complaint", ["administrator", "anonymous"]);
        await until("a mail about it", () => told() > before, 180_000);
        taken.push((performance.now() - began) / 1000);
        say(`  in the mailbox after ${rounded(taken.at(-1)!, 1)} s`);
        await watched.administrator.allow("complaint", ["administrator"]);
        await until("its end", isOver, 180_000);
      }
      print({
        name: "wrong click on an old website to mailbox",
        value: rounded(median(taken), 1),
        unit: "s",
        most: rounded(Math.max(...taken), 1),
        times: TIMES,
      });
    } finally {
      await watched.stop();
    }
  } finally {
    await place.stop();
  }
};
