/** Whoever wrote, with the words of the receipt: a letter, and what its status page shows of it. */
import { formKey, sealFields, sendSealed } from "../../demo/writing/send.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { toHex } from "../../src/domain/bytes.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { replyKeys } from "../../src/domain/receipt/binding.ts";
import { receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { parseStatus, type Status } from "../../src/domain/receipt/status.ts";
import type { ToldCase } from "../../src/domain/receipt/told.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import type { Report } from "../../src/domain/verify/report.ts";
import { openReplies } from "../../src/form-page/status/replies.ts";
import { untilSigned } from "./signed-log.ts";
import { letterTo, type StaffedWorld } from "./staffed.ts";

const MORE = 100_000;
/** A test that asks a thousand times a minute is no attack on the limits. */
export const MANY = {
  submissionsPerMinute: MORE,
  signInsPerMinute: MORE,
  requestsPerMinute: MORE,
  receiptsPerMinute: MORE,
};

/** A letter and what its words are made from. */
export type Written = { readonly entropy: Uint8Array; readonly submission: string };

/** A letter whose words are known, in the log. */
export async function writtenIn(t: StaffedWorld): Promise<Written> {
  const entropy = randomBytes(16);
  const key = await formKey(t.config, t.forms.complaint);
  const sealed = await sealFields(t.forms.complaint, key, letterTo("complaint"), newId(), entropy);
  await sendSealed(t.config.publicOrigin, sealed);
  await untilSigned(t.world);
  return { entropy, submission: sealed.submission };
}

export async function statusIn(t: StaffedWorld, { entropy }: Written): Promise<Status> {
  const response = await fetch(`${t.config.publicOrigin}/status/find`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ signIn: toHex(receiptSignIn(entropy)) }),
  });
  return parseStatus(new Uint8Array(await response.arrayBuffer()))!;
}

/** As the status page does: statements from the server, roots and log key from the page. */
export async function readIn(t: StaffedWorld, { entropy }: Written, status: Status): Promise<ToldCase> {
  const roots = Object.fromEntries(t.config.roots);
  const { installation, logKey, sealing } = t.config;
  const setup = { installation, roots, logKey, sealing, findUrl: "", addUrl: "", eraseUrl: "" };
  const key = await fetch(`${t.config.publicOrigin}/forms/${status.form}/key`);
  const holder = { setup, entropy, signIn: receiptSignIn(entropy), replying: await replyKeys(entropy, sealing) };
  return openReplies(holder, status, await key.json());
}

/** The whole log against the rows, once everything is signed. */
export async function verifiedIn(t: StaffedWorld): Promise<Report> {
  await untilSigned(t.world);
  return verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
    roots: t.config.roots,
    operators: t.config.operators,
  });
}
