/** A certificate says in words what its entry says, and nothing in it can be changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeCertificate, verifyCertificate } from "../../src/domain/log/certificate.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { backupsUntil } from "../../src/domain/log/erasure.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { signerKey } from "../../src/domain/log/note-key.ts";
import { parseProof } from "../../src/domain/log/proof.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { sign, signingKeyOf } from "../../src/domain/person/sign.ts";
import { signedBytes } from "../../src/domain/person/signed.ts";
import { Fault } from "../../src/domain/problem.ts";

const id = "0123456789abcdef0123456789abcdef";
const hash = "ab".repeat(32);
const at = Date.UTC(2026, 10, 25, 18);
const key = signerKey("example.org/log", new Uint8Array(32).fill(1));
const done = {
  kind: "erasure.done",
  body: "city",
  inbox: id,
  erasure: id,
  submission: id,
  by: hash,
  role: "owner",
  reason: "asked-for",
  additions: ["1".repeat(32)],
  parts: 4,
  releases: 1,
  backupsUntil: backupsUntil(at, 35),
} as const;

const secret = new Uint8Array(32).fill(5);
const decided = { key: signingKeyOf(secret), signature: sign(secret, signedBytes(done)) };

/** The certificate of an event at leaf 3 of 6. */
function certify(event: LogEvent, more = "", signature = decided.signature, zone = "Europe/London"): string {
  const entry = encodeEntry({ ...event, at }, new Uint8Array(32).fill(9));
  const read = nodesOf([0, 1, 2, 3, 4, 5].map((i) => leafHash(i === 3 ? entry : Uint8Array.of(i))));
  const own = signerOfLog(key, done.body);
  const checkpoint = signCheckpoint({ origin: own.name, size: 6, root: treeRoot(6, read), extensions: [] }, own);
  return encodeCertificate(
    entry,
    { index: 3, hashes: inclusionProof(3, 6, read), checkpoint: checkpoint + more },
    { ...decided, signature },
    zone,
  );
}
const refused = (text: string): void =>
  assert.throws(
    () => verifyCertificate(text, key.verifier),
    (thrown) => thrown instanceof Fault,
    text.slice(0, 40),
  );

// A certificate says what the entry says, and a witness's signature is left out, because nobody could check it here.
test("a certificate says what the entry says, without a witness's signature", () => {
  const text = certify(done);
  const { entry, index, checkpoint } = verifyCertificate(text, key.verifier);
  assert.deepEqual([entry.submission, index, checkpoint.size], [id, 3, 6]);
  assert.match(
    text,
    /^Certificate of erasure\n\nLetter {4}PB-[^]*Addition {2}PB-[^]*Deleted {3}4 sealed parts, from live storage\nBackups {3}[^\n]*expires on 2026-12-30 \(UTC\)\n/,
  );
  assert.equal(certify(done, `— dpo.example.org/witness ${Buffer.alloc(76, 7).toString("base64")}\n`), text);
  refused(text.replace("\n\nc2sp", "\n\n\nc2sp"));
  refused(`${text}— dpo.example.org/witness ${Buffer.alloc(76, 7).toString("base64")}\n`);
});

// With any one character changed, taken away or added it is refused, and so is another log's and another event's.
test("with any one character changed it is refused, and so is another log's or event's", () => {
  const text = certify(done);
  for (let i = 0; i < text.length; i++) {
    refused(text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1));
    if (i % 16 === 0) refused(text.slice(0, i) + text.slice(i + 1));
  }
  for (const wrong of [`${text}\n`, ` ${text}`, text.slice(0, -1), ""]) refused(wrong);
  assert.throws(() => verifyCertificate(text, signerKey("example.org/log", new Uint8Array(32).fill(2)).verifier), {
    code: "NOTE_INVALID",
  });
  assert.throws(() => certify({ kind: "session.refused", account: hash }), { code: "NOTE_INVALID" });
  // The words of one erasure over the proof of another.
  const changed = { ...done, reason: "not-lawful" };
  const other = certify(changed, "", sign(secret, signedBytes(changed)));
  verifyCertificate(other, key.verifier);
  const proof = (of: string): string => of.slice(of.indexOf("\nc2sp"));
  refused(text.slice(0, text.indexOf("\nc2sp")) + proof(other));
  assert.equal(parseProof(proof(text).slice(1)).index, 3);
});

// The instant is the log's; the place by whose clock it is said stands in the file, and with another clock's time it is
// refused.
test("a certificate says the time by the clock of its body, and the instant in UTC", () => {
  const of = (zone: string): string => certify(done, "", decided.signature, zone);
  const said = (text: string): string => text.slice(text.indexOf("Erased "), text.indexOf("Deleted "));
  const reykjavik = of("Atlantic/Reykjavik");
  verifyCertificate(reykjavik, key.verifier);
  assert.equal(
    said(of("Europe/London")) + said(of("Asia/Kolkata")),
    [
      "Erased    25 November 2026 at 18:00 by the clock in Europe/London, by an owner of the body, for the reason: asked-for",
      "In UTC    2026-11-25T18:00:00.000Z",
      "Erased    25 November 2026 at 23:30 by the clock in Asia/Kolkata, by an owner of the body, for the reason: asked-for",
      "In UTC    2026-11-25T18:00:00.000Z",
      "",
    ].join("\n"),
  );
  refused(of("Asia/Kolkata").replace("Asia/Kolkata", "Atlantic/Reykjavik"));
  refused(reykjavik.replace("Atlantic/Reykjavik", "AtlAntic/Reykjavik"));
  refused(reykjavik.replace("Atlantic/Reykjavik", "Etc/UTC"));
});

// The log says that it was erased, and whoever is said to have decided it did not sign that.
test("without the signature of who decided, or under another key, it is no certificate", () => {
  verifyCertificate(certify(done), key.verifier);
  const stranger = new Uint8Array(32).fill(6);
  for (const signature of [
    sign(stranger, signedBytes(done)),
    new Uint8Array(64),
    sign(secret, signedBytes({ ...done, inbox: "1".repeat(32) })),
  ])
    assert.throws(() => verifyCertificate(certify(done, "", signature), key.verifier), {
      code: "NOTE_INVALID",
      detail: "the signature of who decided does not hold",
    });
  const whole = certify(done);
  refused(whole.replace(/pillarbox\/v1\/act\nkey .*\nsignature .*\n\n/, ""));
  // What the server counted while it erased nobody could sign.
  verifyCertificate(certify({ ...done, parts: 6, releases: 0, backupsUntil: backupsUntil(at, 7) }), key.verifier);
});

test("the last backup expires so many days after the day, whatever the hour", () => {
  assert.equal(new Date(backupsUntil(Date.UTC(2026, 0, 1, 23, 59), 35)).toISOString(), "2026-02-05T00:00:00.000Z");
  assert.equal(backupsUntil(Date.UTC(2026, 0, 1), 35), backupsUntil(Date.UTC(2026, 0, 1, 23), 35));
  assert.equal(backupsUntil(Date.UTC(2026, 0, 1), 0), Date.UTC(2026, 0, 1));
});
