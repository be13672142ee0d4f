/**
 * What the monitor is given to look at: the routes that the servers really have, who may use them, and the files that
 * were built.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decide } from "../domain/access/decide.ts";
import { CHECK_PAGE } from "../domain/receipt/page.ts";
import type { Config } from "./config.ts";
import { readAssets } from "./http/assets.ts";
import { publicApp, servesPublicly } from "./public/app.ts";
import { servesToStaff, staffApp } from "./staff.ts";
import { openPool } from "./database/pool.ts";

/** @returns the value of `PB_SURFACE` (`src/monitor/config.ts`) */
export async function surfaceOf(config: Config): Promise<object> {
  // The apps are made and never asked: the pool opens no connection.
  const pool = openPool("postgres://nobody@localhost/nowhere", 1);
  const apps = { public: await publicApp(config, pool, ""), staff: await staffApp(config, pool) };
  const routes = (["public", "staff"] as const).flatMap((server) =>
    apps[server].routeRows.map(({ method, url, action }) => ({
      server,
      method,
      url,
      open: decide({ kind: "stranger" }, action).ok,
    })),
  );
  await Promise.all([apps.public.close(), apps.staff.close(), pool.end()]);
  const { names } = readAssets(config.dist);
  const assets = readdirSync(join(config.dist, "assets"))
    .filter((name) => /\.(?:js|css)$/.test(name))
    .flatMap((name) => {
      const hash = createHash("sha256")
        .update(readFileSync(join(config.dist, "assets", name)))
        .digest("hex");
      return (
        [
          ["public", servesPublicly],
          ["staff", servesToStaff],
        ] as const
      ).flatMap(([server, serves]) => (serves(name) ? [{ server, path: `/assets/${name}`, hash }] : []));
    });
  // A page to be kept, with its program inside it: what counts is that it is the one that was built.
  const kept = {
    server: "public" as const,
    path: CHECK_PAGE,
    hash: createHash("sha256")
      .update(readFileSync(join(config.dist, "check-receipt.html")))
      .digest("hex"),
  };
  return {
    routes,
    assets: [...assets, kept],
    scripts: { form: [names["form-page.guard.js"], names["form-page.js"]], staff: [names["staff-app.js"]] },
  };
}
