/**
 * The walls between the zones (docs/ARCHITECTURE.md): who may import what, over the bundler's own import graph, dynamic
 * imports included. A sentence that fails names both rooms and why.
 */
import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");
/** Each zone, and the zones that it may import beside the domain, the contract and itself. */
const ZONES: { readonly [zone: string]: readonly string[] } = {
  domain: [],
  contract: [],
  "form-page": [],
  counter: [],
  server: [],
  mailroom: [],
  "post-office": [],
  member: [],
  "staff-app": ["member"],
  cli: ["member"],
  witness: [],
  monitor: [],
  // It writes letters with what the form's page ships: a copy could seal otherwise than the public does.
  demo: ["member", "cli", "form-page"],
};
/** Inside the domain a step may import only steps before it. */
const STEPS = [
  "form",
  "seal",
  "person",
  "receipt",
  "grant",
  "log",
  "keeping",
  "clock",
  "case",
  "watch",
  "affected",
  "mail",
  "incident",
  "access",
  "verify",
] as const;
/** Where sealed becomes readable, or one more person is let in. */
const KEYS = [
  "src/domain/seal/age-open.ts",
  "src/domain/seal/open.ts",
  "src/domain/person/unlock.ts",
  "src/domain/person/own-text.ts",
  "src/domain/grant/wrap.ts",
  "src/domain/grant/unwrap.ts",
  "src/domain/grant/drafts.ts",
  "src/domain/incident/open-document.ts",
  "src/domain/case/open-reply.ts",
  "src/domain/case/open-note.ts",
];
/** Each by the hands of a member, and by no way beside them. */
const MAY_HOLD_KEYS = ["staff-app", "cli", "demo"];
/**
 * The mailroom opens messages that were sealed to the key of its own start: bytes, never a submission
 * (docs/decisions/0022).
 */
const OPENS_MESSAGES = "src/domain/mail/open-message.ts";
const MAILROOM_MAY = ["src/domain/seal/age-open.ts"];
/**
 * Whoever has the words of a letter opens what was answered to it, and nothing else: in their browser, or for one
 * request by the counter (docs/decisions/0067). Each by one file.
 */
const OPENS_REPLIES = "src/domain/case/open-reply.ts";
const MAY_OPEN_REPLIES = ["src/counter/replies.ts", "src/form-page/status/replies.ts"];

const sources = ["src", "demo"].flatMap((top) =>
  readdirSync(resolve(ROOT, top), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => `${top}/${name}`),
);

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

/** @param past what is not looked behind */
function reached(file: string, seen = new Set<string>(), past = (_: string): boolean => false): Set<string> {
  for (const { path, external } of importsOf(file)) {
    if (external || seen.has(path)) continue;
    seen.add(path);
    if (!past(path)) reached(path, seen, past);
  }
  return seen;
}

const zoneOf = (file: string): string => (file.startsWith("src/") ? (file.split("/")[1] ?? "") : file.split("/")[0]!);
const stepOf = (file: string): string | undefined => /^src\/domain\/([^/]+)\//.exec(file)?.[1];

/** What a file names as its imports, types included: the bundler's graph leaves those out. */
const named = new Map(
  sources.map((file) => {
    const text = readFileSync(resolve(ROOT, file), "utf8");
    const found = text.matchAll(/^(?:import|export)\b[^"';]*?\bfrom "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gms);
    const paths = [...found].map(([, fixed, dynamic]) =>
      relative(ROOT, resolve(ROOT, dirname(file), (fixed ?? dynamic)!)),
    );
    return [file, [...new Set(paths)]] as const;
  }),
);

test("every source file stands in a known zone", () => {
  assert.deepEqual(
    [...new Set(sources.map(zoneOf))].filter((zone) => !Object.hasOwn(ZONES, zone)),
    [],
  );
  assert.ok(sources.length > 50, "the graph holds the sources");
  const missed = sources.flatMap((file) =>
    importsOf(file)
      .filter(({ path, external }) => !external && !named.get(file)?.includes(path))
      .map(({ path }) => `${file} imports ${path}, in a spelling that this test does not read`),
  );
  assert.deepEqual(missed, []);
});

/** The demonstration is an installation beside its people: it starts one. */
const outside = (file: string, target: string): boolean => target.startsWith("supervisor/") && zoneOf(file) === "demo";

test("a zone imports the domain, the contract, itself and what its line names, types included", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const both = zoneOf(file) === "domain" ? ["domain"] : ["domain", "contract"];
    const may = [...both, zoneOf(file), ...(ZONES[zoneOf(file)] ?? [])];
    for (const target of new Set([...reached(file), ...(named.get(file) ?? [])])) {
      if (
        !may.includes(zoneOf(target)) &&
        !outside(file, target) &&
        !(zoneOf(file) === "demo" && target.startsWith("src/domain/"))
      )
        wrong.push(`${file} reaches ${target}: the wire between zones is bytes`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("a member's hands ask nobody, and nothing of a member knows a page or a machine", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((name) => zoneOf(name) === "member")) {
    const text = readFileSync(resolve(ROOT, file), "utf8");
    const ports =
      /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|localStorage|window|document|navigator|process)\s*[.(]/;
    if (ports.test(text.replaceAll(/^import[^;]*;|\.document\b|\/\*[\s\S]*?\*\/|\/\/.*/gm, "")))
      wrong.push(`${file} uses ${ports.exec(text)?.[0]}: a member is given wire, memory and time`);
    if (importsOf(file).some(({ path, external }) => external && path.startsWith("node:")))
      wrong.push(`${file} imports a module of Node`);
    if (!file.startsWith("src/member/hands/")) continue;
    for (const target of reached(file))
      if (/^src\/member\/(?:flows|wire)\//.test(target)) wrong.push(`${file} reaches ${target}: hands make no request`);
  }
  assert.deepEqual(wrong, []);
});

test("only who has keys can open a submission, unlock a person, or let one more person in", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    if (zoneOf(file) === "domain" || zoneOf(file) === "member") continue;
    const byMember = (path: string): boolean =>
      (zoneOf(path) === "member" && MAY_HOLD_KEYS.includes(zoneOf(file))) || MAY_OPEN_REPLIES.includes(path);
    const found = MAY_OPEN_REPLIES.includes(file)
      ? reached(file, new Set(), (path) => path === OPENS_REPLIES)
      : reached(file, new Set(), byMember);
    for (const target of found)
      if (
        KEYS.includes(target) &&
        !(zoneOf(file) === "mailroom" && MAILROOM_MAY.includes(target)) &&
        !(MAY_OPEN_REPLIES.includes(file) && target === OPENS_REPLIES)
      )
        wrong.push(`${file} reaches ${target}: the ${zoneOf(file)} must not be able to open a submission`);
  }
  assert.deepEqual(wrong, []);
  for (const file of KEYS) assert.ok(sources.includes(file), `${file} was moved: this list must follow`);
});

test("a reply is opened by a member, by the status page and by the counter, each in one file", () => {
  const openers = sources.filter((file) => importsOf(file).some(({ path }) => path === OPENS_REPLIES));
  assert.deepEqual(openers.toSorted(), [...MAY_OPEN_REPLIES, "src/member/hands/cases.ts"].toSorted());
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

test("inside the domain a step imports only steps before it, types included", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((name) => stepOf(name))) {
    for (const path of named.get(file) ?? []) {
      const target = stepOf(path);
      if (target && STEPS.indexOf(target as never) > STEPS.indexOf(stepOf(file) as never))
        wrong.push(`${file} imports ${path}: ${target} comes after ${stepOf(file)}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** The verifier compares rows with the log at a desk, by a login of its own (docs/decisions/0010). */
const INSPECTS = "src/cli/verify/rows.ts";
/** What verifier and inspector ask for, in one place, so that neither sees what the other does not (0042). No driver. */
const ASKED = "src/domain/verify/rows.ts";

/** Where SQL may stand: the store of a room, what all rooms share, and the verifier. */
const STORES = /^src\/server\/(?:[a-z-]+\/store(?:\.ts|\/[a-z-]+\.ts)|database\/[a-z-]+\.ts)$/;

test("the database driver and SQL stand in the server's stores and in the verifier's one file", () => {
  const driven = (file: string): boolean =>
    importsOf(file).some(({ path, external }) => external && /^pg(?:$|\/|-)/.test(path));
  const drivers = sources.filter(driven);
  assert.deepEqual(
    drivers.filter((file) => !STORES.test(file)),
    [INSPECTS],
  );
  const sql = sources.filter(
    (file) =>
      !STORES.test(file) &&
      file !== ASKED &&
      !file.startsWith("demo/letters/") &&
      /\b(?:SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM) /.test(readFileSync(resolve(ROOT, file), "utf8")),
  );
  assert.deepEqual(sql, []);
});

test("domain and contract only compute: no Node module, no clock, randomness in seal only", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((name) => ["domain", "contract"].includes(zoneOf(name)))) {
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

/** The way from a file back to itself, or null. */
function circleOf(file: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const waiting = [file];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift())
    for (const target of named.get(at) ?? []) {
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      waiting.push(target);
    }
  if (!cameFrom.has(file)) return null;
  const way = [file];
  for (let at = cameFrom.get(file)!; at !== file; at = cameFrom.get(at)!) way.unshift(at);
  return [file, ...way];
}

test("no import runs in a circle, types included", () => {
  const circles = sources.flatMap((file) => circleOf(file)?.join(" → ") ?? []);
  assert.deepEqual(circles, []);
});

// Its requests would go into connections that a server has closed meanwhile (test/support/program.ts).
test("a test whose servers run beside it never stands still for another program", () => {
  const files = readdirSync(resolve(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter((file) =>
    /^(world|journeys|attack)\/.*\.test\.ts$/.test(file),
  );
  assert.ok(files.length > 60);
  const blocks = files.filter((file) => {
    const text = readFileSync(resolve(ROOT, "test", file), "utf8");
    return (
      /await (staffedWorld|startWorld|counterWorld)\(/.test(text) && /^import .*(spawn|exec|execFile)Sync/m.test(text)
    );
  });
  // What it starts it starts before its world, and inside the servers that it looks at.
  assert.deepEqual(blocks, ["attack/confinement.test.ts"]);
});

// A value that breaks a property in one run of many would be red in somebody else's change.
test("who draws values draws the same ones in every run of the suite", () => {
  const files = globSync("test/**/*.ts", { cwd: ROOT }).filter((file) =>
    /^import .* "fast-check"/m.test(readFileSync(resolve(ROOT, file), "utf8")),
  );
  assert.deepEqual(files, ["test/support/drawn.ts"]);
});
