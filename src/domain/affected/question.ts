/** What is asked of an access log, checked before a byte of it is read. */
import { parseExposed, type Exposed } from "./exposed.ts";

/**
 * Requests of a monitor of one's own. Anybody can send its user agent, so the agent alone never excludes: it comes with
 * the address that it asks from, or with a token that only it knows.
 */
export type OwnMonitor = { readonly agent: string } & (
  | { readonly address: string; readonly token: null }
  | { readonly address: null; readonly token: string }
);

/** From when until when the addresses were exposed, in milliseconds; null: as far as the log goes. */
export type Window = { readonly from: number | null; readonly to: number | null };

declare const checked: unique symbol;

export type LogQuestion = {
  readonly [checked]: true;
  readonly exposed: readonly Exposed[];
  readonly own: readonly OwnMonitor[];
  /** addresses of people who were meant to read, told apart from strangers; `203.0.113.*` for all that begin so */
  readonly known: readonly string[];
  readonly window: Window;
};

/** As somebody typed it. */
export type LogAsk = {
  /** one address a line; a line that begins with # says nothing */
  readonly exposed: string;
  readonly own: { readonly agent: string; readonly address: string; readonly token: string } | null;
  readonly known: readonly string[];
  readonly window: Window;
};

const TOKEN_MIN = 8;

/** The question, or every sentence that says what is wrong with it and what to do. */
export function logQuestion(
  ask: LogAsk,
):
  | { readonly ok: true; readonly question: LogQuestion }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const lines = ask.exposed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0)
    problems.push(
      "Say which addresses were exposed, one a line, for example /results, or /results/* for all below it.",
    );
  const exposed = lines.flatMap((line) => {
    const one = parseExposed(line);
    if (!one)
      problems.push(
        `“${line.slice(0, 200)}” is not an address of the website. Write it as it stands behind the host, for example /results, /results/* or /index.php?q=results.`,
      );
    return one ?? [];
  });
  const own = ownOf(ask, problems);
  const { from, to } = ask.window;
  if (from !== null && to !== null && to < from)
    problems.push("The exposure ends before it begins. Exchange the two times.");
  return problems.length > 0
    ? { ok: false, problems }
    : {
        ok: true,
        question: {
          exposed,
          own,
          known: ask.known.map((one) => one.trim()).filter((one) => one !== "" && one !== "*"),
          window: ask.window,
        } as unknown as LogQuestion,
      };
}

function ownOf({ own }: LogAsk, problems: string[]): readonly OwnMonitor[] {
  if (own === null) return [];
  const [agent, address, token] = [own.agent.trim(), own.address.trim(), own.token.trim()];
  if (agent !== "" && address !== "") return [{ agent, address, token: null }];
  if (agent !== "" && token.length >= TOKEN_MIN) return [{ agent, address: null, token }];
  problems.push(
    `A monitor of your own is left out by its user agent together with the address that it asks from, or with its token of at least ${TOKEN_MIN} characters. Anybody can send its user agent, so that alone does not do. Give both, or neither.`,
  );
  return [];
}
