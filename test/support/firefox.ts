/**
 * A real Firefox, driven over WebDriver BiDi, which Mozilla builds into it (https://w3c.github.io/webdriver-bidi/). Only
 * what the journeys need, over Node's own WebSocket; why no library: decision 0051.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BrowsingContext, Commands, Script } from "webdriver-bidi-protocol";
import { inTime, untilThere } from "./in-time.ts";

/** Debian's, and the one of others. */
const NAMES = ["firefox-esr", "firefox"];
/** As other drivers write keys. */
export const ENTER = "\uE007";

/** The path of a Firefox, or null: then its journeys are left out. */
export function findFirefox(): string | null {
  const named = process.env["PILLARBOX_FIREFOX"];
  for (const name of named ? [named] : NAMES)
    if (spawnSync(name, ["--version"], { encoding: "utf8", timeout: 60_000 }).status === 0) return name;
  return null;
}

/** Nothing of the browser's own is asked for, and nothing of a person's is read. */
const PREFERENCES: { readonly [name: string]: string | number | boolean } = {
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

type Result<N extends keyof Commands> = Commands[N]["returnType"];
type Waiting = { readonly resolve: (result: never) => void; readonly reject: (why: Error) => void };

export type Firefox = { readonly page: Tab; readonly close: () => Promise<void> };

/** @param script whether pages may run any */
export async function launchFirefox(path: string, { script }: { readonly script: boolean }): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), "pillarbox-firefox-"));
  const preferences = { ...PREFERENCES, "javascript.enabled": script };
  writeFileSync(
    join(profile, "user.js"),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`)
      .join("\n"),
  );
  const browser = spawn(path, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"], HOME: profile, TZ: "UTC" },
  });
  try {
    const socket = new WebSocket(`${await addressOf(browser)}/session`);
    await inTime(new Promise((done) => socket.addEventListener("open", done, { once: true })), "Firefox to answer");
    const send = commandsOf(socket);
    await send("session.new", { capabilities: {} });
    const { contexts } = await send("browsingContext.getTree", {});
    const { context } = contexts[0]!;
    // So high that every page is in view: nothing has to be scrolled before it is pressed, with no script at all.
    await send("browsingContext.setViewport", { context, viewport: { width: 1280, height: 9_000 } });
    return {
      page: new Tab(send, context),
      close: () => end(browser, profile, socket),
    };
  } catch (thrown) {
    await end(browser, profile, null);
    throw thrown;
  }
}

/** It writes where it listens, once. */
const addressOf = (browser: ChildProcess): Promise<string> =>
  inTime(
    new Promise<string>((found, failed) => {
      browser.once("exit", (code) => failed(new Error(`Firefox has ended with ${code}`)));
      createInterface(browser.stderr!).on("line", (line) => {
        const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line)?.[1];
        if (address) found(address);
      });
    }),
    "Firefox to listen",
  );

async function end(browser: ChildProcess, profile: string, socket: WebSocket | null): Promise<void> {
  socket?.close();
  if (browser.exitCode === null) {
    const gone = new Promise((done) => browser.once("exit", done));
    browser.kill("SIGKILL");
    await gone;
  }
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

type Send = <N extends keyof Commands>(method: N, params: Commands[N]["params"]) => Promise<Result<N>>;

function commandsOf(socket: WebSocket): Send {
  const waiting = new Map<number, Waiting>();
  let turns = 0;
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as { id?: number; result?: never; error?: string; message?: string };
    const one = waiting.get(answer.id ?? -1);
    if (!one) return;
    waiting.delete(answer.id!);
    if (answer.error) one.reject(new Error(`${answer.error}: ${answer.message}`));
    else one.resolve(answer.result!);
  });
  return (method, params) =>
    inTime(
      new Promise((resolve, reject) => {
        waiting.set(++turns, { resolve: resolve as Waiting["resolve"], reject });
        socket.send(JSON.stringify({ id: turns, method, params }));
      }),
      `Firefox to do ${method}`,
    );
}

/** By what somebody sees or hears; css only for what has no words. */
export type Place = string | { readonly role: string; readonly name?: string };

const locatorOf = (place: Place): BrowsingContext.Locator =>
  typeof place === "string" ? { type: "css", value: place } : { type: "accessibility", value: place };

export class Tab {
  readonly #send: Send;
  readonly #context: string;
  constructor(send: Send, context: string) {
    this.#send = send;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async url(): Promise<string> {
    return (await this.#send("browsingContext.getTree", { root: this.#context })).contexts[0]!.url;
  }

  async all(place: Place): Promise<readonly Script.NodeRemoteValue[]> {
    // A page that is just being left has no nodes.
    const found = await this.#send("browsingContext.locateNodes", {
      context: this.#context,
      locator: locatorOf(place),
    }).catch(() => ({ nodes: [] }));
    return found.nodes;
  }

  /** The first of them, once it is there. */
  find(place: Place): Promise<Script.NodeRemoteValue> {
    return untilThere(async () => (await this.all(place))[0], `Firefox showing ${JSON.stringify(place)}`);
  }

  /** Until the page shows this text. */
  async says(text: string): Promise<void> {
    await untilThere(async () => (await this.text("body").catch(() => "")).includes(text), `Firefox showing “${text}”`);
  }

  async click(place: Place): Promise<void> {
    const { sharedId } = await this.find(place);
    const origin = { type: "element", element: { sharedId: sharedId! } } as const;
    await this.#send("input.performActions", {
      context: this.#context,
      actions: [
        {
          type: "pointer",
          id: "mouse",
          actions: [
            { type: "pointerMove", x: 0, y: 0, origin },
            { type: "pointerDown", button: 0 },
            { type: "pointerUp", button: 0 },
          ],
        },
      ],
    });
  }

  /** Presses each of these keys where the focus is. */
  async press(keys: string): Promise<void> {
    await this.#send("input.performActions", {
      context: this.#context,
      actions: [
        {
          type: "key",
          id: "keys",
          actions: [...keys].flatMap((value) => [
            { type: "keyDown", value } as const,
            { type: "keyUp", value } as const,
          ]),
        },
      ],
    });
  }

  async type(place: Place, text: string): Promise<void> {
    await this.click(place);
    await this.press(text);
  }

  /** The text of the first element, as it is drawn. */
  async text(selector: string): Promise<string> {
    const answer = await this.#send("script.callFunction", {
      functionDeclaration: "(selector) => document.querySelector(selector)?.innerText ?? ''",
      arguments: [{ type: "string", value: selector }],
      target: { context: this.#context, sandbox: "journey" },
      awaitPromise: false,
    });
    return answer.type === "success" && answer.result.type === "string" ? answer.result.value : "";
  }
}
