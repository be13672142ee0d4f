/**
 * The watch of one old website, in order: proof of control, a marked letter through each form, then looking as a
 * stranger, round after round.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { demandControl } from "./control.ts";
import { filesLinked, lookAt, stillLists, type Seen } from "./look.ts";
import { needlesOf, plant } from "./plant.ts";
import { NotLooked } from "../asker.ts";
import type { Answer, Visitor } from "./pinned.ts";
import { guessed, named, type Site } from "./site.ts";
import { newState, type Open, type Place, type State } from "./state.ts";

/** A hot round begins so often, milliseconds. */
export const EVERY = 60_000;
const PLANT_AGAIN = 30 * 86_400_000;
const PROVE_AGAIN = 86_400_000;
const MOST_LISTED = 200;

export type Happened =
  | { readonly kind: "proved"; readonly by: "file" | "dns" }
  | { readonly kind: "planted"; readonly form: string; readonly id: string }
  | { readonly kind: "not-planted"; readonly form: string; readonly why: string }
  | {
      readonly kind: "opened" | "closed" | "again";
      readonly place: string;
      readonly form: string | null;
      readonly open: Open;
    }
  | {
      readonly kind: "round";
      readonly hot: number;
      readonly open: number;
      readonly notLooked: readonly string[];
      readonly began: number;
      readonly ended: number;
    };

export type Watch = {
  readonly site: Site;
  readonly visitor: Visitor;
  readonly state?: State;
  /** told of everything, in order; awaited, so that what could not be told stops nothing but is told again */
  readonly tell: (happened: Happened) => void | Promise<void>;
  readonly keep?: (state: State) => void;
  readonly now?: () => number;
  readonly every?: number;
  readonly signal?: AbortSignal;
};

/** Runs until `signal`. @throws `Refusal` without proof of control */
export async function watchSite(watch: Watch): Promise<void> {
  const { site, visitor, tell, now = Date.now, every = EVERY, signal } = watch;
  const state = watch.state ?? newState(site.origin);
  const keep = (): void => watch.keep?.(state);
  const slow = [
    ...new Set([
      ...guessed(site),
      ...(await placesOfRobots(visitor, async () => tell({ kind: "proved", by: await demandControl(site, visitor) }))),
    ]),
  ];
  let [proved, next] = [now(), 0];
  while (!signal?.aborted) {
    const began = now();
    // Who has lost the site must not go on looking at it.
    if (began - proved > PROVE_AGAIN)
      [proved] = [began, await tell({ kind: "proved", by: await demandControl(site, visitor) })];
    await plantWhatIsDue(watch, state, began);
    keep();
    const hot = [...new Set([...named(site), ...Object.keys(state.places).filter((path) => state.places[path]!.hot)])];
    const notLooked: string[] = [];
    for (const path of hot) if (!signal?.aborted && !(await lookOnce(watch, state, path))) notLooked.push(path);
    keep();
    if (signal?.aborted) return;
    await tell({
      kind: "round",
      hot: hot.length,
      open: Object.values(state.places).filter(({ open }) => open).length,
      notLooked,
      began,
      ended: now(),
    });
    // What is left of the time goes to the whole list, one after the other, for ever.
    const rest = slow.filter((path) => !hot.includes(path));
    const due = began + every;
    for (let turn = 0; turn < rest.length && now() < due && !signal?.aborted; turn++, next++)
      await lookOnce(watch, state, rest[next % rest.length]!);
    keep();
    if (now() < due) await sleep(due - now(), undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** Under proof of control robots.txt is a list of places to look. */
async function placesOfRobots(visitor: Visitor, prove: () => Promise<void>): Promise<readonly string[]> {
  await prove();
  const robots = await visitor.ask({ path: "/robots.txt" }).catch(() => null);
  if (robots?.status !== 200) return [];
  return [...robots.body.toString("utf8").matchAll(/^\s*(?:dis)?allow:\s*(\/[!-~]*)\s*$/gim)]
    .map(([, path]) => path!)
    .filter((path) => !/[*$]/.test(path))
    .slice(0, MOST_LISTED);
}

/** A letter that retention has deleted by now would let an open page look closed. */
async function plantWhatIsDue({ site, visitor, tell }: Watch, state: State, now: number): Promise<void> {
  for (const form of site.forms) {
    const planted = (state.planted[form.name] ??= []);
    if (planted.some(({ at }) => now - at < PLANT_AGAIN)) continue;
    try {
      const one = await plant(visitor, form, state.secret, now);
      state.planted[form.name] = [...planted, one].slice(-3);
      await tell({ kind: "planted", form: form.name, id: one.id });
    } catch (thrown) {
      if (!(thrown instanceof NotLooked)) throw thrown;
      await tell({ kind: "not-planted", form: form.name, why: thrown.message });
    }
  }
}

/** @returns false where nothing could be seen: then nothing opens, and above all nothing closes */
async function lookOnce(watch: Watch, state: State, path: string): Promise<boolean> {
  const { site, visitor, tell, now = Date.now } = watch;
  const answer = await visitor.ask({ path }).catch((thrown: unknown) => {
    if (thrown instanceof NotLooked) return null;
    throw thrown;
  });
  if (!answer) return false;
  const forms = new Map(site.forms.map(({ name }) => [name, needlesOf(state.secret, state.planted[name] ?? [])]));
  const place: Place = (state.places[path] ??= { cleanAt: null, hot: false, open: null });
  const seen = lookAt(answer, [...forms.values()].flat(), place.open?.shape.kind ?? null);
  if (answer.status >= 200 && answer.status < 300 && answer.path === path && (seen.marker || seen.shape.count > 1))
    place.hot = true;
  const form =
    [...forms].find(([, needles]) => seen.marker && lookAt(answer, needles).marker)?.[0] ??
    site.forms.find(({ results, exports }) => results.includes(path) || exports.includes(path))?.name ??
    null;
  const code = codeFor(site, path, seen, place.open);
  const at = now();
  if (code === null) {
    const { open } = place;
    [place.open, place.cleanAt] = [null, at];
    if (open) await tell({ kind: "closed", place: path, form, open });
    return true;
  }
  // The marker is one of the entries; where it is not among them, all of them are somebody's.
  const beside = Math.max(0, seen.shape.count - (seen.marker ? 1 : 0));
  const before = place.open;
  const open: Open = {
    since: before?.since ?? at,
    code: before?.code ?? code,
    cleanAt: before?.cleanAt ?? place.cleanAt,
    shape: before?.shape ?? seen.shape,
    beside,
    evidence: evidenceOf(answer, seen, beside),
  };
  place.open = open;
  place.hot = true;
  if (seen.marker)
    for (const linked of filesLinked(answer, site.origin))
      (state.places[linked] ??= { cleanAt: null, hot: false, open: null }).hot = true;
  await tell({ kind: before ? "again" : "opened", place: path, form, open });
  return true;
}

/** What an answer means, or null where it shows nothing. */
function codeFor(site: Site, path: string, seen: Seen, open: Open | null): Open["code"] | null {
  if (seen.marker) return "site-open";
  if (open && stillLists(open.shape, seen.shape)) return open.code;
  return named(site).includes(path) && seen.shape.kind !== "text" && seen.shape.count > 1 ? "site-answers" : null;
}

/** For an engineer; never what stood in the answer. */
function evidenceOf({ status, path, type, body }: Answer, { marker, shape }: Seen, beside: number): readonly string[] {
  return [
    `GET ${path} without signing in: status ${status}, ${type.split(";")[0] || "no type"}, ${body.length} bytes`,
    marker
      ? "our marked letter stands in the answer"
      : "the answer lists entries; our marked letter is not among those shown",
    `${beside} other entries (counted as ${shape.kind === "csv" ? "lines" : shape.kind === "json" ? "members of a list" : `<${shape.kind}>`})`,
  ];
}
