/**
 * `restore --backup FILE --identity FILE`: from a backup into a data directory and a database that are new. Everything
 * is looked at before anything is made; the directory gets its name last, so that nothing half restored can be started.
 */
import { randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  globSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { toUtf8 } from "../../src/domain/bytes.ts";
import type { Manifest } from "../../src/domain/keeping/manifest.ts";
import { tarOf, type Part } from "../../src/domain/keeping/tar.ts";
import { databaseFrom } from "../checks.ts";
import { MIGRATOR, SUPERUSER } from "../cluster.ts";
import { configOf } from "../config.ts";
import { filesOf, readReal } from "../configuration.ts";
import { ELSEWHERE, homeOf, settleOn, startEmbedded, type Embedded } from "../embedded.ts";
import { writePrivately } from "../files.ts";
import { makeDirectories, readInstallation, type Installation } from "../installation.ts";
import { logsOf, type InstallationLog } from "../logs.ts";
import { migrate } from "../prepare-database.ts";
import { Refusal, systemCode } from "../refusal.ts";
import { reasonIn, runOnce } from "../run-once.ts";
import { plainEnvironment } from "../servers.ts";
import { newSweeper } from "../sweeper.ts";
import { bytesTo } from "./errand.ts";
import { isFile, putFile } from "./files.ts";
import { readAgain, readWhole } from "./read.ts";
import { identitiesIn } from "./seal.ts";
import { noteRestored, restoredIn } from "./state.ts";
import { stopIfAsked } from "./stop.ts";

export type RestoreOrder = {
  readonly root: string;
  readonly data: string;
  readonly backup: string;
  readonly identity: string;
  /** a newer log, kept elsewhere */
  readonly log: string | null;
  /** a checkpoint store that survived */
  readonly store: string | null;
  /** the log's key, as somebody has it on paper */
  readonly logKey: string | null;
  readonly tell: (line: string) => void;
  /** The number of the disk on which a directory is. */
  readonly disk?: (directory: string) => number;
};

const NOTHING = "Nothing was changed.";

/** @throws Refusal; then the data directory is not there, and the database is to be thrown away if it was not ours */
export async function restoreBackup(order: RestoreOrder): Promise<void> {
  const { data, tell, backup } = order;
  refuseUnfinished(data);
  refuseUsed(data);
  refusePlaces(order);
  const identities = identitiesIn(order.identity);
  tell("Reading the whole backup…");
  const manifest = await readWhole(backup, identities);
  refuseOther(order, manifest);
  tell(
    `It is of installation ${manifest.installation}, of ${new Date(manifest.at).toISOString()}, its log ${manifest.logKey}.`,
  );
  const { letters, parts } = manifest.missing;
  if (letters + parts > 0)
    tell(`When it was made ${letters} letters of the log had no row, and of ${parts} a sealed part was gone.`);
  const draft = join(dirname(data), `.${basename(data)}.${randomBytes(6).toString("hex")}.new`);
  const home: { draft: string | null; final: string } = { draft: null, final: "" };
  try {
    mkdirSync(dirname(data), { recursive: true });
    mkdirSync(draft, { mode: 0o700 });
    makeDirectories(draft);
    await fill(order, draft, readAgain(backup, identities, manifest), manifest, home);
    rmSync(join(draft, "restoring"), { recursive: true, force: true });
    // From here on it is whole: after a power cut the next run says how to give it its name.
    noteRestored(draft, {
      from: manifest.at,
      at: Date.now(),
      home: home.draft === null ? null : { draft: home.draft, final: home.final },
    });
    if (home.draft !== null) {
      renameSync(home.draft, home.final);
      home.draft = null;
    }
    renameSync(draft, data);
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    if (home.draft !== null) rmSync(home.draft, { recursive: true, force: true });
    const code = systemCode(thrown);
    throw /^E[A-Z]+$/.test(code)
      ? new Refusal(
          `It could not be written (${code}): it is made in ${dirname(data)} and gets its name last. There is no installation in ${data}.`,
        )
      : thrown;
  }
  tell(`Restored to ${data}. Start Pillarbox, and verify the log with --database.`);
  tell(
    "Never start the machine again that was backed up: two that run sign two logs under one key, and whoever has seen both refuses both for good.",
  );
}

const quoted = (path: string): string => `'${path.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A restore that was whole and was cut off before its last step: the machine went off between the renames. It is not
 * ended here, because the one that is asked for now may be from another backup, or with a newer log.
 * @throws Refusal with the command
 */
export function refuseUnfinished(data: string): void {
  if (existsSync(join(data, "installation.json"))) return;
  const beside = dirname(data);
  if (!existsSync(beside)) return;
  const name = (one: string): boolean =>
    one.startsWith(`.${basename(data)}.`) && /^[0-9a-f]{12}\.new$/.test(one.slice(basename(data).length + 2));
  // A command is said that moves or removes what a file names: only a file of whoever runs this is believed.
  const isOwn = (one: string): boolean => {
    const found = lstatSync(join(beside, one));
    return found.isDirectory() && found.uid === process.getuid?.();
  };
  for (const draft of readdirSync(beside).filter(name).filter(isOwn)) {
    const found = restoredIn(join(beside, draft));
    if (found === null) continue;
    const moves = [
      ...(found.home !== null && existsSync(found.home.draft) ? [[found.home.draft, found.home.final] as const] : []),
      [join(beside, draft), data] as const,
    ];
    const gone = [
      join(beside, draft),
      ...(found.home === null ? [] : [existsSync(found.home.draft) ? found.home.draft : found.home.final]),
    ];
    throw new Refusal(
      `A restore to ${data} from the backup of ${new Date(found.from).toISOString()} was whole when it was cut off, and lacks only its name: say “${moves
        .map(([from, to]) => `mv -T ${quoted(from)} ${quoted(to)}`)
        .join(" && ")}” and start Pillarbox, or “rm -r ${gone.map(quoted).join(" ")}” and run this again. ${NOTHING}`,
    );
  }
}

/** What would be found out only after hours. */
function refusePlaces({ data, log, store, disk = (directory) => statSync(directory).dev }: RestoreOrder): void {
  if (existsSync(data) && disk(data) !== disk(dirname(data)))
    throw new Refusal(
      `${data} is a disk of its own, and a restored directory is made beside its place: name one inside it with PILLARBOX_DATA. ${NOTHING}`,
    );
  if (log !== null && !isDirectory(log))
    throw new Refusal(`There is no directory ${log}: --log names one that export-log --entries wrote. ${NOTHING}`);
  if (store !== null && !existsSync(join(store, "init")))
    throw new Refusal(
      `There is no checkpoint store in ${store}: --store names the directory log/checkpoints that survived. ${NOTHING}`,
    );
}

const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function refuseUsed(data: string): void {
  if (existsSync(data) && (!statSync(data).isDirectory() || readdirSync(data).length > 0))
    throw new Refusal(
      `${data} is not empty, and a backup goes into a new installation only: name a directory that is not there with PILLARBOX_DATA. ${NOTHING}`,
    );
}

function refuseOther({ root, logKey }: RestoreOrder, manifest: Manifest): void {
  if (logKey !== null && logKey !== manifest.logKey)
    throw new Refusal(
      `The log in the backup has another key than the one that you named: ${manifest.logKey}. ${NOTHING}`,
    );
  const known = globSync("sql/[0-9]*.sql", { cwd: root }).length;
  if (manifest.schema > known) throw new Refusal(`The backup is of a newer Pillarbox: use that one. ${NOTHING}`);
}

/** Files, then logs, then tables, in the order in which they were written. */
async function fill(
  order: RestoreOrder,
  draft: string,
  parts: AsyncGenerator<Part>,
  manifest: Manifest,
  home: { draft: string | null; final: string },
): Promise<void> {
  const { root, tell } = order;
  const own = join(draft, "restoring", "log");
  mkdirSync(own, { recursive: true });
  let next = await parts.next();
  for (; !next.done && !next.value.name.startsWith("tables/"); next = await parts.next()) {
    if (isFile(next.value)) putFile(draft, next.value);
    else if (next.value.name.startsWith("log/")) putLog(join(draft, "restoring"), next.value);
  }
  const tables = async function* (): AsyncGenerator<Part> {
    yield { name: "snapshot.json", bytes: toUtf8(JSON.stringify(manifest)) };
    for (; !next.done; next = await parts.next()) yield next.value;
  };
  const { installation, log } = whatCame(draft, manifest);
  const config = configOf(root, installation, { public: 1, staff: 2, counter: 3, mail: 4 }, log.key.verifier);
  await withNewDatabase(order, draft, installation, home, async ({ owner, highest }) => {
    await migrate(config, owner, installation, manifest.schema);
    tell("Putting the rows back…");
    await bytesTo(config, "put-back", owner, tarOf(tables()));
    stopIfAsked();
    await migrate(config, owner, installation);
    const survived = order.store !== null;
    if (survived) cpSync(order.store!, log.store, { recursive: true, errorOnExist: true, force: false });
    const { code, error } = await runOnce({
      arguments: [join(root, "src/server/main.ts"), "bring-to-newest"],
      environment: plainEnvironment(config),
      given: { PB_DATABASE: highest },
      cwd: root,
      input: JSON.stringify({ own, newer: order.log, store: log.store, survived, log: log.number }),
      line: tell,
    });
    if (code !== 0) throw new Refusal(reasonIn(error));
    await newSweeper(config, highest, tell).first();
    stopIfAsked();
  });
}

function putLog(place: string, { name, bytes }: Part): void {
  mkdirSync(dirname(join(place, name)), { recursive: true });
  writeFileSync(join(place, name), bytes);
}

/** @throws Refusal where files and manifest are of two installations */
function whatCame(draft: string, manifest: Manifest): { installation: Installation; log: InstallationLog } {
  const installation = readInstallation(draft);
  if (installation === null || installation.installation !== manifest.installation)
    throw new Refusal(`The files in the backup are another installation's than its manifest says. ${NOTHING}`);
  if (!existsSync(join(draft, "log", "key"))) throw new Refusal(`The key of the log is not in the backup. ${NOTHING}`);
  const logs = logsOf(draft, installation.installation);
  const log = logs.findLast((one) => one.begun)!;
  if (log.key.verifier !== manifest.logKey)
    throw new Refusal(`The key of the log in the backup is another than its manifest says. ${NOTHING}`);
  // The next one, where a rotation waits: nothing was ever signed under it.
  for (const { store, key, begun } of logs)
    if (!begun) {
      mkdirSync(store, { mode: 0o700 });
      writePrivately(join(store, "init"), `${key.verifier}\n`);
    }
  return { installation, log };
}

type Urls = { readonly owner: string; readonly highest: string };

async function withNewDatabase(
  { root, tell }: RestoreOrder,
  draft: string,
  installation: Installation,
  home: { draft: string | null; final: string },
  work: (urls: Urls) => Promise<void>,
): Promise<void> {
  const given = databaseFrom(process.env);
  const real = readReal(draft, installation);
  const elsewhere = given ?? real?.databaseUrl ?? null;
  if (elsewhere !== null) {
    if (real?.configuration.database === "embedded")
      throw new Refusal(`DATABASE_URL is set, and the backup is of an embedded database: take it out. ${NOTHING}`);
    await refuseTaken(root, installation, elsewhere);
    if (real && given !== null) writePrivately(filesOf(draft).databaseUrl, `${given}\n`);
    settleOn(draft, ELSEWHERE);
    return work({ owner: elsewhere, highest: elsewhere }).catch((thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown;
      throw new Refusal(
        `${thrown.message} What was put into the database is of no use: drop it, and make a new one before you run this again.`,
      );
    });
  }
  const inside = homeOf(draft, installation.installation);
  // As root it is no part of the data directory, and may be there.
  const outside = relative(draft, inside).startsWith("..");
  home.final = inside;
  if (outside && existsSync(inside))
    throw new Refusal(
      `There is a database of this installation in ${inside}: move it away if it is not to be used any more. ${NOTHING}`,
    );
  const place = outside ? `${inside}.${randomBytes(6).toString("hex")}.new` : inside;
  if (outside) home.draft = place;
  const embedded: Embedded = await startEmbedded({
    root,
    data: draft,
    installation: installation.installation,
    home: place,
    group: null,
    passwords: { superuser: installation.superuser, migrate: installation.migrate },
    tell,
  });
  try {
    await work({
      owner: embedded.url(MIGRATOR, installation.migrate),
      highest: embedded.url(SUPERUSER, installation.superuser),
    });
  } finally {
    await embedded.stop();
  }
  for (const note of ["socket-directory", "database-directory"]) rmSync(join(draft, note), { force: true });
}

async function refuseTaken(root: string, installation: Installation, url: string): Promise<void> {
  const { out, code, error } = await runOnce({
    arguments: [join(root, "src/server/main.ts"), "look"],
    environment: plainEnvironment(configOf(root, installation, { public: 1, staff: 2, counter: 3, mail: 4 }, "none")),
    given: { PB_DATABASE: url },
    cwd: root,
    input: "{}",
  });
  const look = (code === 0 ? JSON.parse(out) : { fault: reasonIn(error) }) as { fault?: string; taken?: boolean };
  if (look.fault !== undefined) throw new Refusal(`The database cannot be entered (${look.fault}). ${NOTHING}`);
  if (look.taken)
    throw new Refusal(
      `There are tables of Pillarbox in this database already: make a new one, and name it with DATABASE_URL. ${NOTHING}`,
    );
}
