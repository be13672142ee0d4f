/** docs/MEASURED.md: what was measured, by the run that measured it. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

const FILE = join(import.meta.dirname, "../docs/MEASURED.md");

const HEAD = `# Measured

Written by \`npm run bench -- --write\`, and by nothing else: each line by the last run that measured it. What counts is the ratio of processor time: the time of all processes for one letter or one answer, up to the signed checkpoint, by that of the *floor* in the same minutes on the same machine.
The floor is \`node:http\` and one INSERT of the same bytes (\`bench/floor.ts\`): no checks, no log, and no row security. Rates depend on what else the machine does, and so, less, does processor time: the load is what the machine had to do as the figure was written, the measure's own work included.

| measure | figure | floor | ratio | machine | date |
|---|---|---|---|---|---|
`;

const machine = (): string => {
  const [first] = cpus();
  return `${cpus().length} × ${(first?.model ?? "unknown").replaceAll("|", " ").trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}, load ${Math.round(loadavg()[0]!)}`;
};

/**
 * Puts figures in the place of those of the same name, and leaves the others as they are. What the machine was too busy
 * for is not kept.
 */
export function keepFigures(figures: readonly Figure[], date = new Date()): void {
  const rows = new Map<string, string>();
  for (const line of before().split("\n")) {
    const name = /^\| (?!measure )([^|]+?) \|/.exec(line)?.[1];
    if (name !== undefined) rows.set(name, line);
  }
  for (const { name, value, unit, floor, ratio } of figures.filter((figure) => !figure["disturbed"]))
    rows.set(
      name,
      `| ${name} | ${value} ${unit} | ${floor ?? ""} | ${ratio ?? ""} | ${machine()} | ${date.toISOString().slice(0, 10)} |`,
    );
  writeFileSync(FILE, `${HEAD}${[...rows.values()].join("\n")}\n`);
}

function before(): string {
  try {
    return readFileSync(FILE, "utf8");
  } catch {
    return "";
  }
}
