/** Takes one mail apart and judges it: a process that knows nothing, touches nothing and ends with its answer. */
import { decodeWords } from "postal-mime";
import { judgeReturned } from "../domain/mail/returned.ts";
import { takeApart } from "./apart.ts";

/** Of what a person reads first, in characters. */
const LINE_MAX = 500;

const parts: Buffer[] = [];
for await (const part of process.stdin) parts.push(part as Buffer);
const mail = await takeApart(Buffer.concat(parts));
const headerOf = (name: string): string =>
  decodeWords(mail.headers.find(({ key }) => key === name)?.value ?? "")
    .slice(0, LINE_MAX)
    .toWellFormed();
const returned = judgeReturned(mail);
process.stdout.write(
  JSON.stringify(
    returned.is === "look"
      ? { ...returned, from: headerOf("from"), subject: headerOf("subject"), text: mail.text.toWellFormed() }
      : returned,
  ),
);
