/** The walk: one letter goes all the way, through every wall, over HTTP, with real keys. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askFor } from "../../src/member/flows/asking.ts";
import { confirm, end, list, open, untilAsked } from "../../demo/by-id.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { inboxKeys } from "../support/by-hand.ts";
import { sendByCounter } from "../../demo/writing/counter.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { openLetter } from "../../src/domain/seal/open.ts";
import { historyOf } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
before(async () => {
  t = await staffedWorld({ also: ["counter"] });
});
after(() => t?.stop());

test("a letter is read by those counted on the form's page and nobody else, and it is logged", async () => {
  const form = t.forms.complaint;
  const sent = await t.write(form, letterTo("complaint", "heronsong"));
  const inbox = await t.inboxOf(form);
  const officers = [0, 1, 2, 3].map((nth) => t.person("case officer", nth));

  for (const officer of officers)
    await assert.rejects(list(await t.visit(officer), BODY, inbox), is("REFUSED_NO_GRANT"));
  const count = async (): Promise<string> =>
    /(\d+) named people/.exec(await (await fetch(`${t.config.publicOrigin}/forms/${form.id}`)).text())?.[1] ?? "none";
  assert.equal(await count(), "2");

  const grant = await t.grant(form, officers);
  assert.equal(await count(), "6");
  for (const officer of officers) {
    const visit = await t.visit(officer);
    const slips = await list(visit, BODY, inbox);
    assert.deepEqual(
      slips.map((slip) => slip.submission),
      [sent.submission],
    );
    const letter = await open(visit, BODY, inbox, sent.submission);
    assert.match(JSON.stringify(letter.rows), /heronsong/);
    assert.equal(letter.reference, sent.reference);
  }

  const others = ["colleague without a grant", "auditor", "operator at the host"].map((part) => t.person(part));
  for (const other of [...others, t.person("owner", 0, "eastvale")]) {
    const visit = await t.visit(other);
    await assert.rejects(list(visit, BODY, inbox), is("REFUSED_NO_GRANT", "REFUSED_ROLE", "REFUSED_BODY"), other.part);
    await assert.rejects(
      open(visit, BODY, inbox, sent.submission),
      is("REFUSED_NO_GRANT", "REFUSED_ROLE", "REFUSED_BODY"),
      other.part,
    );
  }
  for (const path of [
    `/api/bodies/${BODY}/inboxes`,
    `/api/bodies/${BODY}/log`,
    `/api/bodies/${BODY}/people`,
    "/api/releases/00000000000000000000000000000000",
  ]) {
    assert.equal((await fetch(t.config.staffOrigin + path)).status, 401);
  }

  const auditor = await t.visit(t.person("auditor"));
  const history = await historyOf(t.world, auditor, BODY);
  const seen = (kind: string): (string | undefined)[] =>
    history.items.filter((item) => item.kind === kind).map((item) => item.who?.name);
  // The first of each let the data protection officer read what the public says about problems with data.
  assert.deepEqual(seen("grant.requested"), Array(2).fill(t.person("operator at the host").name));
  assert.deepEqual(seen("grant.made"), Array(2).fill(t.person("owner", 0, BODY).name));
  assert.deepEqual(seen("letter.released").sort(), officers.map((one) => one.name).sort());
  assert.deepEqual(seen("letter.opened").sort(), officers.map((one) => one.name).sort());
  assert.match(history.checkpoint.checkpoint ?? "", /— /);

  // End one officer's grant, write again: the leaver's complete set of keys opens nothing newer.
  const leaver = officers[0]!;
  const leaving = await t.visit(leaver);
  const kept = await inboxKeys(leaving, await stateOf(leaving, BODY), inbox);
  const owner = await t.visit(t.person("owner", 0, BODY));
  await end(owner, BODY, { grant, person: leaver.person, reason: "left" });
  assert.equal(await count(), "5");
  await assert.rejects(list(leaving, BODY, inbox), is("NOT_SIGNED_IN"), "the session ended with the grant");
  const left = await t.visit(leaver);
  await assert.rejects(list(left, BODY, inbox), is("REFUSED_GRANT_ENDED"));

  const later = await t.write(form, letterTo("complaint", "kingfisher"));
  const staying = await t.visit(officers[1]!);
  assert.match(JSON.stringify((await open(staying, BODY, inbox, later.submission)).rows), /kingfisher/);
  await assert.rejects(open(left, BODY, inbox, later.submission), is("REFUSED_GRANT_ENDED"));

  const database = await t.attacker();
  try {
    const { rows } = await database.query<{ bytes: Buffer; epoch: number; form_hash: Buffer }>(
      "SELECT b.bytes, s.epoch, s.form_hash FROM sealed b JOIN submission s ON s.id = b.submission WHERE s.id = $1 AND part = 'letter'",
      [later.submission],
    );
    const row = rows[0]!;
    assert.equal(row.epoch, 2);
    const context = {
      form: form.id,
      formHash: row.form_hash.toString("hex"),
      inbox,
      epoch: row.epoch,
      submission: later.submission,
      first: null,
    };
    for (const key of kept)
      await assert.rejects(openLetter(key.identity, new Uint8Array(row.bytes), context), is("OPEN_FAILED"));
    await assert.rejects(openLetter(leaving.keys!.identity, new Uint8Array(row.bytes), context), is("OPEN_FAILED"));
    const wraps = await database.query<{ bytes: Buffer }>("SELECT bytes FROM wrap WHERE inbox = $1 AND epoch = 2", [
      inbox,
    ]);
    assert.equal(wraps.rows.length, 5);
    const state = await stateOf(owner, BODY);
    for (const wrap of wraps.rows)
      await assert.rejects(
        openWrap(state, leaving.keys!, inbox, 2, new Uint8Array(wrap.bytes)),
        is("WRAP_MISMATCH", "OPEN_FAILED"),
      );
  } finally {
    await database.end();
  }
});

test("without script the counter seals, and the letter says by which path it came", async () => {
  const form = t.forms.contact;
  const inbox = await t.inboxOf(form);
  const page = await sendByCounter(t.config.counterOrigin, form.id, letterTo("contact", "nightjar"));
  assert.equal(page.status, 200);
  const reference = /PB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(page.html)?.[0];
  const visit = await t.visit(t.person("deputy owner", 0, BODY));
  const [slip] = await list(visit, BODY, inbox);
  assert.equal(slip?.reference, reference);
  assert.equal(slip?.path, "counter");
  assert.match(JSON.stringify((await open(visit, BODY, inbox, slip!.submission)).rows), /nightjar/);
});

// Who asks cannot confirm, who will read cannot confirm, nobody is skipped, and an empty list is refused.
test("no asker and no reader confirms, nobody is skipped, and an empty list is refused", async () => {
  const form = t.forms.contact;
  const inbox = await t.inboxOf(form);
  const [owner, deputy, operator] = await Promise.all([
    t.visit(t.person("owner", 0, BODY)),
    t.visit(t.person("deputy owner", 0, BODY)),
    t.visit(t.person("operator at the host")),
  ]);
  const asking = {
    inbox,
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "Cases.",
  } as const;
  const colleague = t.person("colleague without a grant").person;
  await assert.rejects(askFor(operator, BODY, { ...asking, persons: [] }), is("REFUSED_EMPTY"));
  await assert.rejects(
    askFor(operator, BODY, { ...asking, persons: [colleague, "0".repeat(32)] }),
    is("PERSON_UNCONFIRMED"),
  );
  await assert.rejects(
    askFor(owner, BODY, { ...asking, persons: [t.person("owner", 0, BODY).person] }),
    is("REFUSED_SAME_PERSON"),
  );
  await assert.rejects(
    askFor(await t.visit(t.person("owner", 0, "eastvale")), BODY, { ...asking, persons: [colleague] }),
    is("REFUSED_BODY"),
  );
  const byOwner = await askFor(owner, BODY, { ...asking, persons: [colleague] });
  await untilAsked(deputy, BODY, byOwner);
  await assert.rejects(confirm(owner, BODY, byOwner), is("CHAIN_BROKEN", "REFUSED_SAME_PERSON"));
  const forDeputy = await askFor(operator, BODY, { ...asking, persons: [t.person("deputy owner", 0, BODY).person] });
  await untilAsked(deputy, BODY, forDeputy);
  await assert.rejects(confirm(deputy, BODY, forDeputy), is("CHAIN_BROKEN", "REFUSED_SAME_PERSON"));
  await confirm(deputy, BODY, byOwner);
  await assert.rejects(confirm(deputy, BODY, byOwner), is("CHAIN_BROKEN", "REFUSED_STATE"));
  const reader = await t.visit(t.person("case officer"));
  const asked = await askFor(reader, BODY, { ...asking, persons: [t.person("case officer", 1).person] });
  await untilAsked(deputy, BODY, asked);
  await assert.rejects(
    confirm(reader, BODY, asked),
    is("CHAIN_BROKEN", "REFUSED_ROLE", "OPEN_FAILED", "REFUSED_EPOCH"),
  );
});

test("a grant from now on opens what comes and nothing that came", async () => {
  const form = t.forms.contact;
  const inbox = await t.inboxOf(form);
  const earlier = await t.write(form, letterTo("contact", "earlier"));
  await t.grant(form, [t.person("case officer", 3)], "from-now");
  const later = await t.write(form, letterTo("contact", "later"));
  const visit = await t.visit(t.person("case officer", 3));
  assert.deepEqual(
    (await list(visit, BODY, inbox)).map((slip) => slip.submission),
    [later.submission],
  );
  assert.match(JSON.stringify((await open(visit, BODY, inbox, later.submission)).rows), /later/);
  await assert.rejects(open(visit, BODY, inbox, earlier.submission), is("REFUSED_EPOCH"));
});
