/** One backup, written beside its place, read back, and only then under its name. */
import { createHash, randomBytes } from "node:crypto";
import {
  createReadStream,
  existsSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fromUtf8, toUtf8, type Bytes } from "../../src/domain/bytes.ts";
import {
  FIRST,
  keptPart,
  MANIFEST,
  type KeptPart,
  type Manifest,
  type Snapshot,
} from "../../src/domain/keeping/manifest.ts";
import { partsOf, tarOf, type Part } from "../../src/domain/keeping/tar.ts";
import { Fault } from "../../src/domain/problem.ts";
import { Refusal, systemCode } from "../refusal.ts";
import { filesIn } from "./files.ts";
import { sealed } from "./seal.ts";
import { stopIfAsked } from "./stop.ts";

export type Order = {
  readonly data: string;
  readonly installation: string;
  readonly logKey: string;
  /** the archive of the database, as the server's program gives it */
  readonly snapshot: AsyncIterable<Bytes>;
  readonly recipients: readonly string[];
  readonly target: string;
  /** milliseconds */
  readonly at: number;
  /** Bytes that are free in a directory. */
  readonly free?: (directory: string) => number;
};

export type Made = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly manifest: Manifest;
};

const SPARE = 16 * 1024 * 1024;
const NOTHING = "There is no backup";

/** Where it goes: a file of that name, or in a directory one that is named by installation and time. @throws Refusal */
export function placeOf({
  target,
  installation,
  at,
  data,
}: Pick<Order, "target" | "installation" | "at" | "data">): string {
  const directory = existsSync(target) && statSync(target).isDirectory();
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const path = resolve(directory ? join(target, `pillarbox-${installation.slice(0, 8)}-${time}.age`) : target);
  if (existsSync(path))
    throw new Refusal(`${path} is there already, and a backup never replaces one: name another file.`);
  if (!existsSync(dirname(path))) throw new Refusal(`${dirname(path)} is not there: make it, or name another place.`);
  // By whatever links it is named.
  const inside = existsSync(data) ? realpathSync(data) : resolve(data);
  if (`${realpathSync(dirname(path))}${sep}`.startsWith(`${inside}${sep}`))
    throw new Refusal("The backup would be in the data directory, and lost with it: name a place elsewhere.");
  return path;
}

const free = (directory: string): number => {
  const disk = statfsSync(directory);
  return disk.bavail * disk.bsize;
};

/** @throws Refusal; then no file has the name, and none is left beside it */
export async function writeBackup(order: Order): Promise<Made> {
  const path = placeOf(order);
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.new`);
  let manifest: Manifest | null = null;
  try {
    const written = await write(
      draft,
      sealed(order.recipients, tarOf(wholeOf(order, dirname(path), (last) => (manifest = last)))),
    );
    const again = await hashOf(createReadStream(draft));
    if (again.bytes !== written.bytes || again.sha256 !== written.sha256)
      throw new Refusal(
        `${NOTHING}: what was read back is not what was written. The disk of ${dirname(path)} is not to be trusted.`,
      );
    await takeName(draft, path);
    return { path, ...written, manifest: manifest! };
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw inWords(thrown, dirname(path));
  }
}

function inWords(thrown: unknown, directory: string): unknown {
  if (thrown instanceof Refusal)
    return thrown.message.startsWith(NOTHING) ? thrown : new Refusal(`${NOTHING}: ${thrown.message}`);
  if (thrown instanceof Fault) return new Refusal(`${NOTHING}: ${thrown.detail}`);
  const code = systemCode(thrown);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new Refusal(`${NOTHING}: the disk of ${directory} is full. Free some room, and run it again.`);
  return /^E[A-Z]+$/.test(code) ? new Refusal(`${NOTHING}: ${directory} cannot be written (${code}).`) : thrown;
}

/** Everything in its order: whose it is, the files, the logs and tables, and the manifest of all of it. */
async function* wholeOf(order: Order, directory: string, done: (manifest: Manifest) => void): AsyncGenerator<Part> {
  const { installation, at, logKey } = order;
  const kept: KeptPart[] = [];
  const noted = (part: Part): Part => {
    kept.push(keptPart(part));
    return part;
  };
  yield noted({ name: FIRST, bytes: json({ v: 1, installation, at }) });
  for (const file of filesIn(order.data)) yield noted(file);
  let snapshot: Snapshot | null = null;
  for await (const part of partsOf(order.snapshot)) {
    if (part.name === "size.json") refuseFull(JSON.parse(fromUtf8(part.bytes)).bytes, directory, order.free ?? free);
    else if (part.name === "snapshot.json") snapshot = JSON.parse(fromUtf8(part.bytes)) as Snapshot;
    else yield noted(part);
  }
  if (snapshot === null) throw new Refusal(`${NOTHING}: the database broke off.`);
  const manifest: Manifest = { v: 1, installation, at, logKey, ...snapshot, parts: kept };
  yield { name: MANIFEST, bytes: json(manifest) };
  done(manifest);
}

const json = (value: unknown): Bytes => toUtf8(`${JSON.stringify(value)}\n`);
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000)} MB`;

function refuseFull(needed: number, directory: string, room: (directory: string) => number): void {
  const there = room(directory);
  if (there < needed + SPARE)
    throw new Refusal(
      `${NOTHING}: the disk of ${directory} has ${megabytes(there)} left, and up to ${megabytes(needed + SPARE)} are needed. Free some room, or name another place.`,
    );
}

type Written = { readonly bytes: number; readonly sha256: string };

async function write(path: string, pieces: AsyncIterable<Bytes>): Promise<Written> {
  const file = await open(path, "wx", 0o600);
  try {
    const written = await hashOf(pieces, (piece) => file.writeFile(piece));
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

async function hashOf(
  pieces: AsyncIterable<Bytes>,
  each: (piece: Bytes) => Promise<void> = async () => {},
): Promise<Written> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of pieces) {
    stopIfAsked();
    hash.update(piece);
    bytes += piece.length;
    await each(piece);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** A name is taken once: a second link never replaces a file, a rename would. */
async function takeName(draft: string, path: string): Promise<void> {
  try {
    linkSync(draft, path);
    rmSync(draft);
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === "EEXIST") throw new Refusal(`${NOTHING}: ${path} is there by now.`);
    // Some file systems have no links.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code) || existsSync(path)) throw thrown;
    renameSync(draft, path);
  }
  const directory = await open(dirname(path), "r");
  await directory.sync().finally(() => directory.close());
}
