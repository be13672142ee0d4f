/**
 * Whether whoever starts the watch controls the site. Without proof nothing is planted and nothing is guessed:
 * Pillarbox is no scanner (T34).
 */
import { resolveTxt } from "node:dns/promises";
import { isIP } from "node:net";
import { NotLooked } from "../asker.ts";
import { Refusal, type Visitor } from "./pinned.ts";
import type { Site } from "./site.ts";

const PROOF = "/.well-known/pillarbox-watch";

/** @throws `Refusal` that says what to put where */
export async function demandControl({ origin, token }: Site, visitor: Visitor): Promise<"file" | "dns"> {
  const shown = await visitor.ask({ path: PROOF }).catch((thrown: unknown) => {
    if (thrown instanceof NotLooked) return null;
    throw thrown;
  });
  // The very address: a site that answers every path with one page would else seem to agree by showing what it was
  // sent.
  if (
    shown?.status === 200 &&
    shown.path === PROOF &&
    shown.body.length < 4096 &&
    shown.body
      .toString("utf8")
      .split(/\r?\n/)
      .some((line) => line.trim() === token)
  )
    return "file";
  const host = new URL(origin).hostname;
  const texts =
    isIP(host.replace(/^\[|\]$/g, "")) || host === "localhost" ? [] : await resolveTxt(host).catch(() => []);
  if (texts.some((parts) => parts.join("") === `pillarbox-watch=${token}`)) return "dns";
  throw new Refusal(
    `${origin} does not show that you may watch it, so nothing was planted and nothing was looked at. Let ${PROOF} hold the token of the site file in a line of its own, or add the DNS text record “pillarbox-watch=” with the token behind it to ${host}.`,
  );
}
