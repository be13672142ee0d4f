/** `pillarbox export-log`: a log as files, to be verified without its server, and its checkpoint kept for the next time. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Bytes } from "../domain/bytes.ts";
import { parseCheckpoint } from "../domain/log/checkpoint.ts";
import { parseNote } from "../domain/log/note.ts";
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from "../domain/log/tile.ts";
import { isAddress, openPlace } from "./log-place.ts";
import { originOf } from "./options.ts";
import { Refusal, say } from "./say.ts";
import { number } from "./verify/report.ts";
import { ahead, type LogSource } from "./verify/source.ts";

export const EXPORT_HELP = [
  "pillarbox export-log ADDRESS DIRECTORY",
  "                            keeps checkpoint and tiles as files (--entries, --as and --staff as above); nothing is verified yet",
];

const SPELLED = { entries: { type: "boolean", default: false }, as: { type: "string" }, staff: { type: "string", default: "http://localhost:3001" }, help: { type: "boolean", short: "h", default: false } } as const;

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: SPELLED });
  } catch (thrown) {
    throw new Refusal(`${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was written. Say “pillarbox export-log --help”.`);
  }
}

export async function exportLogCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args);
  const [where, directory, ...more] = positionals;
  if (values.help || where === undefined) return EXPORT_HELP.forEach(say);
  if (directory === undefined || more.length > 0 || !isAddress(where)) throw new Refusal("Name an address and then a directory. Nothing was written.");
  const place = await openPlace({ where, entries: values.entries, staff: originOf(values.staff), ...(values.as !== undefined && { as: values.as }) });
  try {
    const { size, files } = await exportLog(place.source, directory, values.entries);
    say(`The log of ${number(size)} entries is in ${directory}, in ${number(files)} files. Verify it with: pillarbox verify-log ${directory} --log-key KEY${values.entries ? " --entries" : ""}`);
  } finally {
    await place.leave().catch(() => {});
  }
}

/** Writes a log as files under the paths of c2sp.org/tlog-tiles. The checkpoint is written last: it names nothing that is not there. @throws `Refusal` */
export async function exportLog(source: LogSource, directory: string, entries: boolean): Promise<{ readonly size: number; readonly files: number }> {
  const note = await source.checkpoint();
  if (note === null) throw new Refusal("There is no checkpoint at this address. Nothing was written.");
  const { size } = parseCheckpoint(parseNote(note).text);
  let files = 1;
  const keep = async (path: string, bytes: Bytes | null): Promise<void> => {
    if (bytes === null) throw new Refusal(`${path} is not there, so the export is not whole. The checkpoint was not written.`);
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
    files += 1;
  };
  for (let level = 0; size >= TILE_WIDTH ** level && size > 0; level++) {
    const count = Math.ceil(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH);
    let index = 0;
    for await (const tile of ahead(count, (i) => source.tile({ level, index: i }, tileWidth({ level, index: i }, size)))) {
      await keep(tilePath({ level, index }, tileWidth({ level, index }, size)), tile);
      index += 1;
    }
  }
  if (entries) {
    let index = 0;
    for await (const bundle of ahead(Math.ceil(size / TILE_WIDTH), (i) => source.bundle(i, tileWidth({ level: 0, index: i }, size)))) {
      await keep(entriesPath(index, tileWidth({ level: 0, index }, size)), bundle);
      index += 1;
    }
  }
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "checkpoint"), note);
  return { size, files };
}
