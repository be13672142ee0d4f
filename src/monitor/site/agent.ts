/** How the watch says who it is, to the website and in its access log. */
import { createHash } from "node:crypto";
import type { Site } from "./site.ts";

/** A visit is known by its token in the access log: nobody else has it (`pillarbox affected --own-token`). */
export const visitToken = (token: string): string =>
  createHash("sha256").update(`pillarbox/v1/visit ${token}`).digest("hex").slice(0, 16);
export const agentOf = ({ contact, token }: Site): string =>
  `Pillarbox-watch/1 (+mailto:${contact}; visit ${visitToken(token)})`;
