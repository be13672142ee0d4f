/** Where a log is read from: a directory of files, or an address (c2sp.org/tlog-tiles). Both have the same paths. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bytes } from "../../domain/bytes.ts";
import { entriesPath, TILE_WIDTH, tilePath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import type { LogSource } from "../../domain/verify/source.ts";
import { fetchFrom } from "../fetch.ts";
import { Refusal } from "../say.ts";

type Read = (path: string) => Promise<Bytes | null>;

/**
 * @param entries where entry bundles are read, if not at the same place
 * @param ofBody and those of a body's log
 */
function sourceOf(read: Read, entries: Read = read, ofBody?: (body: string) => Read): LogSource {
  const under =
    (folder: string | number, of: Read): Read =>
    (path) =>
      of(folder === 0 ? path : `${folder}/${path}`);
  const text = async (path: string): Promise<string | null> => {
    const bytes = await read(path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  return {
    checkpoint: () => text("checkpoint"),
    next: () => text("next"),
    first: () => text("first"),
    at: (number) => sourceOf(under(number, read), under(number, entries)),
    of: (body) => sourceOf(under(body, read), ofBody === undefined ? under(body, entries) : ofBody(body)),
    // A log may drop a partial tile once the full one is there.
    tile: async (id, width) =>
      (await read(tilePath(id, width))) ?? (width === TILE_WIDTH ? null : cut(await read(tilePath(id)), width)),
    bundle: (index, width) => entries(entriesPath(index, width)),
  };
}

const cut = (tile: Bytes | null, width: number): Bytes | null => tile?.subarray(0, width * 32) ?? null;

/** A log in a directory. @throws `Refusal` when there is no such directory */
export async function directorySource(directory: string): Promise<LogSource> {
  if (!(await stat(directory).catch(() => null))?.isDirectory())
    throw new Refusal(`There is no directory ${directory}. Give a directory or an address that begins with http.`);
  return sourceOf((path) =>
    readFile(join(directory, path)).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === "ENOENT" || thrown.code === "ENOTDIR") return null;
      throw new Refusal(`${path} in ${directory} cannot be read (${thrown.code}). Check that you may read it.`);
    }),
  );
}

const TIMES = 60;
const LONGEST = 64 * 1024 * 1024;

/** A log at an address. `headers` go with requests for entries only: at the host's `prefix`, or a body's. */
export function httpSource(
  prefix: string,
  entries?: {
    readonly prefix: string;
    readonly ofBody: (body: string) => string;
    readonly headers: Readonly<Record<string, string>>;
  },
): LogSource {
  return sourceOf(
    reader(prefix, {}),
    entries && reader(entries.prefix, entries.headers),
    entries && ((body) => reader(entries.ofBody(body), entries.headers)),
  );
}

const reader =
  (prefix: string, headers: Readonly<Record<string, string>>): Read =>
  async (path) => {
    for (let time = 0; time < TIMES; time++) {
      const response = await fetchFrom(`${prefix}/${path}`, { headers: { accept: "*/*", ...headers } });
      if (response.status === 404) return null;
      if (response.status === 401 || response.status === 403) throw new Fault("REFUSED_ROLE", path);
      if (response.status !== 429 && !response.ok)
        throw new Fault("UNAVAILABLE", `${prefix}/${path} answered ${response.status}`);
      if (response.ok) return bodyOf(response, path);
      // Asked too fast: the server says when to come back.
      await response.body?.cancel();
      await sleep(Math.min(60, Math.max(1, Number(response.headers.get("retry-after")) || 5)) * 1000);
    }
    throw new Fault("TOO_MANY", path);
  };

async function bodyOf(response: Response, path: string): Promise<Bytes> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > LONGEST) throw new Fault("UNAVAILABLE", `${path} is longer than any part of a log`);
  return bytes;
}
