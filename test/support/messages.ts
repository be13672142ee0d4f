/** Messages for tests: invented people, a written template, an incident, and waiting for what becomes of them. */
import assert from "node:assert/strict";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import { MESSAGE_PARTS, type MessageTemplate } from "../../src/domain/mail/template.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { openIncident, sendLetters, type Sent } from "../../demo/by-id.ts";
import type { Messages } from "../../src/contract/messages.ts";
import { signal } from "../../supervisor/process-table.ts";
import type { CarrierWorld } from "./carrier.ts";
import { untilThere } from "./in-time.ts";
import { BODY, type StaffedWorld, type Visit } from "./staffed.ts";

/** In the messages, and nowhere else. */
export const MARKER = "heliotrope-wisteria";

export const TEMPLATE: MessageTemplate = {
  subject: "letter",
  opening: `Dear {name},\n\nwe are sorry (${MARKER}).`,
  signature: "Chief officer\nHarrowmere",
  parts: Object.fromEntries(
    MESSAGE_PARTS.map((part) => [part, `About ${part}: {records}.`]),
  ) as MessageTemplate["parts"],
};

export const someone = (email: string | null, over: Partial<AffectedPerson> = {}): AffectedPerson => ({
  person: newId(),
  name: "Ada Secretname",
  email,
  post: null,
  phone: null,
  safe: ["email", "post", "phone"],
  inDanger: false,
  records: ["PB-1"],
  ...over,
});

export const until = async (what: string, is: () => boolean | Promise<boolean>): Promise<void> =>
  void (await untilThere(async () => is(), what));

export type MessageDesk = {
  readonly owner: Visit;
  readonly body: string;
  readonly incident: string;
  readonly send: (people: readonly AffectedPerson[], template?: MessageTemplate) => Promise<Sent>;
  readonly look: () => Promise<Messages>;
  /** Waits until no message moves by itself any more; gives states by person. */
  readonly settled: () => Promise<Map<string, Messages["deliveries"][number]>>;
};

/** An owner with an incident of their own. */
export async function letterDesk(t: StaffedWorld): Promise<MessageDesk> {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const incident = await openIncident(
    owner,
    { kind: "incident.opened", what: "wrong-person", source: "none" },
    { summary: "Two colleagues have nearly the same name, and the wrong one was let in." },
  );
  const look = (): Promise<Messages> => owner.api.messages(BODY, incident);
  return {
    owner,
    body: BODY,
    incident,
    look,
    send: (people, template = TEMPLATE) =>
      sendLetters(owner, BODY, incident, people, { template, neverAsked: "look-first" }),
    settled: async () => {
      let messages = await look();
      await until("messages settle", async () => {
        messages = await look();
        return messages.deliveries.every(({ state }) => state !== "handed-in" && state !== "intended");
      });
      return new Map(messages.deliveries.map((one) => [one.person, one]));
    },
  };
}

/** The delivery that a mail which arrived was for, by its return address. */
export const deliveryIn = (from: string): string => /^r-([0-9a-f]{32})-/.exec(from)?.[1] ?? "";

/** Who is killed in one blow, and after how many messages have arrived. */
export type Kill = readonly [victims: readonly ("mailroom" | "jobs")[], after: number];

/**
 * Hands messages in and kills a process, or two at once, each time that so many have arrived; what has to be handed
 * over again is. Two at once die while a message is at the carrier, which has it and has not yet said so. At the end
 * each message is in a mailbox once and said to be sent, or is uncertain: at most one for each kill of the mailroom.
 */
export async function killedInBetween(
  t: StaffedWorld,
  carrier: CarrierWorld,
  messages: number,
  kills: readonly Kill[],
  tell: (line: string) => void = () => {},
): Promise<{ readonly arrived: number; readonly uncertain: number }> {
  const desk = await letterDesk(t);
  const people = Array.from({ length: messages }, (_, i) => someone(`k${i}@people.example`));
  const before = carrier.arrived.length;
  const arrived = (): number => carrier.arrived.length - before;
  // Said before anything is sent, so that no more arrive than that.
  const ahead = (turn: number): void => {
    const [victims = [], at = 0] = kills[turn] ?? [];
    if (victims.length > 1) carrier.keepFrom(before + at);
  };
  carrier.slow = 20;
  ahead(0);
  await desk.send(people);
  for (const [turn, [victims, at]] of kills.entries()) {
    await until(`${at} have arrived`, () => arrived() >= at && (victims.length < 2 || carrier.kept() > 0));
    const old = victims.map((victim) => t.world.pid(victim));
    for (const pid of old) signal(pid, "SIGKILL");
    carrier.letGo();
    ahead(turn + 1);
    for (const [nth, victim] of victims.entries())
      await until(`another ${victim}`, () => ![0, old[nth]].includes(t.world.pid(victim)));
    // Whoever sent them sees what has to be handed over again, and does it.
    if (victims.includes("mailroom")) {
      await desk.settled();
      const { stored } = await desk.send(people);
      tell(`killed ${victims.join(" and ")} after ${arrived()} messages; ${stored} handed over again`);
    } else tell(`killed ${victims.join(" and ")} after ${arrived()} messages`);
  }
  const states = await desk.settled();
  carrier.slow = 0;
  const each = Map.groupBy(carrier.arrived.slice(before), ({ from }) => deliveryIn(from));
  for (const [delivery, mails] of each) assert.equal(mails.length, 1, `${delivery} arrived twice`);
  assert.equal(states.size, people.length, "nobody is unaccounted for");
  const uncertain = [...states.values()].filter(({ state }) => state === "uncertain").length;
  for (const { state, delivery } of states.values())
    assert.ok(
      state === "uncertain" || (state === "sent" && each.has(delivery)),
      `${state}: what is said to be sent arrived`,
    );
  const [most, least] = [
    kills.filter(([victims]) => victims.includes("mailroom")),
    kills.filter(([victims]) => victims.length > 1),
  ];
  assert.ok(uncertain <= most.length, `${uncertain} uncertain`);
  assert.ok(uncertain >= least.length, "what was at the carrier when both died is uncertain");
  return { arrived: arrived(), uncertain };
}
