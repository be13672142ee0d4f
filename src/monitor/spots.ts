/**
 * Every place that is looked at, by name. A look goes through many; an open finding's place is looked at whole until it
 * shows nothing.
 */
import type { Observation } from "../domain/watch/finding.ts";
import type { Config, ServerName, Route } from "./config.ts";
import { FILES, EACH_ROUND, lookAtFile, mapsOf, placeOfFile } from "./files.ts";
import { lookAtKey, type KnownForm } from "./known.ts";
import type { Needle } from "./needles.ts";
import { lookAtAsset, lookAtPage, placeOfAsset, placeOfPage } from "./pages.ts";
import { filled, lookAtRoute, placeOfRoute } from "./routes.ts";

export type Spot = { readonly place: string; readonly look: (whole: boolean) => Promise<readonly Observation[]> };

export type Scene = {
  readonly config: Config;
  readonly forms: readonly KnownForm[];
  readonly live: ReadonlyMap<string, string>;
  readonly needles: readonly Needle[];
  /** the page that the staff address gives everybody */
  readonly shell: string;
  readonly pause: () => Promise<void>;
};

const SERVERS: readonly ServerName[] = ["public", "staff", "counter"];

const routeSpot = (scene: Scene, route: Route): Spot => ({
  place: placeOfRoute(route),
  look: (whole) => lookAtRoute(scene, route, whole),
});

/** An address of a page of ours is no file that was left behind; it is looked at as the page that it is. */
function fileSpot({ config, needles, shell }: Scene, server: ServerName, path: string): Spot {
  const isPage = config.surface.routes.some(
    (route) => route.open && route.method === "GET" && route.server === server && route.url === path,
  );
  return {
    place: placeOfFile(server, path),
    look: async () => (isPage && server === "public" ? [] : lookAtFile(config, server, path, needles, shell)),
  };
}

const assetSpot = ({ config }: Scene, server: ServerName, path: string): Spot => ({
  place: placeOfAsset(server, path),
  look: () =>
    lookAtAsset(
      config,
      server,
      path,
      config.surface.assets.find((one) => one.server === server && one.path === path)?.hash ?? null,
    ),
});

function pageSpot({ config, forms, needles }: Scene, server: ServerName, path: string): Spot {
  const form = /^\/forms\/([a-z0-9-]+)$/.exec(path)?.[1];
  const known = server === "public" ? forms.find((one) => one.form.id === form) : undefined;
  const body = known?.body ?? /^\/bodies\/([a-z0-9-]+)\//.exec(path)?.[1] ?? null;
  const scripts = server === "staff" ? config.surface.scripts.staff : known?.open ? config.surface.scripts.form : null;
  return {
    place: placeOfPage(server, path),
    look: () =>
      lookAtPage(
        config,
        server,
        path,
        {
          place: placeOfPage(server, path),
          body: body !== null && config.roots.has(body) ? body : null,
          form: known?.form.id ?? null,
        },
        needles,
        scripts,
      ),
  };
}

/** Addresses of an open route, one for each form or body that there is. */
function addresses({ config, forms, live }: Scene, route: Route): string[] {
  const fill = (more: { readonly [part: string]: string }): string =>
    filled(route.url, (part) => more[part] ?? live.get(part) ?? (part === "*" ? "no/such/thing" : "5a".repeat(16)));
  if (route.url.includes(":form")) return forms.map((one) => fill({ form: one.form.id }));
  if (route.url.includes(":body")) return [...config.roots.keys()].map((body) => fill({ body }));
  return [fill({})];
}

/** What a round looks at, and beyond that what the hourly matrix does. */
export function spotsOf(scene: Scene, all: boolean): Map<string, Spot> {
  const { routes, assets } = scene.config.surface;
  const open = routes.filter((route) => route.open && route.method === "GET" && !route.url.startsWith("/assets"));
  // Every address of the staff app gives the same page: a round asks for one.
  const pages = open
    .filter((route) => all || route.server === "public" || ["/", "/health"].includes(route.url))
    .flatMap((route) =>
      addresses(scene, route)
        .filter((path) => !assets.some((one) => one.server === route.server && one.path === path))
        .map((path) => pageSpot(scene, route.server, path)),
    );
  const counter = scene.forms.map((one) => pageSpot(scene, "counter", `/counter/forms/${one.form.id}`));
  const files = SERVERS.flatMap((server) => (all ? FILES : EACH_ROUND).map((path) => fileSpot(scene, server, path)));
  const maps = all ? mapsOf(assets).map(({ server, path }) => fileSpot(scene, server, path)) : [];
  const list = [
    ...routes.filter((route) => !route.open).map((route) => routeSpot(scene, route)),
    ...pages,
    ...counter,
    ...assets.map(({ server, path }) => assetSpot(scene, server, path)),
    ...files,
    ...maps,
  ];
  return new Map(list.map((spot) => [spot.place, spot]));
}

/**
 * The spot of a place that is in no list any more: a route that was taken away, a form that was closed. It is looked at
 * all the same.
 */
export function spotNamed(scene: Scene, place: string): Spot | null {
  const [kind, first = "", ...rest] = place.split(" ");
  const server = SERVERS.find((one) => one === first);
  const path = rest.at(-1) ?? "";
  if (kind === "key" && /^[a-z0-9-]{1,64}$/.test(first))
    return { place, look: async () => (await lookAtKey(scene.config, first)).seen };
  if (server === undefined || !path.startsWith("/")) return null;
  if (kind === "route") return routeSpot(scene, { server, method: rest[0] ?? "GET", url: path, open: false });
  if (kind === "page") return pageSpot(scene, server, path);
  if (kind === "file") return fileSpot(scene, server, path);
  return kind === "asset" ? assetSpot(scene, server, path) : null;
}
