/**
 * Files that are left behind by mistake: the ordinary places, and what would stand in each (from thirty real exposures;
 * T21, T22, T23).
 */
import type { Observation } from "../domain/watch/finding.ts";
import type { Config, ServerName } from "./config.ts";
import { contentIn, observe, told, type Of } from "./judge-answer.ts";
import type { Needle } from "./needles.ts";
import { merged } from "./routes.ts";
import { NotLooked } from "./asker.ts";
import { ask, header } from "./stranger.ts";

/** Looked for in every round; the rest in the matrix. */
export const EACH_ROUND = [
  "/.git/config",
  "/.env",
  "/dump.sql",
  "/backup.sql",
  "/export.csv",
  "/results",
  "/metrics",
  "/uploads/",
  "/sitemap.xml",
  "/feed",
] as const;

export const FILES: readonly string[] = [
  ...EACH_ROUND,
  "/.git/HEAD",
  "/.git/index",
  "/.svn/entries",
  "/.hg/requires",
  "/.DS_Store",
  "/.htpasswd",
  "/.htaccess",
  "/.npmrc",
  "/.ssh/id_rsa",
  "/.env.local",
  "/.env.production",
  "/.well-known/security.txt.bak",
  "/data/",
  "/data/installation.json",
  "/installation.json",
  "/data/log/key",
  "/log/key",
  "/demonstration.json",
  "/logs/",
  "/logs/public.log",
  "/logs/staff.log",
  "/server.log",
  "/access.log",
  "/error.log",
  "/backup.zip",
  "/backup.tar.gz",
  "/backup/",
  "/backups/",
  "/site.zip",
  "/db.sql",
  "/database.sql",
  "/pillarbox.sql",
  "/dump.sql.gz",
  "/database.dump",
  "/submissions.csv",
  "/export.xlsx",
  "/export.json",
  "/submissions",
  "/submissions.json",
  "/forms.json",
  "/package.json",
  "/package-lock.json",
  "/tsconfig.json",
  "/src/",
  "/src/server/main.ts",
  "/sql/000001.sql",
  "/node_modules/",
  "/dist/",
  "/dist/inputs.json",
  "/dist/manifest.json",
  "/assets/",
  "/assets/inputs.json",
  "/manifest.json",
  "/build-stamp",
  "/server-status",
  "/status",
  "/debug",
  "/phpinfo.php",
  "/admin",
  "/admin/",
  "/wp-content/debug.log",
  "/wp-admin/",
  "/actuator",
  "/actuator/env",
  "/graphql",
  "/swagger.json",
  "/openapi.json",
  "/api",
  "/api/",
  "/api-docs",
  "/trace",
  "/healthz",
  "/debug/pprof/",
  "/rss",
  "/feed.xml",
  "/atom.xml",
  "/robots.txt",
  "/search",
  "/view-results",
  "/responses",
  "/previous",
  "/index.html.bak",
  "/config.json",
  "/.vscode/settings.json",
  "/docker-compose.yml",
  "/Dockerfile",
];

export const placeOfFile = (server: ServerName, path: string): string => `file ${server} ${path}`;

/**
 * One place. Nothing at all stands there on our pages, except where `answers` says that an empty page of the app does.
 */
export async function lookAtFile(
  config: Config,
  server: ServerName,
  path: string,
  needles: readonly Needle[],
  shell: string,
): Promise<Observation[]> {
  const origin = config.origins[server];
  if (!origin) throw new NotLooked(`no address of ${server}`);
  const of: Of = { place: placeOfFile(server, path), body: null, form: null };
  const seen: Observation[] = [];
  for (const accept of ["*/*", "text/html"]) {
    const answer = await ask({ method: "GET", origin, path, headers: { accept } });
    if (answer.status >= 500) throw new NotLooked(told(answer));
    seen.push(...contentIn(of, answer, needles));
    const empty =
      answer.status >= 400 ||
      (/text\/html/.test(header(answer, "content-type")) && answer.bytes.toString("utf8") === shell);
    if (!empty) seen.push(observe(of, "file-exposed", told(answer)));
  }
  return merged(seen);
}

/** Beside each built program: the text that it was made from. */
export const mapsOf = (
  assets: readonly { readonly server: ServerName; readonly path: string }[],
): { readonly server: ServerName; readonly path: string }[] =>
  assets.map(({ server, path }) => ({ server, path: `${path}.map` }));
