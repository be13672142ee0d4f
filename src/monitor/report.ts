/** Telling the installation: one signed report, by the monitor's own credential. */
import { toBase64 } from "../domain/bytes.ts";
import type { Observation } from "../domain/watch/finding.ts";
import { signReport, type Report } from "../domain/watch/report.ts";
import type { Config } from "./config.ts";
import type { Told } from "./markers.ts";
import { NotLooked } from "./asker.ts";
import { ask } from "./stranger.ts";

export type Open = { readonly key: string } & Pick<Observation, "code" | "place" | "body" | "form">;
export type ReportAnswer = { readonly open: readonly Open[]; readonly markers: readonly Told[] };

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
  const answer = await ask({
    method: "POST",
    origin: config.origins.staff!,
    path: "/api/watch/reports",
    headers: {
      origin: config.origins.staff!,
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Pillarbox-Watch ${config.credential}`,
    },
    body: JSON.stringify({ report: toBase64(report), signature: toBase64(signature) }),
  });
  if (answer.status !== 200) throw new NotLooked(`the report was answered ${answer.status}`);
  return JSON.parse(answer.bytes.toString("utf8")) as ReportAnswer;
}
