/** What the app shell says about this installation. */
import { Fault } from "../domain/problem.ts";
import { parseSetup, type Setup } from "../member/setup.ts";

/** Reads the shell's setup element. @throws `CONFIG_INVALID`, `MALFORMED` */
export function readSetup(page: Document): Setup {
  const element = page.getElementById("pillarbox-setup");
  if (!element) throw new Fault("CONFIG_INVALID", "the page has no setup");
  return parseSetup(element.textContent ?? "");
}
