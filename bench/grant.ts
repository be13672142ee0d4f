/**
 * A grant of four people over what was already received: from the owner's click to the server's yes, keys fetched,
 * wrapped, signed and stored. The submissions are one real letter's sealed bytes, copied under new ids by SQL and
 * without events: a grant never looks at them.
 */
import { askFor } from "../src/member/flows/asking.ts";
import { confirm } from "../demo/by-id.ts";
import { BODY, letterTo, YEAR, type StaffedWorld } from "../test/support/staffed.ts";
import { median, rounded, say, type Measure } from "./figure.ts";

const SIZES = [1_000, 20_000] as const;
const GRANTS = 5;

export const measure: Measure = async (place, print) => {
  const form = place.forms.complaint;
  const inbox = await place.inboxOf(form);
  const { submission } = await place.write(form, letterTo("complaint"));
  await grantTime(place, inbox);
  const times: number[] = [];
  for (const size of SIZES) {
    await copiesUntil(place, submission, inbox, size);
    const each: number[] = [];
    for (let i = 0; i < GRANTS; i++) each.push(await grantTime(place, inbox));
    say(`  over ${size}: ${each.map((ms) => rounded(ms)).join(", ")} ms`);
    times.push(median(each));
    print({
      name: `grant of four people over ${size} submissions`,
      value: rounded(median(each), 1),
      unit: "ms",
      grants: GRANTS,
      submissions: "copied by SQL",
    });
  }
  print({
    name: `grant over ${SIZES[1]} by grant over ${SIZES[0]}`,
    value: rounded(times[1]! / times[0]!, 2),
    unit: "times",
  });
};

/** Milliseconds of one confirmation. Signing in and asking come before and do not count. */
async function grantTime(place: StaffedWorld, inbox: string): Promise<number> {
  const people = [0, 1, 2, 3].map((nth) => place.person("case officer", nth).person);
  const operator = await place.visit(place.person("operator at the host"));
  const owner = await place.visit(place.person("owner", 0, BODY));
  const request = await askFor(operator, BODY, {
    inbox,
    persons: people,
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "They handle these cases.",
  });
  const started = performance.now();
  await confirm(owner, BODY, request);
  return performance.now() - started;
}

async function copiesUntil(place: StaffedWorld, submission: string, inbox: string, size: number): Promise<void> {
  const database = await place.attacker();
  try {
    await database.query(
      `WITH missing AS (SELECT $3 - count(*) AS n FROM submission WHERE inbox = $2),
       copies AS (
         INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest)
         SELECT replace(gen_random_uuid()::text, '-', ''), body, inbox, epoch, form, form_hash, received_at, size, path, digest
         FROM submission, generate_series(1, (SELECT n FROM missing)) WHERE id = $1 RETURNING id)
       INSERT INTO sealed (submission, part, bytes) SELECT copies.id, part, bytes FROM copies, sealed WHERE submission = $1`,
      [submission, inbox, size],
    );
    await database.query("ANALYZE submission, sealed");
  } finally {
    await database.end();
  }
}
