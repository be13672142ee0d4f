/** The old website and the watch beside it, both as processes or servers of their own, as they would be. */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { visitToken } from "../src/monitor/site/agent.ts";
import { signInAsAdministrator, type Administrator } from "./old-site/click.ts";
import { fillWithPeople } from "./old-site/people.ts";
import { startOldSite, type OldSite } from "./old-site/site.ts";

const ROOT = resolve(import.meta.dirname, "..");
const TOKEN = "0123456789abcdef0123456789abcdef";

/** Milliseconds between the beginnings of two rounds, and between two requests. */
export type Pace = { readonly every: number; readonly apart: number };
/** As a real website is watched. */
export const REAL: Pace = { every: 60_000, apart: 1_000 };
/** In a rehearsal time is compressed. */
export const COMPRESSED: Pace = { every: 5_000, apart: 50 };

export type Watched = {
  readonly site: OldSite;
  readonly administrator: Administrator;
  readonly directory: string;
  /** what the watch's requests bear in the access log */
  readonly token: string;
  /** settles after the first round */
  readonly looked: Promise<void>;
  readonly stop: () => Promise<void>;
};

/** @param report the file with which the watch tells the installation (`watch-site.json` of its data directory) */
export async function watchOldSite(body: string, report: string, pace: Pace): Promise<Watched> {
  const directory = mkdtempSync(join(tmpdir(), "pillarbox-rehearsal-"));
  const site = await startOldSite({ directory: join(directory, "site"), token: TOKEN });
  fillWithPeople(site.store);
  const file = join(directory, "site.json");
  const forms = (["complaint", "commissioner"] as const).map((name) => ({
    name,
    page: `/${name}`,
    action: `/${name}`,
    sent: "has been sent",
    fields: { name: "Monitor", [name === "complaint" ? "reason" : "message"]: "{words} ({id})" },
    results: [`/admin/results/${name}`],
    exports: [`/files/${name}.csv`],
  }));
  writeFileSync(
    file,
    JSON.stringify({
      name: "The old website",
      address: site.origin,
      contact: "watch@city.harrowmere.example",
      token: TOKEN,
      body,
      forms,
    }),
  );
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "src/monitor/site/main.ts"),
      "--site",
      file,
      "--report",
      report,
      "--dangerously-allow-loopback",
      "--every",
      String(pace.every),
      "--pace",
      String(pace.apart),
      "--json",
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } },
  );
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const looked = new Promise<void>((done, fail) => {
    createInterface({ input: child.stdout }).on(
      "line",
      (line) => (JSON.parse(line) as { readonly event: string }).event === "round" && done(),
    );
    void gone.then(() => fail(new Error("the watch of the old website ended before it had looked once")));
  });
  return {
    site,
    directory,
    looked,
    token: visitToken(TOKEN),
    administrator: await signInAsAdministrator(site),
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
      await site.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A command of the product, run as anybody would. */
export async function pillarbox(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const asked = [join(ROOT, "src/cli/main.ts"), ...words];
  const settings = { env: { PATH: process.env["PATH"] }, maxBuffer: 64 * 1024 * 1024 };
  // Not waited for in one piece: connections that are held open meanwhile must be looked after.
  return new Promise((done) => {
    execFile(process.execPath, asked, settings, (fault, out, error) =>
      done({ code: fault === null ? 0 : 1, out: out + error }),
    );
  });
}
