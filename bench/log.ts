/**
 * What the log costs. Rows of letters with their event, durable and as the public process writes them (it announces
 * nothing: the log looks by itself), beside the same rows without one, the log process running: at 1 and 64 writers.
 * How far the checkpoint is behind under that load. And a reading: from "open" to the bytes, over HTTP, which waits for
 * the event to be signed.
 */
import { toHex } from "../src/domain/bytes.ts";
import { encodeEntry } from "../src/domain/log/event.ts";
import { newId, randomBytes } from "../src/domain/seal/random.ts";
import { openPool, type Pool } from "../src/server/database/pool.ts";
import { auditLog } from "../src/member/flows/audit.ts";
import { BODY, letterTo, type StaffedWorld } from "../test/support/staffed.ts";
import { median, percentile, rounded, say, type Measure } from "./figure.ts";

const SPELL = 2000;
const ROUNDS = 5;
const READINGS = 200;

export const measure: Measure = async (place, print) => {
  const letter = await sealedLetter(place);
  for (const writers of [1, 64]) {
    const pool = openPool(place.world.databaseUrl("pb_public"), writers);
    try {
      const [without, with_]: [number[], number[]] = [[], []];
      let lags: number[] = [];
      // Alternately, and the first round is for warming up: what the machine does meanwhile meets both.
      for (let round = 0; round <= ROUNDS; round++) {
        const plain = await write(pool, writers, letter, false);
        const watch = watchLag(place);
        const logged = await write(pool, writers, letter, true);
        const lag = await watch();
        if (round === 0) continue;
        without.push(plain);
        with_.push(logged);
        lags = [...lags, ...lag];
        say(`  ${writers} writers: ${rounded(logged)} a second with events, ${rounded(plain)} without`);
      }
      const ratios = with_.map((rate, i) => rate / without[i]!);
      print({
        name: `append, ${writers} writers`,
        value: rounded(median(with_)),
        unit: "a second",
        floor: rounded(median(without)),
        ratio: rounded(median(ratios), 2),
        each: ratios.map((ratio) => rounded(ratio, 2)),
        rounds: ROUNDS,
      });
      const sorted = lags.toSorted((a, b) => a - b);
      print({
        name: `checkpoint lag, ${writers} writers`,
        value: rounded(percentile(sorted, 0.5)),
        unit: "ms",
        p99: rounded(percentile(sorted, 0.99)),
        samples: sorted.length,
      });
    } finally {
      await pool.end();
    }
  }
  await readings(place, print);
};

type Sealed = {
  readonly body: string;
  readonly inbox: string;
  readonly form: string;
  readonly formHash: Buffer;
  readonly slip: Buffer;
  readonly letter: Buffer;
};

async function sealedLetter(place: StaffedWorld): Promise<Sealed> {
  const { submission } = await place.write(place.forms.contact, letterTo("contact"));
  const database = await place.attacker();
  try {
    const { rows } = await database.query<Sealed>(
      `SELECT body, inbox, form, form_hash AS "formHash", (SELECT bytes FROM sealed WHERE submission = $1 AND part = 'slip') AS slip, (SELECT bytes FROM sealed WHERE submission = $1 AND part = 'letter') AS letter FROM submission WHERE id = $1`,
      [submission],
    );
    return rows[0]!;
  } finally {
    await database.end();
  }
}

const ROWS = `WITH one AS (INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES ($1::text, $2, $3, 1, $4, $5::bytea, now(), 1, 'browser', sha256($5::bytea))),
  parts AS (INSERT INTO sealed (submission, part, bytes) VALUES ($1::text, 'slip', $6), ($1::text, 'letter', $7))`;
const PLAIN = `${ROWS} SELECT 1`;
const LOGGED = `${ROWS}, event AS (INSERT INTO event (at, kind, entry) VALUES ($8, 'submission.received', $9)) SELECT 1`;

/**
 * Commits for a while from as many writers, each one row set at a time; how many a second. Durable: the pool asks for
 * it, and the cluster is the installation's.
 */
async function write(pool: Pool, writers: number, one: Sealed, logged: boolean): Promise<number> {
  let done = 0;
  const started = performance.now();
  const writer = async (): Promise<void> => {
    while (performance.now() - started < SPELL) {
      const id = newId();
      const values: unknown[] = [id, one.body, one.inbox, one.form, one.formHash, one.slip, one.letter];
      if (logged) {
        const at = Date.now();
        values.push(
          at,
          encodeEntry(
            {
              kind: "submission.received",
              inbox: one.inbox,
              epoch: 1,
              formHash: toHex(one.formHash),
              submission: id,
              slip: toHex(randomBytes(32)),
              letter: toHex(randomBytes(32)),
              size: 1,
              path: "browser",
              at,
            },
            randomBytes(32),
          ),
        );
      }
      await pool.query({ name: logged ? "logged" : "plain", text: logged ? LOGGED : PLAIN, values });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return done / ((performance.now() - started) / 1000);
}

/**
 * Looks again and again at how old the oldest event is that no published checkpoint covers. Milliseconds; nothing while
 * there is none.
 */
function watchLag(place: StaffedWorld): () => Promise<number[]> {
  const pool = openPool(place.world.databaseUrl("pb_staff"), 1);
  const lags: number[] = [];
  let over = false;
  const looking = (async (): Promise<void> => {
    while (!over) {
      const { rows } = await pool.query<{ at: number | null }>(
        "SELECT least((SELECT min(at) FROM event WHERE leaf IS NULL), (SELECT min(at) FROM event, head WHERE event.log = head.log AND leaf >= signed_size)) AS at",
      );
      const at = rows[0]?.at ?? null;
      if (at !== null) lags.push(Date.now() - at);
      await new Promise((done) => setTimeout(done, 25));
    }
  })();
  return async () => {
    over = true;
    await looking;
    await pool.end();
    return lags;
  };
}

/** From asking for one letter to its bytes, with the proof that the log holds the reading and only grew; the owner reads, one letter after the other. */
async function readings(place: StaffedWorld, print: Parameters<Measure>[1]): Promise<void> {
  const { submission } = await place.write(place.forms.complaint, letterTo("complaint"));
  const owner = await place.visit(place.person("owner", 0, BODY));
  const inbox = await place.inboxOf(place.forms.complaint);
  const times: number[] = [];
  for (let i = 0; i < READINGS + 10; i++) {
    const started = performance.now();
    const released = await owner.api.release(BODY, { inbox, purpose: "open", submissions: [submission] });
    await auditLog(owner, [released.proof]);
    if (i >= 10) times.push(performance.now() - started);
  }
  const sorted = times.toSorted((a, b) => a - b);
  print({
    name: 'from "open" to the bytes, over HTTP',
    value: rounded(percentile(sorted, 0.5)),
    unit: "ms",
    p99: rounded(percentile(sorted, 0.99)),
    readings: READINGS,
  });
}
