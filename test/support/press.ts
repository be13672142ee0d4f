/** What appears by itself while somebody presses: it must not take the press away. */
import assert from "node:assert/strict";
import type { Locator, Page, Route } from "playwright-core";

/**
 * From now on answers at this address do not come. What it gives lets them come, and waits until the page has had the
 * first of them and has drawn since.
 * @param first answers the first question, which is not held back; without it that one is, too
 */
export async function heldBack(
  page: Page,
  address: string,
  first?: (route: Route) => Promise<void>,
): Promise<() => Promise<void>> {
  const come = Promise.withResolvers<void>();
  let asked = 0;
  await page.route(address, async (route) => {
    if (asked++ === 0 && first) return first(route);
    await come.promise;
    await route.continue();
  });
  return async () => {
    const answered = page.waitForResponse(address);
    come.resolve();
    await (await answered).finished();
    await page.evaluate(() => new Promise((later) => requestAnimationFrame(() => setTimeout(later, 100))));
  };
}

/** Presses, lets something come meanwhile, and lets go: nothing moves before that, and what came is there afterwards. */
export async function pressWhile(place: Locator, come: () => Promise<void>, comes: Locator): Promise<void> {
  const { mouse } = place.page();
  await place.hover();
  await mouse.down();
  await come();
  assert.equal(await comes.count(), 0, "nothing moves yet");
  await mouse.up();
}
