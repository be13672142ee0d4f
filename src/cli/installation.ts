/** What a command must know of an installation before it trusts what a server says: above all the root of the body. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../domain/canonical.ts";
import { parseSetup, type Setup } from "../member/setup.ts";
import { anything, anyText, hash, record } from "../contract/shape.ts";
import { Refusal } from "./say.ts";

/**
 * The app shell's public facts. Its roots are not used: who would forge statements would forge them too.
 * @param option by which the address was given
 * @throws `Refusal` where nobody answers, or not Pillarbox, or one that is at another address
 */
export async function shellOf(server: string, option = "--server"): Promise<Setup> {
  const page = await fetch(server, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(10_000) })
    .then((response) => response.text())
    .catch(() => {
      throw new Refusal(
        `Nobody answers at ${server}. Nothing was changed. Start Pillarbox, or give the address of the staff pages with ${option}.`,
      );
    });
  const found = /<script[^>]*\bid="pillarbox-setup"[^>]*>(.*?)<\/script>/s.exec(page)?.[1];
  if (found === undefined)
    throw new Refusal(
      `What answers at ${server} is not the staff pages of Pillarbox. Nothing was changed. Give their address with ${option}.`,
    );
  const setup = parseSetup(found);
  const { staffOrigin } = setup;
  if (staffOrigin !== server)
    throw new Refusal(
      `The staff pages at ${server} call themselves ${staffOrigin}. Nothing was changed. Use ${option} ${staffOrigin} if that is right.`,
    );
  return setup;
}

const keptFile = record({ installation: anyText, roots: anything });

/** The roots that this machine's own installation keeps. */
function ownRoots(installation: string): Readonly<Record<string, string>> {
  for (const directory of [process.env["PILLARBOX_DATA"], join(import.meta.dirname, "..", "..", "data")]) {
    const file = directory && join(directory, "installation.json");
    if (!file || !existsSync(file)) continue;
    try {
      const kept = keptFile.parse(parseJson(readFileSync(file, "utf8")));
      if (kept.installation === installation) return kept.roots as Record<string, string>;
    } catch {
      // Unreadable for this user: then the root must be given.
    }
  }
  return {};
}

/** The installation behind `server`, with the root of `body` from --root or from this machine's data directory. */
export async function installationAt(server: string, body: string, root: string | undefined): Promise<Setup> {
  const setup = await shellOf(server);
  const { installation } = setup;
  const roots = root === undefined ? ownRoots(installation) : { [body]: root };
  if (!Object.hasOwn(roots, body))
    throw new Refusal(
      `The root of the body “${body}” is not known here, so its statements cannot be verified. Nothing was changed. Give it with --root; owners wrote it down when the body was set up.`,
    );
  try {
    return { ...setup, roots: new Map([[body, hash.parse(roots[body])]]) };
  } catch {
    throw new Refusal("A root is 64 characters, 0 to 9 and a to f. Nothing was changed.");
  }
}
