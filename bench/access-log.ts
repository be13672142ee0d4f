/**
 * Ten million lines of an access log through `pillarbox affected`: time and peak memory, beside `grep -c` for the same
 * address on the same file. Told apart: what grep finds is not what was reached.
 */
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rounded, say, type Figure, type Measure } from "./figure.ts";

/** `BENCH_LINES=1000000 npm run bench -- access-log` where ten million are too many. */
const LINES = Number(process.env["BENCH_LINES"] ?? 10_000_000);
const EXPOSED = "/admin/results";
const EVERY = 50_000;

export const measure: Measure = async (_place, print) => print(await accessLog());

export async function accessLog(): Promise<Figure> {
  const made = mkdtempSync(join(tmpdir(), "pillarbox-bench-"));
  try {
    const file = join(made, "access.log");
    say(`making an access log of ${LINES} lines …`);
    await writeLog(file);
    // Once beforehand: both then read what the system has in memory, as far as it fits.
    const grep = (): number => {
      const started = performance.now();
      spawnSync("grep", ["-c", "-F", EXPOSED, file]);
      return (performance.now() - started) / 1000;
    };
    grep();
    const floor = grep();
    const started = performance.now();
    const child = spawn(
      process.execPath,
      [
        resolve(import.meta.dirname, "../src/cli/main.ts"),
        "affected",
        "--json",
        "--access-log",
        file,
        "--exposed",
        EXPOSED,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let [peak, out] = [0, ""];
    child.stdout.on("data", (piece) => (out += piece));
    const watching = setInterval(() => (peak = Math.max(peak, peakOf(child.pid!))), 50);
    await once(child, "close");
    clearInterval(watching);
    const seconds = (performance.now() - started) / 1000;
    const { outcomes, coverage } = JSON.parse(out).log;
    if (coverage.lines !== LINES || outcomes.reached !== Math.ceil(LINES / EVERY) * 2)
      throw new Error("not every line was read, or not every spelling found");
    return {
      name: `access log of ${LINES} lines, who reached an address`,
      value: rounded(seconds, 2),
      unit: "s",
      floor: rounded(floor, 2),
      ratio: rounded(seconds / floor, 1),
      peakMB: rounded(peak / 1024),
      fileMB: rounded(statSync(file).size / 1e6),
    };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/**
 * Lines as a council's website has them, and now and then one that asks for the exposed address, plainly and encoded.
 */
async function writeLog(file: string): Promise<void> {
  const out = createWriteStream(file, { highWaterMark: 1 << 22 });
  const agents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_1 like Mac OS X) AppleWebKit/605.1.15 Version/16.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  ];
  const start = Date.UTC(2022, 10, 11);
  const two = (n: number): string => String(n).padStart(2, "0");
  for (let i = 0; i < LINES; ) {
    let block = "";
    for (const end = Math.min(LINES, i + 20_000); i < end; i++) {
      const at = new Date(start + i * 800);
      const stamp = `${two(at.getUTCDate())}/${at.getUTCMonth() === 10 ? "Nov" : at.getUTCMonth() === 11 ? "Dec" : at.getUTCMonth() === 0 ? "Jan" : "Feb"}/${at.getUTCFullYear()}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
      const target =
        i % EVERY === 0
          ? EXPOSED
          : i % EVERY === 1
            ? "/admin/%72esults/?page=2"
            : i % 97 === 0
              ? `/caf%C3%A9/${i % 811}`
              : `/services/page-${i % 7919}/detail?ref=${i % 101}`;
      block += `203.0.${(i * 7) % 256}.${(i * 13) % 251} - - [${stamp}] "GET ${target} HTTP/1.1" 200 ${1000 + (i % 90_000)} "https://www.example.org/services/page-${i % 613}" "${agents[i % agents.length]}"\n`;
    }
    if (!out.write(block)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
}

/** The peak of a process's resident memory so far, in KiB; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
