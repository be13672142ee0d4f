/** Writes a backup of 200 KB and then waits for ever in the middle of it: arguments data directory, target, recipient. */
import { randomBytes } from "node:crypto";
import { tarOf, type Part } from "../../src/domain/keeping/tar.ts";
import { writeBackup } from "../../supervisor/keeping/write.ts";

const [data, target, recipient] = process.argv.slice(2) as [string, string, string];

async function* parts(): AsyncGenerator<Part> {
  yield { name: "tables/sealed/000000", bytes: randomBytes(200_000) };
  await new Promise((done) => setTimeout(done, 1_000_000_000));
}

await writeBackup({
  data,
  installation: "0".repeat(32),
  logKey: "none",
  snapshot: tarOf(parts()),
  recipients: [recipient],
  target,
  at: Date.now(),
});
