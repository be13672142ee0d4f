/** How many of something a page shows, once it shows that many. */
import type { Locator } from "playwright-core";
import { untilThere } from "./in-time.ts";

/**
 * Waits until there are exactly so many: a page may still draw what was just asked for.
 * @throws naming what it looked for, where it never comes to that
 */
export const thereAre = async (count: number, what: Locator): Promise<void> =>
  void (await untilThere(async () => (await what.count()) === count, `${count} of ${what}`));
