/**
 * The walls of the house (docs/ARCHITECTURE.md): who may import what, over the bundler's own import graph, dynamic
 * imports included.
 * A sentence that fails names both rooms and why.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");
const ZONES = [
  "domain",
  "form-page",
  "counter",
  "server",
  "mailroom",
  "post-office",
  "staff-app",
  "cli",
  "witness",
  "monitor",
] as const;
/** Inside the domain a step may import only steps before it. */
const STEPS = [
  "form",
  "seal",
  "person",
  "receipt",
  "grant",
  "log",
  "watch",
  "affected",
  "mail",
  "incident",
  "access",
] as const;
/** Where sealed becomes readable, or one more person is let in. */
const KEYS = [
  "src/domain/seal/age-open.ts",
  "src/domain/seal/open.ts",
  "src/domain/person/unlock.ts",
  "src/domain/grant/wrap.ts",
  "src/domain/grant/unwrap.ts",
  "src/domain/grant/drafts.ts",
  "src/domain/incident/open-paper.ts",
];
const MAY_HOLD_KEYS = ["staff-app", "cli"];
/**
 * The mailroom opens messages that were sealed to the key of its own start: bytes, never a submission
 * (docs/decisions/0022).
 */
const OPENS_MESSAGES = "src/domain/mail/open-message.ts";
const MAILROOM_MAY = ["src/domain/seal/age-open.ts"];

const sources = readdirSync(resolve(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
  .map((name) => `src/${name}`);

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: sources,
  bundle: true,
  write: false,
  outdir: "unused",
  metafile: true,
  packages: "external",
  format: "esm",
  platform: "node",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "silent",
});

type Import = { path: string; external: boolean };
const importsOf = (file: string): Import[] =>
  (metafile.inputs[file]?.imports ?? []).map(({ path, external }) => ({ path, external: external === true }));

function reached(file: string, seen = new Set<string>()): Set<string> {
  for (const { path, external } of importsOf(file)) {
    if (external || seen.has(path)) continue;
    seen.add(path);
    reached(path, seen);
  }
  return seen;
}

const zoneOf = (file: string): string => file.split("/")[1] ?? "";
const stepOf = (file: string): string | undefined => /^src\/domain\/([^/]+)\//.exec(file)?.[1];

test("every source file stands in a known zone", () => {
  assert.deepEqual(
    [...new Set(sources.map(zoneOf))].filter((zone) => !(ZONES as readonly string[]).includes(zone)),
    [],
  );
  assert.ok(sources.length > 50, "the graph holds the sources");
});

test("zones import the domain and themselves, never each other", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    for (const target of reached(file)) {
      if (zoneOf(target) !== "domain" && (zoneOf(target) !== zoneOf(file) || !target.startsWith("src/")))
        wrong.push(`${file} reaches ${target}: the wire between zones is bytes`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("only staff-app and cli can open a submission, unlock a person, or let one more person in", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    if (zoneOf(file) === "domain" || MAY_HOLD_KEYS.includes(zoneOf(file))) continue;
    for (const target of reached(file))
      if (KEYS.includes(target) && !(zoneOf(file) === "mailroom" && MAILROOM_MAY.includes(target)))
        wrong.push(`${file} reaches ${target}: the ${zoneOf(file)} must not be able to open a submission`);
  }
  assert.deepEqual(wrong, []);
  for (const file of KEYS) assert.ok(sources.includes(file), `${file} was moved: this list must follow`);
});

test("only the mailroom can open a message", () => {
  const wrong = sources
    .filter((file) => !["domain", "mailroom"].includes(zoneOf(file)) && reached(file).has(OPENS_MESSAGES))
    .map((file) => `${file} reaches ${OPENS_MESSAGES}: a message is opened by the mailroom alone`);
  assert.deepEqual(wrong, []);
  assert.ok(
    sources.some((file) => zoneOf(file) === "mailroom" && reached(file).has(OPENS_MESSAGES)),
    "the mailroom opens messages",
  );
});

test("what decrypts is imported in one file only", () => {
  const decrypters = sources.filter((file) => /\bDecrypter\b/.test(readFileSync(resolve(ROOT, file), "utf8")));
  assert.deepEqual(decrypters, ["src/domain/seal/age-open.ts"]);
});

test("inside the domain a step imports only steps before it", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((name) => stepOf(name))) {
    for (const { path, external } of importsOf(file)) {
      const target = external ? undefined : stepOf(path);
      if (target && STEPS.indexOf(target as never) > STEPS.indexOf(stepOf(file) as never))
        wrong.push(`${file} imports ${path}: ${target} comes after ${stepOf(file)}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** The verifier compares rows with the log at a desk, by a login of its own (docs/decisions/0010). */
const INSPECTS = "src/cli/verify/rows.ts";

test("the database driver is imported under src/server/store and by the verifier's one file, and SQL stands only there", () => {
  const drivers = sources.filter((file) =>
    importsOf(file).some(({ path, external }) => external && /^pg(?:$|\/|-)/.test(path)),
  );
  assert.deepEqual(
    drivers.filter((file) => !file.startsWith("src/server/store/")),
    [INSPECTS],
  );
  const sql = sources.filter(
    (file) =>
      !file.startsWith("src/server/store/") &&
      file !== INSPECTS &&
      !file.startsWith("src/cli/demo/letters/") &&
      /\b(?:SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM) /.test(readFileSync(resolve(ROOT, file), "utf8")),
  );
  assert.deepEqual(sql, []);
});

test("the domain does nothing but compute: no Node module, no clock, randomness in seal only", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((name) => zoneOf(name) === "domain")) {
    const text = readFileSync(resolve(ROOT, file), "utf8");
    for (const { path, external } of importsOf(file))
      if (external && path.startsWith("node:")) wrong.push(`${file} imports ${path}`);
    if (/\bDate\.now\(|new Date\(\)|Math\.random\(/.test(text)) wrong.push(`${file} asks for the time or for chance`);
    if (
      /\brandomBytes\b.*@noble|@noble\/hashes\/utils.*\brandomBytes\b/.test(text.replaceAll("\n", " ")) &&
      file !== "src/domain/seal/random.ts"
    )
      wrong.push(`${file} makes randomness of its own`);
  }
  assert.deepEqual(wrong, []);
});

test("no import runs in a circle", () => {
  const circles = sources.filter((file) => reached(file).has(file)).map((file) => relative(ROOT, resolve(ROOT, file)));
  assert.deepEqual(circles, []);
});
