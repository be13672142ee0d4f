/**
 * Judges what came back, in a process that lives for one mail: whoever writes to a return address chooses every byte, and
 * a fault in taking mails apart must not reach the process that has the mailroom's key.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MAIL_CODES } from "../domain/mail/state.ts";
import { RETURNED_KINDS, type Returned } from "../domain/mail/returned.ts";
import { json } from "../contract/route.ts";
import { anyText, oneOf, record } from "../contract/shape.ts";

/** Milliseconds, bytes and megabytes that one mail gets. */
const PATIENCE = 10_000;
const ANSWER_MAX = 1024 * 1024;
const MEMORY = 128;

const CHILD = fileURLToPath(new URL("judging-child.ts", import.meta.url));
/** As judged, and of what a person has to look at what they read first. */
export type Judged =
  | Exclude<Returned, { readonly is: "look" }>
  | (Extract<Returned, { readonly is: "look" }> & {
      readonly from: string;
      readonly subject: string;
      readonly text: string;
    });

const UNREAD: Judged = { is: "look", kind: "unread", from: "", subject: "", text: "" };

const bounce = json(record({ is: oneOf("bounce"), code: oneOf(...MAIL_CODES) }));
const nothing = json(record({ is: oneOf("nothing") }));
const look = json(
  record({ is: oneOf("look"), kind: oneOf(...RETURNED_KINDS), from: anyText, subject: anyText, text: anyText }),
);

let last: Promise<unknown> = Promise.resolve();

/** What a mail is. Never throws: what cannot be taken apart is for a person. One mail at a time. */
export function judge(raw: Uint8Array): Promise<Judged> {
  const judged = last.then(() => ask(raw)).catch(() => UNREAD);
  last = judged;
  return judged;
}

/** Our own walls, without the right to start programs, and without what this process alone was given. */
const words = (): string[] => [
  ...process.execArgv.filter((word) => /^--(?:permission|allow-fs-read=|disable-sigusr1)/.test(word)),
  `--max-old-space-size=${MEMORY}`,
  "--no-warnings",
  CHILD,
];

function ask(raw: Uint8Array): Promise<Judged> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, words(), {
      env: {},
      stdio: ["pipe", "pipe", "ignore"],
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
    const parts: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (part: Buffer) => {
      size += part.length;
      if (size > ANSWER_MAX) child.kill("SIGKILL");
      else parts.push(part);
    });
    child.on("error", fail);
    // Whoever ends before it has read all is judged by its answer.
    child.stdin.on("error", () => {});
    child.stdin.end(raw);
    child.on("close", (code) => {
      if (code !== 0) return fail(new Error("it ended without an answer"));
      try {
        done(readReturned(new Uint8Array(Buffer.concat(parts))));
      } catch (thrown) {
        fail(thrown);
      }
    });
  });
}

/** The child is believed no further than its answer has one of three shapes. */
function readReturned(bytes: Uint8Array): Judged {
  for (const shape of [bounce, nothing, look])
    try {
      return shape.read(bytes) as Judged;
    } catch {
      // another of the three
    }
  return UNREAD;
}
