/** What `pillarbox confirm-owner` decides: whose row it is, and whether the words that were typed are of that row. */
import { fromHex, toHex, type Bytes } from "../../src/domain/bytes.ts";
import { normaliseSixWords, sixWords } from "../../src/domain/grant/compared.ts";
import { COMPARING_MAX, COMPARING_TIME } from "../../src/domain/grant/comparing.ts";
import type { PersonRow } from "../../src/domain/grant/confirmed.ts";
import { foundingStatement } from "../../src/domain/grant/founding.ts";
import { statementHash } from "../../src/domain/grant/statement.ts";
import type { FirstOwner } from "../configuration.ts";
import { readInstallation, writeInstallation, type Installation } from "../installation.ts";
import type { Work } from "../lock.ts";
import { Refusal } from "../refusal.ts";

/** What the database says of whoever used the invitation; bytes in hex. */
export type Joined = Omit<PersonRow, "signingKey" | "detailsSalt" | "role"> & {
  readonly role: string;
  readonly signingKey: string;
  readonly detailsSalt: string;
};

/** The row of whom the host asked for at `init`, and of nobody else. @throws Refusal */
export function rowOf(joined: Joined | null, owner: FirstOwner): PersonRow {
  if (joined === null)
    throw new Refusal(
      `${owner.name} has not made their keys yet: wait until they have opened the link. Five weeks after the first start begin again, as docs/INSTALL.md says.`,
    );
  if (joined.role !== "owner" || joined.name !== owner.name || joined.email !== owner.email)
    throw new Refusal(
      "Whoever used the link is not whom `init` invited: nothing was confirmed. The rows were changed; look who can write to the database.",
    );
  return {
    ...joined,
    role: "owner",
    signingKey: fromHex(joined.signingKey),
    detailsSalt: fromHex(joined.detailsSalt),
  };
}

/** Who is asked and told on the terminal, and what time it is (milliseconds). */
export type Desk = {
  /** the next line that was typed; null at the end */
  readonly ask: () => Promise<string | null>;
  readonly say: (line: string) => void;
  readonly now: () => number;
};

/**
 * Returns once the six words of this row and nonce were typed.
 * @throws Refusal after three tries or fifteen minutes; words of no list are no try
 */
export async function compare({ ask, say, now }: Desk, body: string, row: PersonRow, nonce: Bytes): Promise<void> {
  const end = now() + COMPARING_TIME;
  for (let left = COMPARING_MAX; left > 0; ) {
    const typed = await ask();
    if (typed === null || now() >= end)
      throw new Refusal("The words were not compared in fifteen minutes: nothing was confirmed. Run it again.");
    const words = sixOf(typed);
    if (words === sixWords(nonce, body, row)) return;
    if (words !== null) left--;
    say(words === null ? "These are not six words of the list: type them as you hear them." : "They do not fit.");
  }
  throw new Refusal(
    "The words did not fit three times: nothing was confirmed. If they were read correctly, somebody stands in between; tell your data protection officer.",
  );
}

function sixOf(typed: string): string | null {
  try {
    return normaliseSixWords(typed);
  } catch {
    return null;
  }
}

/** The root of a body whose first owner has this row: the hash of what they have yet to sign. Hex. */
export const rootOf = (
  where: { readonly installation: string; readonly body: string },
  row: PersonRow,
  at: number,
): string => toHex(statementHash(foundingStatement(where, row, at)));

/** Two who compare at once would each write a nonce, and the later root would be of words that the first one read. */
export const CONFIRMING: Work = {
  file: "confirm-owner.lock",
  busy: (pid, data) =>
    `The first owner of ${data} is being confirmed already (process ${pid}): end it there, or wait for it. Nothing was confirmed here.`,
};

/** What is said where nobody is confirmed any more. */
export const hasOwner = (body: string): Refusal =>
  new Refusal(`The body ${body} has its first owner already: its own owners invite everybody else.`);

/** @throws Refusal where the body has a root */
export function refuseRoot({ roots }: Pick<Installation, "roots">, body: string): void {
  if (Object.hasOwn(roots, body)) throw hasOwner(body);
}

/**
 * Writes the root into what `installation.json` is now, not into what was read a quarter of an hour ago.
 * @param was the installation in which the words were compared
 * @throws Refusal where it is another one by now, or the body has a root
 */
export function enterRoot(
  data: string,
  was: string,
  { body, root, at }: { readonly body: string; readonly root: string; readonly at: number },
): void {
  const now = readInstallation(data);
  if (now?.installation !== was)
    throw new Refusal(`Another installation is in ${data} by now: nothing was confirmed. Run it again.`);
  refuseRoot(now, body);
  writeInstallation(data, {
    ...now,
    roots: { ...now.roots, [body]: root },
    founded: { ...now.founded, [body]: at },
  });
}
