/**
 * Letters to 394 people: sealed one by one by the staff pages' own worker in Chromium, and handed on, one message at a
 * time, to a real mail server on this machine.
 */
import { setTimeout as wait } from "node:timers/promises";
import { newId } from "../src/domain/seal/random.ts";
import { readAssets } from "../src/server/http/assets.ts";
import { launchBrowser } from "../test/support/browser.ts";
import { carrierWorld } from "../test/support/carrier.ts";
import { letterDesk, someone, TEMPLATE } from "../test/support/messages.ts";
import { BODY, staffedWorld, type StaffedWorld } from "../test/support/staffed.ts";
import { LIMITS, median, rounded, say, type Measure } from "./figure.ts";

const PEOPLE = 394;
const TURNS = 3;
const PATIENCE = 300_000;

export const measure: Measure = async (_place, print) => {
  const carrier = await carrierWorld();
  const place = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings, limits: LIMITS });
  try {
    const desk = await letterDesk(place);
    const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
      for (const end = performance.now() + PATIENCE; !(await holds()); await wait(20))
        if (performance.now() > end) throw new Error(`${what} did not happen`);
    };
    const mailroom = `/api/bodies/${BODY}/mailroom`;
    await until("the mailroom", () =>
      desk.owner.client.get(mailroom).then(
        () => true,
        () => false,
      ),
    );
    const times = await sealedInTheBrowser(place, (await desk.owner.client.get(mailroom)).value);
    say(`  sealed in ${times.map((ms) => rounded(ms)).join(", ")} ms`);
    print({
      name: `${PEOPLE} letters sealed in the browser`,
      value: rounded(median(times) / 1000, 2),
      unit: "s",
      most: rounded(Math.max(...times) / 1000, 2),
      aim: 5,
      turns: TURNS,
    });

    // All are handed in and held, so that nothing but their way out is measured.
    await desk.send([someone("first@people.example")]);
    await desk.settled();
    const path = `/api/bodies/${BODY}/incidents/${desk.incident}/messages/hold`;
    await desk.owner.client.post(path, { paused: "yes" });
    await desk.send(Array.from({ length: PEOPLE }, (_, nth) => someone(`person.${nth}@people.example`)));
    const before = carrier.arrived.length;
    const began = performance.now();
    await desk.owner.client.post(path, { paused: "no" });
    await until("the last letter", () => carrier.arrived.length - before >= PEOPLE);
    const seconds = (performance.now() - began) / 1000;
    print({
      name: "letters handed to a mail server on this machine",
      value: rounded(PEOPLE / seconds, 1),
      unit: "letters/s",
      letters: PEOPLE,
      seconds: rounded(seconds, 2),
    });
  } finally {
    await place.stop();
    carrier.close();
  }
};

/**
 * Milliseconds for each turn, by the clock of the page. The worker is the one that the staff pages start; what it seals
 * to was verified in it.
 */
async function sealedInTheBrowser({ world: { config } }: StaffedWorld, mailroom: unknown): Promise<number[]> {
  const { start, at, recipient, signature } = mailroom as {
    start: string;
    at: number;
    recipient: string;
    signature: string;
  };
  const letters = Array.from({ length: PEOPLE }, (_, nth) => ({
    person: someone(`person.${nth}@people.example`),
    to: `person.${nth}@people.example`,
    delivery: newId(),
  }));
  const ask = {
    installation: config.installation,
    mailKey: config.mailKey,
    mailroom: { start, at, recipient, signature: [...Buffer.from(signature, "base64")] },
    template: TEMPLATE,
    letters,
  };
  const browser = await launchBrowser();
  try {
    // The page's policy lets its own program start the worker, and nobody else.
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    await page.goto(config.staffOrigin);
    return await page.evaluate(
      async ({ address, given, turns }) => {
        const worker = new Worker(address, { type: "module" });
        const whole = {
          ...given,
          mailroom: { ...given.mailroom, signature: new Uint8Array(given.mailroom.signature) },
        };
        const times: number[] = [];
        for (let turn = 0; turn <= turns; turn++) {
          const began = performance.now();
          const sealed = await new Promise<number>((done, fail) => {
            worker.onerror = () => fail(new Error("the worker did not start"));
            worker.onmessage = ({ data }) =>
              "answer" in data
                ? done(data.answer.length)
                : "code" in data
                  ? fail(new Error(`${data.code} ${data.detail}`))
                  : undefined;
            worker.postMessage({
              turn,
              name: "sealLetters",
              ask: turn === 0 ? { ...whole, letters: whole.letters.slice(0, 1) } : whole,
            });
          });
          // The first one, of one letter, is for the worker to be there.
          if (turn > 0) times.push(performance.now() - began);
          if (turn > 0 && sealed !== whole.letters.length) throw new Error(`${sealed} were sealed`);
        }
        worker.terminate();
        return times;
      },
      { address: readAssets(config.dist).names["staff-worker.js"]!, given: ask, turns: TURNS },
    );
  } finally {
    await browser.close();
  }
}
