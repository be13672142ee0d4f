/**
 * Every submission has both sealed parts and exactly one event, all saying the same, and stands in an inbox that an
 * owner signed.
 */
import { equalBytes, sha256, toHex } from "../../../src/domain/bytes.ts";
import { ADDITION_HASH } from "../../../src/domain/form/addition.ts";
import { Fault } from "../../../src/domain/problem.ts";
import { encodeSubmission, parseSubmission } from "../../../src/domain/seal/envelope.ts";
import type { States } from "./chains.ts";
import { entriesOf, groupedBy, type ReceiptRow, type SealedRow, type Seen, type SubmissionRow } from "./seen.ts";

export function submissionFindings(seen: Seen, states: States): string[] {
  const findings: string[] = [];
  const rows = new Map(seen.submissions.map((row) => [row.id, row]));
  const parts = groupedBy(seen.sealed, (one) => one.submission);
  const events = groupedBy(entriesOf(seen, "submission.received"), (one) => one.entry.submission);
  const receipts = new Map(seen.receipts.map((one) => [one.submission, one]));
  for (const id of receipts.keys()) if (!rows.has(id)) findings.push(`submission ${id}: a receipt without a row`);
  for (const id of parts.keys()) if (!rows.has(id)) findings.push(`submission ${id}: sealed bytes without a row`);
  for (const id of events.keys()) if (!rows.has(id)) findings.push(`submission ${id}: an event without a row`);
  for (const row of rows.values()) {
    const say = (what: string): void => void findings.push(`submission ${row.id}: ${what}`);
    const found = events.get(row.id) ?? [];
    if (found.length !== 1) say(`${found.length} events instead of one`);
    if (row.erased) {
      if (parts.has(row.id)) say("it is erased, and sealed parts of it are there");
      if (!receipts.has(row.id)) say("it has no receipt");
      if (
        !found.every(
          ({ entry }) =>
            entry.inbox === row.inbox &&
            entry.epoch === row.epoch &&
            entry.size === row.size &&
            (entry.first ?? null) === row.first,
        )
      )
        say("row and event say different things");
      continue;
    }
    const [slip, letter] = ["slip", "letter"].map((part) => parts.get(row.id)?.find((one) => one.part === part));
    const receipt = receipts.get(row.id);
    if (!slip || !letter) say("a sealed part is missing");
    else if (!receipt) say("it has no receipt");
    else {
      for (const { row: event, entry } of found) {
        for (const what of mismatches(row, receipt, entry.commitment ?? "", slip, letter)) say(what);
        if (receipt.event !== event.id) say("its receipt names another event");
        const told =
          entry.inbox === row.inbox &&
          entry.epoch === row.epoch &&
          entry.formHash === toHex(row.form_hash) &&
          entry.size === row.size &&
          entry.path === row.path &&
          (entry.first ?? null) === row.first;
        if (!told) say("row and event say different things");
        if (entry.slip !== toHex(sha256(slip.bytes)) || entry.letter !== toHex(sha256(letter.bytes)))
          say("the event names other sealed bytes");
      }
    }
    const form = states.get(row.body)?.at(-1)?.state.forms.get(row.form);
    const known =
      row.first === null
        ? form?.versions.has(toHex(row.form_hash))
        : toHex(row.form_hash) === ADDITION_HASH &&
          receipts.get(row.first)?.hash.equals(receipts.get(row.id)?.hash ?? Buffer.alloc(0));
    if (!form || form.inbox !== row.inbox || !known) say("no owner signed this form, version and inbox");
  }
  return findings;
}

/** What the row says of the bytes must be what the bytes are. */
function mismatches(
  row: SubmissionRow,
  receipt: ReceiptRow,
  commitment: string,
  slip: SealedRow,
  letter: SealedRow,
): string[] {
  const { id: submission, form, inbox, epoch, first } = row;
  const sealed = {
    form,
    formHash: toHex(row.form_hash),
    inbox,
    epoch,
    submission,
    first,
    receipt: toHex(receipt.hash),
    commitment,
    slip: new Uint8Array(slip.bytes),
    letter: new Uint8Array(letter.bytes),
  };
  const wire = encodeSubmission(sealed);
  const findings: string[] = [];
  if (wire.length !== row.size) findings.push("its size is not that of its bytes");
  if (!equalBytes(sha256(wire), row.digest)) findings.push("its digest is not that of its bytes");
  try {
    parseSubmission(wire);
  } catch (thrown) {
    findings.push(`its envelope would be refused (${thrown instanceof Fault ? thrown.code : String(thrown)})`);
  }
  return findings;
}
