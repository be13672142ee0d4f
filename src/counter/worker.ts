/**
 * A worker of the counter: serves until it has been used and rested, then leaves to another. It sees the text of a
 * letter during each of its requests, writes none and logs none; it has no session, no cookie and no database.
 */
import type { FastifyInstance } from "fastify";
import { Fault } from "../domain/problem.ts";
import { createApp } from "./app.ts";
import { parseConfig } from "./config.ts";
import { Forms } from "./forms.ts";
import type { Counted } from "../domain/counting.ts";
import type { Count } from "./limits.ts";
import type { ToDoor, ToWorker } from "./messages.ts";
import { renderer, siteOf } from "./render.ts";
import { stateOf, used, type Use } from "./shift.ts";
import { wireTo } from "./wire.ts";

/** How often a worker looks at its own time, milliseconds. */
const LOOK = 500;

const say = (message: ToDoor): void => void process.send?.(message);

/**
 * Serves as long as a worker may.
 * @throws `CONFIG_INVALID`, and what the port refuses
 */
export async function work(): Promise<void> {
  const waiting = new Map<number, (counted: Counted) => void>();
  const begin = Promise.withResolvers<string>();
  let leave = (): void => process.exit(0);
  process.on("message", (message: ToWorker) => {
    if (message.kind === "begin") begin.resolve(message.credential);
    if (message.kind === "replaced") leave();
    if (message.kind !== "counted") return;
    waiting.get(message.question)?.(message);
    waiting.delete(message.question);
  });
  // Without its door a worker counts nobody, so it serves nobody.
  process.once("disconnect", () => process.exit(0));

  let use: Use = null;
  const onUse = (): void => {
    use = used(use, Date.now());
  };
  const config = parseConfig(process.env["PB_CONFIG"], await begin.promise);
  const wire = wireTo(config);
  const app = await createApp({
    config,
    site: siteOf(config),
    wire,
    forms: new Forms(wire, config, Date.now),
    render: renderer(config.root),
    count: countAtDoor(waiting),
    onUse,
  });
  leave = () => void end(app);
  let asked = false;
  setInterval(() => {
    const state = stateOf(use, Date.now());
    if (state === "ends") process.exit(0);
    if (state === "leaves" && !asked) say({ kind: "leaves" });
    asked ||= state === "leaves";
  }, LOOK).unref();
  await app.listen({ port: config.counterPort, host: config.host });
  say({ kind: "listens" });
}

/** Takes no new connection, answers whoever is being answered, and is gone. */
async function end(app: FastifyInstance): Promise<void> {
  await app.close();
  process.exit(0);
}

/** All workers together count a network's requests, and a new worker does not forget them: the door counts. */
function countAtDoor(waiting: Map<number, (counted: Counted) => void>): Count {
  let last = 0;
  return (route, network, window) =>
    new Promise((resolve, reject) => {
      const question = ++last;
      waiting.set(question, resolve);
      process.send?.({ kind: "count", question, route, network, window } satisfies ToDoor, undefined, {}, (fault) => {
        if (fault) reject(new Fault("UNAVAILABLE", "the counter's door did not answer"));
      });
    });
}
