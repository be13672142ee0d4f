/**
 * One person with keys, at work: what every flow is given. The browser's page and a program at a desk each bring their
 * own wire, hands and memory; what is asked, checked and handed over is the same.
 */
import type { Bytes } from "../domain/bytes.ts";
import type { Seen } from "../domain/log/audit.ts";
import type { Whose } from "../domain/log/names.ts";
import type { DeskTasks, Name, Tasks } from "./hands/tasks.ts";
import type { Setup } from "./setup.ts";
import type { Me } from "../contract/session.ts";
import type { Api } from "./wire/api.ts";

/** How far a long task is. */
export type Progress = { readonly done: number; readonly total: number };
export type Tell = (progress: Progress) => void;

/** The way to what holds the private keys: a worker in a browser, an object at a desk. `end` forgets every key at once. */
export type Hands = {
  readonly call: <N extends Name>(name: N, ask: Tasks[N]["ask"], tell?: Tell) => Promise<Tasks[N]["answer"]>;
  readonly end: () => void;
};

/** Hands in this very program: they do more than those of a browser, and nobody else can ask them. */
export type DeskHands = Hands & {
  readonly atDesk: <N extends keyof DeskTasks>(name: N, ask: DeskTasks[N]["ask"]) => Promise<DeskTasks[N]["answer"]>;
};

/** The last checkpoint of the log that was seen here. `since`: when the first one was; milliseconds. */
export type Kept = Seen & { readonly since: number };

/** What is remembered between visits: the checkpoint of each log, and nothing about a person. */
export type Memory = {
  readonly read: (whose: Whose) => Kept | null;
  readonly keep: (whose: Whose, seen: Kept) => void;
  /** Runs one piece of work at a time: nobody may put an older checkpoint in the place of a newer one. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

export type Member = {
  readonly setup: Setup;
  readonly api: Api;
  readonly hands: Hands;
  readonly memory: Memory;
  readonly me: Me;
  /** Documents of incidents that were opened, by id; so that going back to one is not another release. */
  readonly documents: Map<string, Bytes>;
};

/** A member at a desk, for the flows that no screen has yet. */
export type DeskMember = Member & { readonly hands: DeskHands };
