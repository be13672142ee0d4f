/** The arguments of a command: words, and options that begin with two hyphens. */
import { parseArgs } from "node:util";
import { Refusal } from "./say.ts";

export type Options = {
  readonly words: readonly string[];
  readonly as?: string;
  readonly server: string;
  readonly root?: string;
  readonly help: boolean;
};

/** @throws `Refusal` for an option that is not known */
export function optionsOf(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        as: { type: "string" },
        server: { type: "string", default: "http://localhost:3001" },
        root: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { as, server, root, help } = values;
    return {
      words: positionals,
      server: originOf(server),
      help,
      ...(as !== undefined && { as }),
      ...(root !== undefined && { root }),
    };
  } catch (thrown) {
    throw thrown instanceof Refusal
      ? thrown
      : new Refusal(
          `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was changed. Say “pillarbox help” to see what there is.`,
        );
  }
}

/** The origin of the staff pages: https, or this machine. @throws `Refusal` */
export function originOf(server: string): string {
  try {
    const url = new URL(server);
    if (
      url.protocol === "https:" ||
      (url.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname))
    )
      return url.origin;
  } catch {
    // said below
  }
  throw new Refusal(
    `“${server}” is not the address of the staff pages. It begins with https://, or with http://localhost on this machine. Nothing was changed.`,
  );
}
