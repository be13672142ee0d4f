/**
 * Restoring, from the operator's side: the newest log must be the newest, and what was done and what is lost is said in
 * words.
 */
import { join } from "node:path";
import { equalBytes } from "../../domain/bytes.ts";
import type { EventKind } from "../../domain/log/event-kinds.ts";
import { HOST, keyOfLog, type Whose } from "../../domain/log/names.ts";
import { parseVerifierKey, type VerifierKey } from "../../domain/log/note-key.ts";
import { Fault } from "../../domain/problem.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import type { Config } from "../config.ts";
import { openPool } from "../database/pool.ts";
import { restoreTo, sizesOfLogs, type Restored } from "./store/restore.ts";
import { checkpointStores, type CheckpointStores } from "./checkpoint-store.ts";
import { readKeptLog, type KeptLog } from "./kept-log.ts";

/**
 * Brings the database at `url` to the logs in `directory`: the host's in it, each body's in the folder of its name.
 * `log` counts the logs of the installation from 0.
 * @returns what to tell
 * @throws `RESTORE_REFUSED`, and then nothing was changed
 */
export async function restoreLog(
  config: Config,
  url: string,
  store: string,
  directory: string,
  log = 0,
): Promise<readonly string[]> {
  const key = parseVerifierKey(config.logKey);
  const pool = openPool(url, 1);
  try {
    const stores = checkpointStores(store, key);
    const sizes = await sizesOfLogs(pool, log);
    const kept = new Map<Whose, KeptLog>();
    const signed = new Set([HOST, ...(await stores.bodies())]);
    for (const whose of new Set([...signed, ...sizes.keys()])) {
      // Of a body that is there and had no log yet, there is nothing to bring back.
      if (!signed.has(whose) && sizes.get(whose) === 0) continue;
      kept.set(whose, await newestOf(directory, whose, key, stores, log, sizes.get(whose) ?? 0));
    }
    return wordsOf(await restoreTo(pool, kept, log, Date.now()));
  } finally {
    await pool.end();
  }
}

/** One log from the files, if it is the one that was signed last. @throws `RESTORE_REFUSED` */
async function newestOf(
  directory: string,
  whose: Whose,
  key: VerifierKey,
  stores: CheckpointStores,
  log: number,
  from: number,
): Promise<KeptLog> {
  const of = whose === HOST ? "" : `of ${whose}: `;
  const refuse = (why: string): never => {
    throw new Fault("RESTORE_REFUSED", `${of}${why}`);
  };
  const place = join(directory, ...(whose === HOST ? [] : [whose]), ...(log === 0 ? [] : [String(log)]));
  const kept = await readKeptLog(place, keyOfLog(key, whose), from).catch((thrown: unknown) =>
    thrown instanceof Fault && thrown.code === "RESTORE_REFUSED"
      ? refuse(thrown.detail)
      : Promise.reject(thrown as Error),
  );
  const signed = (await stores.of(whose).highest())?.checkpoint;
  const { size, root } = kept.checkpoint;
  if (!signed) return refuse("the checkpoint store is empty, so nobody can say which log is the newest");
  if (size < signed.size)
    refuse(
      `the files end with ${size} entries, and ${signed.size} were signed: an erasure among the last ${signed.size - size} would not be applied; find newer files`,
    );
  if (size > signed.size || !equalBytes(root, signed.root))
    refuse(
      `the checkpoint store ends with another tree (size ${signed.size}) than the files (size ${size}): it was put back itself, or belongs to another log`,
    );
  return kept;
}

/**
 * What the loss of rows means, by kind of event: each new kind is thought of here. Null: only the number of all these is
 * said.
 */
const LOST: { readonly [K in EventKind]: string | null } = {
  "submission.received": "letters and additions were received and are lost",
  "grant.requested": "requests for access are lost",
  "grant.made": "grants are lost: whoever was let in by them cannot read, and must be let in again",
  "grant.ended": "grants were ended, and the statements that end them are lost",
  "invitation.withdrawn": "invitations were withdrawn and must be withdrawn again",
  "person.refused": "people who waited were turned away and must be turned away again",
  "person.ended": "people were let out, and the statements that say so are lost",
  "person.confirmed": "people were confirmed and must be confirmed again",
  "unlocker.added": "passkeys or passphrases were added and are lost: their people use what they had before",
  "inbox.rekeyed": "new keys of forms are lost",
  "form.published": "publications of forms are lost: look at each form",
  "slips.released": "lists were released; the log alone knows of them now",
  "letter.released": "letters were released; the log alone knows of them now",
  "case.replied": "replies to letters are lost: their writers read them no more, so write them again",
  "case.assigned": "letters were given to somebody: give them anew",
  "case.noted": "notes on letters are lost: write them again",
  "case.closed": "letters were closed, and are open again: close them anew",
  "case.reopened": "letters were opened again, and are closed: open them anew",
  "totp.on": "people turned a code on, and their words alone sign them in again: each turns it on anew",
  "totp.off": "people turned their code off, and are asked for it again",
  "totp.recovered": "recovery codes were used, and are good again: their people turn the code off and on",
  "erasure.requested": null,
  "log.started": null,
  "log.rotated": null,
  "log.continued": null,
  "log.set-aside": null,
  "request.declined": null,
  "request.withdrawn": null,
  "letters.released": null,
  "document.released": null,
  "letter.opened": null,
  "release.refused": null,
  "reply.fetched": null,
  "database.restored": null,
  "erasure.refused": null,
  "erasure.done": null,
  "incident.opened": null,
  "incident.aware": null,
  "incident.window": null,
  "incident.moved": null,
  "incident.assessed": null,
  "incident.sealed": null,
  "incident.decided": null,
  "incident.reported": null,
  "incident.followed": null,
  "incident.notice": null,
  "incident.packed": null,
  "mailroom.started": null,
  "messages.handed-in": null,
  "messages.paused": null,
  "messages.resumed": null,
  "messages.posted": null,
  "delivery.ended": null,
  "delivery.decided": null,
  "document.returned": null,
  "call.made": null,
  "unlocker.removed": null,
  "session.started": null,
  "session.refused": null,
  "finding.opened": null,
  "finding.closed": null,
  "marker.planted": null,
  "watch.proved": null,
};

/** What was done, and what is lost. */
export function wordsOf({ logs, erased, lost, ended, unlockers, locked, letters }: Restored): string[] {
  const others = [...lost].filter(([kind]) => LOST[kind] === null).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...logs.map(
      ({ whose, from, to }) =>
        `The database was at entry ${from} of the log${whose === HOST ? "" : ` of ${whose}`}, and the newest is ${to}.`,
    ),
    erased === 0
      ? "Nothing in it had been erased since."
      : `${erased} letters in it had been erased since, and were erased again.`,
    ...(unlockers.removed > 0
      ? [`${unlockers.removed} passkeys or passphrases had been removed since, and were removed again.`]
      : []),
    ...(unlockers.only > 0
      ? [
          `${unlockers.only} passkeys or passphrases had been removed since, and work again, because their people have no other here: call these people, let each add another and remove the old one, before anything else.`,
        ]
      : []),
    ...(logs.every(({ from, to }) => from === to) ? [] : ["What happened since, and what became of it:"]),
    ...[...lost].filter(([kind]) => LOST[kind] !== null).map(([kind, count]) => `  ${count} ${LOST[kind]}`),
    ...(others > 0 ? [`  ${others} other events, of which the log has the entry and nobody has the rows`] : []),
    ...[...locked]
      .filter(([, { waited }]) => waited > 0)
      .map(
        ([whose, { waited }]) =>
          `Of ${whose}, ${waited} people whom the log calls let out wait to be confirmed here: they are locked for good, and nobody confirms them.`,
      ),
    ...[...locked]
      .filter(([, { people }]) => people > 0)
      .map(
        ([whose, { people, owners }]) =>
          `Of ${whose}, ${people} people whom the log calls let out were in again: they are locked, have no passkey or passphrase any more, and cannot sign in. ${
            owners === 0
              ? "No owner of it is left who can sign in: find a newer backup."
              : `The older statements still count them in, so one of the ${owners} owners who are left must let each out again on People, before anything else.`
          }`,
      ),
    ...[...letters].map(
      ([whose, ids]) =>
        `For the owners of ${whose}, the references of what is lost: ${ids.map(referenceOf).join(", ")}.`,
    ),
    "Everybody is signed out.",
    ended === 0
      ? "The log goes on, and says that the database was put back. Start Pillarbox, and verify the log with --database."
      : `The log does not go on: ${ended} grants were ended since, and whoever was let out by them could read again. Letters are received and nothing can be read until a newer backup is found.`,
  ];
}
