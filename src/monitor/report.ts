/** Telling the installation: one signed report, by the monitor's own credential. */
import { answerOf, requestOf } from "../contract/route.ts";
import { takeReport, type ReportAnswer } from "../contract/watch.ts";
import { signReport, type Report } from "../domain/watch/report.ts";
import type { Config } from "./config.ts";
import { NotLooked } from "./asker.ts";
import { ask } from "./stranger.ts";

let last = 0;

/** @throws `NotLooked` when it was not taken */
export async function tell(
  config: Config,
  what: Pick<Report, "look" | "seen" | "cleared" | "plants">,
): Promise<ReportAnswer> {
  last = Math.max(Date.now(), last + 1);
  const { report, signature } = signReport(config.secret, {
    installation: config.installation,
    watcher: "monitor",
    at: last,
    ...what,
  });
  const { method, path, body } = requestOf(takeReport, {}, { report, signature });
  const answer = await ask({
    method,
    origin: config.origins.staff!,
    path,
    headers: {
      origin: config.origins.staff!,
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Pillarbox-Watch ${config.credential}`,
    },
    ...(body === null ? {} : { body }),
  });
  if (answer.status !== 200) throw new NotLooked(`the report was answered ${answer.status}`);
  return answerOf(takeReport, answer.status, new Uint8Array(answer.bytes));
}
