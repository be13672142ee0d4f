/** Looking for exposure, and watching the detector (`src/domain/watch`, `src/monitor`, `src/server/watch`). */
import type { Control } from "../control.ts";

const tests = ["test/unit/watch.test.ts"];

export const WATCH: readonly Control[] = [
  {
    control: "A watcher without a whole round for three minutes is silent",
    threat: ["T34"],
    file: "src/domain/watch/judge.ts",
    find: "export const SILENT_AFTER = 180_000;",
    replace: "export const SILENT_AFTER = 600_000;",
    tests,
  },
  {
    control: "A watcher that never looked is silent",
    threat: ["T34"],
    file: "src/domain/watch/judge.ts",
    find: "rounds.map((at) => at ?? started)",
    replace: "rounds.map((at) => at ?? now)",
    tests,
  },
  {
    control: "The watch of an old website is silent after a day",
    threat: ["T34"],
    file: "src/domain/watch/judge.ts",
    find: "export const SITE_SILENT_AFTER = 86_400_000;",
    replace: "export const SITE_SILENT_AFTER = 172_800_000;",
    tests,
  },
  {
    control: "What was seen stays open, whatever the report clears",
    threat: ["T34"],
    file: "src/domain/watch/judge.ts",
    find: "open.has(key) && !seen.has(key)",
    replace: "open.has(key)",
    tests,
  },
  {
    control: "A report is signed by its watcher",
    threat: ["T34"],
    file: "src/domain/watch/report.ts",
    find: `if (!verify(key, signature, signedBytes(report))) throw new Fault("REPORT_REFUSED", "the signature does not hold");`,
    replace: "",
    tests,
  },
  {
    control: "A report is of this installation and watcher",
    threat: ["T34"],
    file: "src/domain/watch/report.ts",
    find: "if (read.installation !== expected.installation || read.watcher !== expected.watcher)",
    replace: "if (read.at < 0)",
    tests,
  },
  {
    control: "A report from the future, of more than five minutes, is refused",
    threat: ["T34"],
    file: "src/domain/watch/report.ts",
    find: "const AHEAD = 5 * 60_000;",
    replace: "const AHEAD = 50 * 60_000;",
    tests,
  },
  {
    control: "Only the monitor plants letters",
    threat: ["T34"],
    file: "src/domain/watch/report.ts",
    find: `watcher === "monitor" ? MOST_SEEN : 0`,
    replace: "MOST_SEEN",
    tests,
  },
  {
    control: "A marker is a letter that the monitor signed",
    threat: ["T34"],
    file: "src/domain/watch/marker.ts",
    find: "verify(key, marker.signature, bytesOf(installation, marker));",
    replace: "key.length > 0 && installation !== '' && marker.signature.length === 64;",
    tests: ["test/unit/watch.test.ts", "test/unit/staff-checks.test.ts"],
  },
];
