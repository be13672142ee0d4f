/**
 * Every release has its event and every event its release; both name the same submissions and the same person; and each
 * submission in it could be read by that person when it was logged.
 */
import { idsRoot, personCommitment } from "../../../src/domain/log/commit.ts";
import { mayRead } from "../../../src/domain/grant/readers.ts";
import type { States } from "./chains.ts";
import { entriesOf, groupedBy, type EventRow, type ReleaseRow, type Seen } from "./seen.ts";

export function releaseFindings(seen: Seen, states: States): string[] {
  const findings: string[] = [];
  const events = new Map(seen.events.map((row) => [row.id, row]));
  const items = groupedBy(seen.items, (item) => item.release);
  const submissions = new Map(seen.submissions.map((row) => [row.id, row]));
  const releases = new Map(seen.releases.map((row) => [row.id, row]));
  for (const release of releases.values()) {
    const say = (what: string): void => void findings.push(`release ${release.id}: ${what}`);
    const ids = (items.get(release.id) ?? []).map((item) => item.submission);
    const event = events.get(release.event);
    if (!event || !tells(event, release, ids)) {
      say("its event is not there, or says something else");
      continue;
    }
    if (!seen.secrets.some((secret) => secret.event === event.id && secret.person === release.person))
      say("nobody can tell whom its event means");
    const state = states.get(release.body)?.findLast((moment) => moment.event < event.id)?.state;
    for (const id of ids) {
      const row = submissions.get(id);
      if (!row || row.inbox !== release.inbox) say(`submission ${id} is not of its inbox`);
      else if (!state || !mayRead(state, release.person, release.inbox, row.epoch, event.at).ok)
        say(`submission ${id} left for somebody who could not read it then`);
    }
  }
  findings.push(...readingFindings(seen));
  for (const { row, entry } of entriesOf(seen, "slips.released", "letter.released"))
    if (releases.get(entry.release ?? "")?.event !== row.id)
      findings.push(`event ${row.id} tells of a release that is not there`);
  for (const { row, entry } of entriesOf(seen, "letter.opened")) {
    const release = releases.get(entry.release);
    if (
      release?.part !== "letter" ||
      !seen.secrets.some((secret) => secret.event === row.id && secret.person === release.person)
    )
      findings.push(`event ${row.id} tells of a letter that was opened and not released to that person`);
  }
  return [...findings, ...commitmentFindings(seen)];
}

/** What submitters are told of a release is what the log says of it. */
function* readingFindings(seen: Seen): Generator<string> {
  const readings = new Map(seen.readings.map((row) => [row.release, row]));
  const opened = new Map(
    entriesOf(seen, "letter.opened")
      .toReversed()
      .map(({ entry }) => [entry.release, entry.at]),
  );
  for (const { entry } of entriesOf(seen, "slips.released", "letter.released")) {
    const row = readings.get(entry.release);
    readings.delete(entry.release);
    const told =
      row &&
      row.at === entry.at &&
      row.body === entry.body &&
      row.role === entry.role &&
      row.count === entry.count &&
      row.part === (entry.kind === "slips.released" ? "slip" : "letter") &&
      row.opened_at === (opened.get(entry.release) ?? null);
    if (!told) yield `release ${entry.release}: its submitters are not told what the log says`;
  }
  for (const id of readings.keys()) yield `release ${id}: submitters are told of it, and no event speaks of it`;
}

function tells({ entry }: EventRow, release: ReleaseRow, ids: readonly string[]): boolean {
  // Its letter was erased: what is left names nothing, and how many there are of these is what the erasures say.
  if (release.ids_salt === null)
    return entry?.kind === "letter.released" && entry.release === release.id && ids.length === 0;
  if (entry?.kind !== "slips.released" && entry?.kind !== "letter.released") return false;
  const part = entry.kind === "slips.released" ? "slip" : "letter";
  return (
    entry.release === release.id &&
    entry.body === release.body &&
    entry.inbox === release.inbox &&
    entry.purpose === release.purpose &&
    release.part === part &&
    entry.count === ids.length &&
    entry.ids === idsRoot(new Uint8Array(release.ids_salt), ids)
  );
}

/** Who is committed to in an event is who stands beside it, and there is somebody beside each. */
function* commitmentFindings(seen: Seen): Generator<string> {
  const secrets = groupedBy(seen.secrets, (secret) => String(secret.event));
  for (const { id, entry } of seen.events) {
    const committed = entry && [
      ...("reader" in entry ? [entry.reader] : []),
      ...("by" in entry ? [entry.by] : []),
      ...(entry.kind === "session.started" ? [entry.person] : []),
    ];
    const known = (secrets.get(String(id)) ?? []).map((secret) =>
      personCommitment(new Uint8Array(secret.salt), secret.person),
    );
    if ((committed ?? []).toSorted().join() !== known.toSorted().join())
      yield `event ${id}: the people beside it are not those it commits to`;
  }
}
