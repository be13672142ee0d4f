/**
 * What `pillarbox watch` needs to report into this installation: written at each start, readable by its owner alone, to
 * be carried to where the watch runs.
 */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { writePrivately } from "./files.ts";

const watchFileOf = (data: string): string => join(data, "watch-site.json");

/**
 * @returns the credential, which is always the same for one key, so that a copy of the file goes on working after the
 * next start
 */
export function writeWatchFile(
  data: string,
  { installation, staffOrigin }: Pick<Config, "installation" | "staffOrigin">,
  key: string,
): string {
  const credential = createHmac("sha256", Buffer.from(key, "hex"))
    .update("pillarbox/v1/watch-credential")
    .digest("hex");
  writePrivately(watchFileOf(data), `${JSON.stringify({ installation, staffOrigin, key, credential }, null, 2)}\n`);
  return credential;
}
