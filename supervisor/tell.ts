/** What the terminal says. */
import type { RunningInstallation } from "./start.ts";

/** The output of the launcher: lines, and on a terminal a line of progress that replaces itself. */
export type Output = { readonly tell: (line: string) => void; readonly progress: (line: string) => void };

const EVERY = 5_000;

export function outputOn(out: NodeJS.WriteStream, verbose: boolean): Output {
  // A terminal that was closed must not end the servers out of order.
  out.on("error", () => {});
  const begun = Date.now();
  let open = false;
  let last = 0;
  const since = (): string => (verbose ? `${((Date.now() - begun) / 1000).toFixed(1)} s  ` : "");
  const close = (): void => {
    if (open) out.write("\n");
    open = false;
  };
  return {
    tell: (line) => {
      close();
      out.write(`${since()}${line}\n`);
    },
    progress: (line) => {
      if (out.isTTY) {
        out.write(`\r\u001b[K${line.slice(0, (out.columns || 80) - 1)}`);
        open = true;
      } else if (Date.now() - last > EVERY) {
        last = Date.now();
        out.write(`${since()}${line}\n`);
      }
    },
  };
}

/** What a person needs to begin: where to look, who to be, and how to stop. */
export function welcome(running: RunningInstallation): string {
  const { config } = running;
  const people = running.demonstration?.prepared.people ?? [];
  return [
    "",
    "Pillarbox is running.",
    "",
    `  Public pages   ${config.publicOrigin}`,
    `  Staff pages    ${config.staffOrigin}`,
    ...(running.postOffice ? [`  Mail           ${config.mailOrigin}  what the invented people get by e-mail`] : []),
    `  Key of the log ${config.logKey}`,
    ...running.closed.map(
      (body) =>
        `\nThe body ${body} is not open yet: when its first owner has made their keys, run \`pillarbox confirm-owner\`, then stop and start.`,
    ),
    ...(people.length === 0
      ? []
      : [
          "",
          "This is a demonstration with invented people. Sign in to the staff pages as one of them:",
          "",
          ...table(people.map(rowOf)),
        ]),
    "",
    "Press Ctrl-C to stop. What was sent is kept for the next start.",
    "",
  ].join("\n");
}

const rowOf = (person: { name: string; part: string; body: string; email: string; passphrase: string }): string[] => [
  person.name,
  person.body === "" ? person.part : `${person.part}, ${person.body}`,
  person.email,
  person.passphrase,
];

function table(rows: string[][]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}`,
  );
}
