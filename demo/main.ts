/**
 * The demonstration: `demo.ts prepare` makes it up before the servers start, `demo.ts fill` sends its letters to them.
 * Both read PB_CONFIG; `prepare` writes JSON, `fill` reads it on standard input and writes `progress <done> <total>`
 * lines.
 */
import { text as readAll } from "node:stream/consumers";
import { parseJson } from "../src/domain/canonical.ts";
import { codeOf, Fault, sentence } from "../src/domain/problem.ts";
import { demoConfig } from "./config.ts";
import { fill } from "./fill.ts";
import { prepare } from "./prepare.ts";
import { preparedOf } from "./prepared.ts";

async function main(command: string | undefined): Promise<void> {
  const config = demoConfig(process.env["PB_CONFIG"]);
  if (command === "prepare") {
    process.stdout.write(`${JSON.stringify(await prepare(config, Date.now()))}\n`);
  } else if (command === "fill") {
    const prepared = preparedOf(parseJson(await readAll(process.stdin)));
    await fill(config, prepared, (done, total) => void process.stdout.write(`progress ${done} ${total}\n`));
  } else {
    throw new Fault("BAD_REQUEST", "say prepare or fill");
  }
}

main(process.argv[2]).catch((thrown: unknown) => {
  const detail = thrown instanceof Fault ? thrown.detail : thrown instanceof Error ? thrown.stack : "";
  process.stderr.write(`${detail ? `${detail}\n` : ""}${sentence(codeOf(thrown))}\n`);
  process.exitCode = 1;
});
