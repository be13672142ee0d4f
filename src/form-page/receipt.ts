/** Files that the browser makes by itself: nothing is sent for them, and no address holds what they say. */
import type { Row } from "../domain/form/display.ts";
import { el } from "./dom.ts";

/** Answers as plain text; the last line is what a proof of receipt is compared with. */
export const textOf = (title: string, rows: readonly Row[], line: string): string =>
  [
    title,
    "",
    ...rows.flatMap((row) => [row.title, ...row.lines.map((line) => `    ${line}`), ""]),
    "The next line is for checking a proof of receipt. Leave it as it is.",
    line,
    "",
  ].join("\r\n");

/** Lets the person keep a text as a file. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: address, download: name });
  link.click();
  // The browser has taken the bytes by then; without this the text would stay in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
