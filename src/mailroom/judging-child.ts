/** Takes one mail apart and judges it: a process that knows nothing, touches nothing and ends with its answer. */
import { judgeReturned } from "../domain/mail/returned.ts";
import { takeApart } from "./apart.ts";

const parts: Buffer[] = [];
for await (const part of process.stdin) parts.push(part as Buffer);
process.stdout.write(JSON.stringify(judgeReturned(await takeApart(Buffer.concat(parts)))));
