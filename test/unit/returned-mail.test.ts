/** What comes back to a return address: a bounce, nothing, or something for a person to look at; never guessed. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { judgeReturned, RETURNED_KINDS, type Returned } from "../../src/domain/mail/returned.ts";
import { MAIL_CODES } from "../../src/domain/mail/state.ts";
import { takeApart } from "../../src/mailroom/apart.ts";
import { judge } from "../../src/mailroom/judging.ts";
import fc, { values } from "../support/drawn.ts";

const said = (returned: Returned): string =>
  returned.is === "bounce" ? `bounce ${returned.code}` : returned.is === "look" ? `look ${returned.kind}` : "nothing";
const judged = async (raw: string | Uint8Array): Promise<string> =>
  said(judgeReturned(await takeApart(typeof raw === "string" ? new TextEncoder().encode(raw) : raw)));

const CASES: { readonly [file: string]: string } = {
  "01-oof-auto-replied.eml": "nothing",
  "02-oof-x-autoreply-only.eml": "nothing",
  "03-oof-precedence-auto-reply.eml": "nothing",
  "05-oof-vacation-keyword.eml": "nothing",
  "09-delayed.eml": "nothing",
  "10-delayed-as-text-only.eml": "nothing",
  "11-exim-failure-text-only.eml": "bounce MAILBOX_UNKNOWN",
  "12-exchange-ndr-base64-html.eml": "bounce MAILBOX_UNKNOWN",
  "14-domain-gone-5.4.310.eml": "bounce DOMAIN_UNKNOWN",
  "15-too-big-5.3.4.eml": "bounce TOO_LARGE",
  "16-relayed-beyond-dsn.eml": "nothing",
  "17-qmail.eml": "bounce MAILBOX_UNKNOWN",
  "18-text-part-names-delay-first.eml": "bounce GAVE_UP",
  "19-global-dsn-base64-delayed.eml": "nothing",
  "20-policy-5.7.1.eml": "bounce POLICY",
  "21-person-named-like-a-server.eml": "look answer",
  "22-answer-that-quotes-a-bounce.eml": "look answer",
  "23-forwarded-report.eml": "look answer",
  "24-answer-with-suppress-list.eml": "look answer",
  "25-german-failed.eml": "bounce MAILBOX_UNKNOWN",
  "26-french-failed.eml": "bounce MAILBOX_FULL",
  "27-spanish-late.eml": "nothing",
  "28-welsh-failed.eml": "bounce MAILBOX_UNKNOWN",
  "29-unknown-language-permanent.eml": "bounce MAILBOX_UNKNOWN",
  "30-unknown-language-temporary.eml": "look report",
  "31-german-late.eml": "nothing",
  "32-complaint.eml": "look complaint",
};
const cases = new URL("../cases/mail/", import.meta.url);

test("each small mail is what it is", async () => {
  assert.deepEqual(readdirSync(cases).sort(), Object.keys(CASES).sort());
  for (const [name, right] of Object.entries(CASES))
    assert.equal(await judged(readFileSync(new URL(name, cases))), right, name);
});

const report = (
  fields: readonly string[],
  more: { readonly type?: string; readonly encoding?: string; readonly head?: readonly string[] } = {},
) =>
  [
    ...(more.head ?? [
      "From: post@far.example",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ]),
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "Action: delayed. Status: 4.4.1",
    "--b",
    `Content-Type: ${more.type ?? "message/delivery-status"}`,
    ...(more.encoding ? [`Content-Transfer-Encoding: ${more.encoding}`] : []),
    "",
    ...fields,
    "--b",
    "Content-Type: message/rfc822",
    "",
    "Subject: A letter for you",
    "Action: delivered",
    "",
    "Action: delivered",
    "--b--",
    "",
  ].join("\r\n");

test("of a report its own part decides, with its fields, groups, comments and transfer encoding", async () => {
  for (const [fields, right] of [
    [["Action: failed", "Status: 5.1.1"], "bounce MAILBOX_UNKNOWN"],
    [["ACTION : Failed", "status: 5.2.2 (mailbox full)"], "bounce MAILBOX_FULL"],
    [["Action: failed (after 5 days)", "Status: 4.4.7"], "bounce GAVE_UP"],
    [["Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 5.1.1 no such user"], "bounce MAILBOX_UNKNOWN"],
    [["Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp;", "  552 too big"], "bounce TOO_LARGE"],
    [["Action: failed"], "bounce OTHER"],
    [["Status: 5.1.1"], "bounce MAILBOX_UNKNOWN"],
    [["Status: 4.4.1"], "nothing"],
    [["Action: delayed", "Status: 5.1.1"], "nothing"],
    [["Action: expanded", "Status: 2.0.0"], "nothing"],
    // What says nothing, or two things, is for a person.
    [["Action: failed", "Status: 2.0.0"], "look report"],
    [["Action: vanished", "Status: 5.1.1"], "look report"],
    [["Final-Recipient: rfc822; ada@mail.example"], "look report"],
    [["Nothing of this is a field"], "look report"],
    [["Action: failed", "Status: 5.1.1", "", "Action: delivered", "Status: 2.0.0"], "look report"],
    [["Action: failed", "Status: 5.1.1", "", "Action: failed", "Status: 5.1.1"], "bounce MAILBOX_UNKNOWN"],
  ] as const)
    assert.equal(await judged(report(["Reporting-MTA: dns; far.example", "", ...fields])), right, fields.join(" | "));
  const failed = Buffer.from("Action: failed\r\nStatus: 5.1.1\r\n").toString("base64");
  assert.equal(await judged(report([failed], { encoding: "base64" })), "bounce MAILBOX_UNKNOWN");
  assert.equal(
    await judged(report(["Action: fail=\r\ned", "Status: =35.1.1"], { encoding: "quoted-printable" })),
    "bounce MAILBOX_UNKNOWN",
  );
  const type = "message/global-delivery-status";
  assert.equal(await judged(report(["Action: failed", "Status: 5.1.1"], { type })), "bounce MAILBOX_UNKNOWN");
  // A report without its part, and a report that stands in a mail that a person passes on.
  assert.equal(await judged(report(["Action: failed"], { type: "text/plain" })), "look report");
  const head = ["From: Ada <ada@mail.example>", 'Content-Type: multipart/mixed; boundary="b"'];
  assert.equal(await judged(report(["Action: failed", "Status: 5.1.1"], { head })), "look answer");
});

// Whoever returns a letter returns it whole; and a letter may hold anything.
test("what stands in a mail that a mail holds is not the report", async () => {
  const held = report(["Action: failed", "Status: 5.1.1"]).replaceAll('"b"', '"c"').replaceAll("--b", "--c");
  const head = ["From: post@far.example", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'];
  const raw = [...head, "", "--b", "", "It failed.", "--b", "Content-Type: message/rfc822", "", held, "--b--", ""];
  assert.equal(await judged(raw.join("\r\n")), "look report");
});

const mail = (head: readonly string[], text: string): string =>
  ["From: Ada <ada@mail.example>", ...head, "", text, ""].join("\r\n");

test("an automatic reply by any of its marks is no bounce, and a mark that says no is none", async () => {
  for (const mark of [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (vacation)",
    "AUTO-SUBMITTED: Auto-Notified",
    "X-Autoreply: yes",
    "X-Auto-Reply: 1",
    "X-Autorespond: Away",
    "X-Autogenerated: Reply",
    "X-Auto-Response-Suppress: All",
    "Precedence: auto_reply",
    "Precedence: auto-reply",
    "Delivered-To: Autoresponder",
    "X-FC-MachineGenerated: true",
    "X-POST-MessageClass: 9; Autoresponder",
  ])
    assert.equal(await judged(mail([mark, "Subject: Away"], "I am away. Status: 5.1.1")), "nothing", mark);
  for (const mark of ["Auto-Submitted: no", "X-Autoreply: no", "Precedence: bulk", "Precedence: list"])
    assert.equal(await judged(mail([mark, "Subject: Re: A letter"], "Who are you?")), "look answer", mark);
});

test("an answer, a receipt, a complaint, a challenge and what nobody knows are for a person", async () => {
  const part = (type: string, kind: string): string =>
    report(["Disposition: manual-action/MDN-sent-manually; displayed", "Feedback-Type: abuse"], {
      type,
      head: [
        "From: ada@mail.example",
        `Content-Type: multipart/report; report-type=${kind}; boundary=b`,
        "Auto-Submitted: auto-replied",
      ],
    });
  assert.equal(await judged(part("message/disposition-notification", "disposition-notification")), "look receipt");
  assert.equal(await judged(part("message/feedback-report", "feedback-report")), "look complaint");
  for (const [head, text, right] of [
    [["Subject: Re: A letter for you"], "He reads my mail. Please do not write here again.", "look answer"],
    [["Subject: Undeliverable?"], "Action: failed\r\nStatus: 5.1.1", "look answer"],
    [["Subject: failure notice"], "This is the qmail-send program. 5.1.1", "look answer"],
    [[], "", "look answer"],
    [
      ["Subject: Please confirm your message", "Auto-Submitted: auto-replied"],
      "Please confirm that you are a human: https://spam.example/x",
      "look challenge",
    ],
    [["Subject: Your email is being held"], "Reply to this. Your message is being held.", "look challenge"],
  ] as const)
    assert.equal(await judged(mail(head, text)), right, `${head} ${text}`);
  // A mail server that says both, or neither.
  const daemon = (text: string): string =>
    `From: MAILER-DAEMON@mx.example\r\nSubject: About your mail\r\n\r\n${text}\r\n`;
  assert.equal(await judged(daemon("It could not be delivered. Delivery attempts will continue.")), "look report");
  assert.equal(await judged(daemon("Hello.")), "look report");
  assert.equal(await judged(daemon("It could not be delivered: 552 5.2.2 full")), "bounce MAILBOX_FULL");
});

test("a mail is judged in a process of its own, and what breaks that is for a person", async () => {
  assert.equal(
    said(await judge(readFileSync(new URL("11-exim-failure-text-only.eml", cases)))),
    "bounce MAILBOX_UNKNOWN",
  );
  assert.equal(said(await judge(readFileSync(new URL("01-oof-auto-replied.eml", cases)))), "nothing");
  const answer = await judge(Buffer.from("Subject: =?utf-8?B?UmU6IMO8?=\r\nFrom: a@b.example\r\n\r\nWho?\r\n"));
  assert.ok(answer.is === "look" && answer.subject === "Re: \u00fc" && answer.text.trim() === "Who?");
  const deep = Array.from(
    { length: 400 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  );
  assert.equal(said(await judge(Buffer.from(deep.join("")))), "look unread");
});

test("whatever bytes come, a mail is one of the three, and only a report or a server bounces", async () => {
  const line = fc.constantFrom(
    ...[
      "Action: failed",
      "Status: 5.1.1",
      "",
      "--b",
      "Content-Type: message/delivery-status",
      "550 5.1.1",
      "=",
      "\u0000",
    ],
    "Content-Type: multipart/report; boundary=b",
    "Content-Transfer-Encoding: base64",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (lines) => {
      const returned = judgeReturned(await takeApart(new TextEncoder().encode(lines.join("\r\n"))));
      if (returned.is === "bounce") {
        assert.ok(MAIL_CODES.includes(returned.code));
        assert.match(lines.join("\n"), /multipart\/report[^]*delivery-status[^]*(?:failed|Status: 5)/);
      } else assert.ok(returned.is === "nothing" || RETURNED_KINDS.includes(returned.kind));
    }),
    { numRuns: values(1_000) },
  );
});
