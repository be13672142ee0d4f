/**
 * `pillarbox export-log`: a log as files, to be verified without its server, and its checkpoint kept for the next time.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Bytes } from "../domain/bytes.ts";
import { parseCheckpoint } from "../domain/log/checkpoint.ts";
import { parseNote } from "../domain/log/note.ts";
import { encodeProof, parseProof } from "../domain/log/proof.ts";
import { entriesPath, nodesOfTiles, TILE_WIDTH, tileKey, tilePath, tilesFor, tileWidth } from "../domain/log/tile.ts";
import { inclusionProof } from "../domain/log/tree.ts";
import { isAddress, openPlace } from "./log-place.ts";
import { originOf } from "./options.ts";
import { Refusal, say } from "./say.ts";
import { bodyOf } from "./verify-log.ts";
import { number } from "../domain/verify/report.ts";
import { ahead, type LogSource } from "../domain/verify/source.ts";

const EXPORT_HELP = [
  "pillarbox export-log ADDRESS DIRECTORY",
  "                            keeps checkpoint and tiles as files (--entries, --as and --staff as for verify-log); nothing is verified yet",
  "  --body SLUG     the log of this body, too, in the folder of its name; for each body once",
];

const SPELLED = {
  entries: { type: "boolean", default: false },
  body: { type: "string", multiple: true },
  as: { type: "string" },
  staff: { type: "string", default: "http://localhost:3001" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: SPELLED });
  } catch (thrown) {
    throw new Refusal(
      `${thrown instanceof Error ? thrown.message.split(". ")[0] : "An option was not understood"}. Nothing was written. Say “pillarbox export-log --help”.`,
    );
  }
}

export async function exportLogCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args);
  const [where, directory, ...more] = positionals;
  if (values.help || where === undefined) return EXPORT_HELP.forEach(say);
  if (directory === undefined || more.length > 0 || !isAddress(where))
    throw new Refusal("Name an address and then a directory. Nothing was written.");
  const place = await openPlace({
    where,
    entries: values.entries,
    staff: originOf(values.staff),
    ...(values.as !== undefined && { as: values.as }),
  });
  try {
    let { size, files } = await exportLog(place.source, directory, values.entries);
    for (const body of values.body ?? []) {
      const own = await exportLog(place.source.of(bodyOf(body)!), join(directory, body), values.entries);
      [size, files] = [size + own.size, files + own.files];
    }
    say(
      `The log of ${number(size)} entries is in ${directory}, in ${number(files)} files. Verify it with: pillarbox verify-log ${directory} --log-key KEY${values.entries ? " --entries" : ""}`,
    );
  } finally {
    await place.leave().catch(() => {});
  }
}

/**
 * Writes a log, and those that it goes on in, as files under the paths of c2sp.org/tlog-tiles.
 * @returns the entries of all of them
 * @throws `Refusal`
 */
export async function exportLog(
  source: LogSource,
  directory: string,
  entries: boolean,
): Promise<{ readonly size: number; readonly files: number }> {
  let done = { size: 0, files: 0 };
  for (let number = 0; ; number++) {
    const here = source.at(number);
    const note = await here.checkpoint();
    if (note === null && number === 0)
      throw new Refusal("There is no checkpoint at this address. Nothing was written.");
    if (note === null) return done;
    const { size, files } = await exportOne(
      here,
      note,
      number === 0 ? directory : join(directory, String(number)),
      entries,
    );
    done = { size: done.size + size, files: done.files + files };
  }
}

/** The checkpoint is written last: it names nothing that is not there. */
async function exportOne(
  source: LogSource,
  note: string,
  directory: string,
  entries: boolean,
): Promise<{ readonly size: number; readonly files: number }> {
  const { size } = parseCheckpoint(parseNote(note).text);
  let files = 1;
  const keep = async (path: string, bytes: Bytes | null): Promise<void> => {
    if (bytes === null)
      throw new Refusal(`${path} is not there, so the export is not whole. The checkpoint was not written.`);
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
    files += 1;
  };
  for (let level = 0; size >= TILE_WIDTH ** level && size > 0; level++) {
    const count = Math.ceil(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH);
    let index = 0;
    for await (const tile of ahead(count, (i) =>
      source.tile({ level, index: i }, tileWidth({ level, index: i }, size)),
    )) {
      await keep(tilePath({ level, index }, tileWidth({ level, index }, size)), tile);
      index += 1;
    }
  }
  if (entries) {
    let index = 0;
    for await (const bundle of ahead(Math.ceil(size / TILE_WIDTH), (i) =>
      source.bundle(i, tileWidth({ level: 0, index: i }, size)),
    )) {
      await keep(entriesPath(index, tileWidth({ level: 0, index }, size)), bundle);
      index += 1;
    }
  }
  await mkdir(directory, { recursive: true });
  for (const [name, text] of [
    ["next", await source.next()],
    ["first", await firstUnder(source, note)],
  ] as const) {
    if (text === null) continue;
    await writeFile(join(directory, name), text);
    files += 1;
  }
  await writeFile(join(directory, "checkpoint"), note);
  return { size, files };
}

/** The proof of the first entry under the checkpoint that is kept: a log that runs may have grown meanwhile. */
async function firstUnder(source: LogSource, note: string): Promise<string | null> {
  const first = await source.first();
  if (first === null) return null;
  const { extra, index, checkpoint } = parseProof(first);
  if (parseNote(checkpoint).text === parseNote(note).text) return first;
  const { size } = parseCheckpoint(parseNote(note).text);
  const tiles = new Map<string, Bytes>();
  for (const id of tilesFor((read) => inclusionProof(0, size, read)))
    tiles.set(tileKey(id.level, id.index), (await source.tile(id, tileWidth(id, size))) ?? new Uint8Array());
  return encodeProof({
    ...(extra && { extra }),
    index,
    hashes: inclusionProof(
      0,
      size,
      nodesOfTiles((level, at) => tiles.get(tileKey(level, at)) ?? new Uint8Array()),
    ),
    checkpoint: note,
  });
}
