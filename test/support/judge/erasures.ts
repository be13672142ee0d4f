/**
 * Every request for erasure has its events; what is marked as erased was erased by one; of nothing else is anything
 * gone.
 */
import { toHex } from "../../../src/domain/bytes.ts";
import { textCommitment } from "../../../src/domain/person/details.ts";
import { entriesOf, groupedBy, type Seen } from "./seen.ts";

export function* erasureFindings(seen: Seen): Generator<string> {
  const asked = groupedBy(entriesOf(seen, "erasure.requested"), (one) => one.entry.erasure);
  const closed = groupedBy(entriesOf(seen, "erasure.refused", "erasure.done"), (one) => one.entry.erasure);
  const rows = new Map(seen.erasures.map((row) => [row.id, row]));
  for (const row of rows.values()) {
    const told = closed.get(row.id) ?? [];
    if (asked.get(row.id)?.length !== 1 || asked.get(row.id)![0]!.entry.submission !== row.submission)
      yield `erasure ${row.id}: not one event asks for it`;
    const due = { open: [], refused: ["erasure.refused"], granted: ["erasure.done"] }[row.state] ?? [];
    if (
      told.map(({ entry }) => entry.kind).join() !== due.join() ||
      told.some((one) => one.row.id !== row.event || one.entry.submission !== row.submission)
    )
      yield `erasure ${row.id} is ${row.state}, and its events say something else`;
    for (const { entry } of told) {
      if (entry.kind !== "erasure.refused" || row.reason_text === null || row.reason_salt === null) continue;
      if (entry.reasonCommitment !== toHex(textCommitment(new Uint8Array(row.reason_salt), row.reason_text)))
        yield `erasure ${row.id}: its reason is not the one that was logged`;
    }
  }
  for (const id of [...asked.keys(), ...closed.keys()])
    if (!rows.has(id)) yield `erasure ${id}: an event without a row`;

  const done = entriesOf(seen, "erasure.done");
  const gone = new Set(done.flatMap(({ entry }) => [entry.submission, ...entry.additions]));
  for (const { id, erased } of seen.submissions)
    if (erased !== gone.has(id))
      yield `submission ${id} is ${erased ? "" : "not "}marked as erased, and an event says the opposite`;
  for (const row of rows.values())
    if (gone.has(row.submission) && row.reason_text !== null)
      yield `erasure ${row.id}: words about a letter that is erased`;
  for (const { release } of seen.items.filter(({ submission }) => gone.has(submission)))
    if (seen.releases.find((row) => row.id === release)?.purpose === "open")
      yield `release ${release} still says which erased letter it was of`;
  for (const [inbox, events] of groupedBy(done, ({ entry }) => entry.inbox)) {
    const cut = seen.releases.filter((row) => row.inbox === inbox && row.ids_salt === null).length;
    if (cut !== events.reduce((sum, { entry }) => sum + entry.releases, 0))
      yield `inbox ${inbox}: ${cut} readings have lost their salt, and its erasures took another number`;
  }
  for (const row of seen.releases)
    if (row.ids_salt === null && !done.some(({ entry }) => entry.inbox === row.inbox))
      yield `release ${row.id} has lost its salt, and nothing was erased in its inbox`;
}
