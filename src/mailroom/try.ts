/**
 * One mail to one address, by the way that the mailroom goes: `pillarbox init` looks whether the carrier takes it; without
 * an address only whether the carrier answers. Writes the outcome as JSON. What it needs comes in PB_SMTP_URL,
 * PB_MAIL_FROM and PB_TO.
 */
import { carrierTo, tryCarrier } from "./carrier.ts";
import { carrierOf } from "./config.ts";

const TEXT = [
  "A test of Pillarbox",
  "This mail was sent by `pillarbox init`, which asks for an address to which alarms can go. Nothing has to be done.",
] as const;

async function main(): Promise<void> {
  const { PB_SMTP_URL: url = "", PB_MAIL_FROM: from = "", PB_TO: to = "" } = process.env;
  if (to === "") return void process.stdout.write(JSON.stringify(await tryCarrier(carrierOf(url))));
  const carrier = carrierTo(carrierOf(url));
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${TEXT[0]}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "Auto-Submitted: auto-generated",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    TEXT[1],
    "",
  ];
  const outcome = await carrier.send({ from, to }, Buffer.from(lines.join("\r\n")));
  carrier.close();
  process.stdout.write(JSON.stringify(outcome));
}

main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : "no reason was given"}\n`);
    process.exit(1);
  },
);
