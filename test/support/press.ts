/** What appears by itself while somebody presses: it must not take the press away. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/**
 * From now on answers at this address do not come. What it gives lets them come, and waits until the page has had the
 * first of them and has drawn since.
 */
export async function heldBack(page: Page, address: string): Promise<() => Promise<void>> {
  const come = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
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
