/**
 * Notices to the public: published and withdrawn by an owner's signed act, shown only where that act holds from the
 * body's root on.
 */
import type { SignedAct } from "../../domain/incident/act.ts";
import { NOTICE_TEXT, NOTICE_TITLE, noticeOf, publishedNotice, type Notice } from "../../domain/incident/notice.ts";
import { decide } from "../../domain/access/decide.ts";
import { Fault } from "../../domain/problem.ts";
import { insertNotice, noticesOf, withdrawNotice, type NoticeRow } from "./store/filings.ts";
import type { Db } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { recordAct } from "../incidents/action.ts";
import { actOf, type Desk } from "./report.ts";
import type { SignedIn } from "../grants/action.ts";

/** Publishes or withdraws. @throws as `recordAct`; `BAD_REQUEST` for a notice without title or text */
export async function noticeAct(
  { pool, chains }: Desk,
  who: SignedIn,
  body: string,
  incident: string,
  act: SignedAct,
): Promise<void> {
  const decision = decide(who, "incident.notice", { body });
  if (!decision.ok) throw new Fault(decision.code);
  const { event, texts } = actOf(act, "incident.notice");
  const said = noticeOf(event);
  if (!said) throw new Fault("INCIDENT_RULE");
  const { title = "", text = "", ...others } = texts;
  const fits =
    title.trim() !== "" &&
    title.length <= NOTICE_TITLE &&
    !title.includes("\n") &&
    text.trim() !== "" &&
    text.length <= NOTICE_TEXT &&
    Object.keys(others).length === 0;
  if (said.state === "published" ? !fits : Object.keys(texts).length > 0) throw new Fault("BAD_REQUEST");
  await recordAct(pool, chains, who, body, incident, act, async (client) => {
    if (said.state === "published") await insertNotice(client, incident, event.seq, said.notice);
    else await withdrawNotice(client, body, incident, said.notice);
  });
}

/**
 * The notices that owners signed, newest first, by body; of one body, or of all. A row that nobody signed is passed over,
 * as is one of a body that this installation does not know.
 */
export async function publicNotices(
  db: Db,
  chains: Chains,
  body?: string,
): Promise<ReadonlyMap<string, readonly Notice[]>> {
  const rows = await noticesOf(db, body);
  // Nearly always there is none.
  if (rows.length === 0) return new Map();
  const all = await chains.loadAll(db);
  const found = new Map<string, Notice[]>();
  for (const row of rows.toReversed()) {
    const persons = all.get(row.body)?.state.persons;
    const notice = persons && publishedNotice(storedNotice(row), row.body, persons);
    if (notice) found.set(row.body, [...(found.get(row.body) ?? []), notice]);
  }
  return found;
}

const storedNotice = ({ entry, signature, person, by_salt, texts, salt }: NoticeRow) => ({
  entry: new Uint8Array(entry),
  signature: new Uint8Array(signature),
  person,
  bySalt: new Uint8Array(by_salt),
  texts,
  salt: new Uint8Array(salt),
});
