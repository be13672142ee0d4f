/** The monitor's looks in order: what a stranger knows, its own letters, every place, and what is told of it. */
import { setTimeout as wait } from "node:timers/promises";
import { keyOf, type Look, type Observation } from "../domain/watch/finding.ts";
import { MOST_SEEN } from "../domain/watch/report.ts";
import type { Config } from "./config.ts";
import { formsListed, liveIds, lookAtKey, type KnownForm } from "./known.ts";
import { Markers } from "./markers.ts";
import { prove, PROOF } from "./prove.ts";
import type { ReportAnswer } from "../contract/watch.ts";
import { tell } from "./report.ts";
import { spotNamed, spotsOf, type Scene, type Spot } from "./spots.ts";
import { NotLooked } from "./asker.ts";
import { ask } from "./stranger.ts";

export type Looked = { readonly seen: readonly Observation[]; readonly notLooked: readonly string[] };
type Cleared = { readonly cleared: readonly string[] };

export class Watch {
  readonly #config: Config;
  readonly #markers: Markers;
  #open: ReportAnswer["open"] | null = null;
  #forms: readonly string[] = [];
  #telling: Promise<unknown> = Promise.resolve();

  constructor(config: Config) {
    this.#config = config;
    this.#markers = new Markers(config);
  }

  /** A round: everything once, and what is open whole. */
  async round(): Promise<Looked> {
    const began = Date.now();
    await this.#askFirst();
    const scene = await this.#scene(0);
    await this.#plant(scene.known);
    const looked = await this.#through(
      spotsOf(scene, false),
      { ...scene, needles: this.#markers.needles },
      () => false,
    );
    const result = {
      seen: [...scene.seen, ...looked.seen].slice(0, MOST_SEEN),
      notLooked: [...scene.notLooked, ...looked.notLooked],
    };
    await this.#tell("round", began, result, { cleared: [...scene.cleared, ...looked.cleared] });
    return result;
  }

  /**
   * Everything by every method and spelling, a few addresses a second. What is seen is told at once, not at the end.
   */
  async matrix(): Promise<Looked> {
    const began = Date.now();
    await this.#askFirst();
    const scene = await this.#scene(this.#config.pace.apart);
    const seen: Observation[] = [...scene.seen];
    const notLooked: string[] = [...scene.notLooked];
    const rounds = spotsOf(scene, false);
    for (const spot of spotsOf(scene, true).values()) {
      await scene.pause();
      const looked = await this.#through(
        new Map([[spot.place, spot]]),
        { ...scene, needles: this.#markers.needles },
        () => true,
        true,
      );
      if (looked.seen.length > 0) await this.#tellApart(began, spot, rounds.has(spot.place), looked);
      seen.push(...looked.seen);
      notLooked.push(...looked.notLooked);
    }
    await this.#tell("matrix", began, { seen: [], notLooked }, { cleared: [] });
    return { seen, notLooked };
  }

  /**
   * What a round would have seen as well has been there since the last round at the earliest, not since the last
   * matrix.
   */
  async #tellApart(began: number, spot: Spot, inRounds: boolean, { seen }: Looked): Promise<void> {
    const plain = inRounds ? ((await spot.look(false).catch(caught)) ?? []) : [];
    const keys = new Set(plain.map((one) => keyOf("monitor", one)));
    for (const [kind, those] of [
      ["round", seen.filter((one) => keys.has(keyOf("monitor", one)))],
      ["matrix", seen.filter((one) => !keys.has(keyOf("monitor", one)))],
    ] as const) {
      if (those.length > 0)
        await this.#tell(kind, began, { seen: those, notLooked: ["more to come"] }, { cleared: [] });
    }
  }

  /** Whether it would find anything at all. */
  async proof(): Promise<boolean> {
    const began = Date.now();
    await this.#askFirst();
    const seen = await prove(this.#config);
    const key = keyOf("monitor", { code: "detector-broken", place: PROOF, body: null });
    await this.#tell("proof", began, { seen, notLooked: [] }, { cleared: seen.length === 0 ? [key] : [] });
    return seen.length === 0;
  }

  /** The place of each body's statements as a stranger sees it; changes when anybody's access does. */
  async access(): Promise<string> {
    const heads = await Promise.all(
      this.#forms.map(async (form) => (await lookAtKey(this.#config, form)).known?.state.head.seq ?? -1),
    );
    return heads.join(" ");
  }

  async #askFirst(): Promise<void> {
    if (this.#open === null) this.#take(await this.#say({ look: null, seen: [], cleared: [], plants: [] }));
  }

  async #scene(apart: number): Promise<Scene & Looked & Cleared & { readonly known: readonly KnownForm[] }> {
    const listed = await formsListed(this.#config);
    // A form that has gone from the list is looked at all the same.
    this.#forms = [...new Set([...this.#forms, ...listed])];
    const known: KnownForm[] = [];
    const seen: Observation[] = [];
    const notLooked: string[] = [];
    for (const form of this.#forms) {
      const look = await lookAtKey(this.#config, form).catch(caught);
      if (look === null) notLooked.push(`key ${form}`);
      else seen.push(...look.seen);
      if (look?.known) known.push(look.known);
    }
    const shell = await ask({
      method: "GET",
      origin: this.#config.origins.staff!,
      path: "/",
      headers: { accept: "text/html" },
    });
    const places = new Set(this.#forms.map((form) => `key ${form}`).filter((place) => !notLooked.includes(place)));
    const open = known.filter((one) => one.open);
    return {
      config: this.#config,
      forms: known,
      known: open,
      live: liveIds(known, this.#markers.submissions),
      needles: this.#markers.needles,
      shell: shell.bytes.toString("utf8"),
      pause: () => wait(apart),
      seen,
      notLooked,
      cleared: this.#over((place) => places.has(place), seen),
    };
  }

  async #plant(forms: readonly KnownForm[]): Promise<void> {
    const plants = await this.#markers.due(forms, Date.now());
    if (plants.length > 0) this.#take(await this.#say({ look: null, seen: [], cleared: [], plants }));
    await this.#markers.send();
  }

  async #through(
    spots: Map<string, Spot>,
    scene: Scene,
    whole: (place: string) => boolean,
    only = false,
  ): Promise<Looked & Cleared> {
    const open = new Set((this.#open ?? []).map((one) => one.place));
    if (!only)
      for (const place of open)
        if (!spots.has(place)) {
          const spot = spotNamed(scene, place);
          if (spot) spots.set(place, spot);
        }
    const seen: Observation[] = [];
    const notLooked: string[] = [];
    const judged = new Set<string>();
    for (const spot of spots.values()) {
      const isWhole = whole(spot.place) || open.has(spot.place);
      const found = await spot.look(isWhole).catch(caught);
      if (found === null) {
        notLooked.push(spot.place);
        continue;
      }
      seen.push(...found);
      if (isWhole) judged.add(spot.place);
    }
    return { seen, notLooked, cleared: this.#over((place) => judged.has(place), seen) };
  }

  /** Keys of open findings at places that were looked at whole and showed nothing of the kind. */
  #over(looked: (place: string) => boolean, seen: readonly Observation[]): string[] {
    const still = new Set(seen.map((one) => keyOf("monitor", one)));
    return (this.#open ?? []).filter((one) => looked(one.place) && !still.has(one.key)).map((one) => one.key);
  }

  async #tell(kind: Look, began: number, { seen, notLooked }: Looked, { cleared }: Cleared): Promise<void> {
    this.#take(
      await this.#say({
        look: { kind, began, ended: Date.now(), complete: notLooked.length === 0 },
        seen,
        cleared,
        plants: [],
      }),
    );
  }

  #say(what: Parameters<typeof tell>[1]): Promise<ReportAnswer> {
    // One after the other: a later report must not overtake an earlier one.
    const said = this.#telling.then(() => tell(this.#config, what));
    this.#telling = said.catch(() => {});
    return said;
  }

  #take({ open, markers }: ReportAnswer): void {
    this.#open = open;
    this.#markers.update(markers);
  }
}

/** What could not be looked at is no look; anything else is a fault of ours. */
function caught(thrown: unknown): null {
  if (thrown instanceof NotLooked) return null;
  throw thrown;
}
