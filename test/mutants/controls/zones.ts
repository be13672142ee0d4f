/** Whose clock a time is said by, and what other people's mail and files are taken for (issues of names, mail and time). */
import type { Control } from "../control.ts";

const time = ["test/unit/time.test.ts"];
const returned = ["test/unit/returned-mail.test.ts"];
const joins = ["test/unit/affected-join.test.ts"];

export const ZONES: readonly Control[] = [
  {
    control: "A time is said by the clock of the body, and not by that of the machine",
    threat: ["T37"],
    file: "src/domain/time.ts",
    find: `new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...HOW[how] });`,
    replace: `new Intl.DateTimeFormat("en-GB", { ...HOW[how] });`,
    tests: time,
  },
  {
    control: "Only the name of a place is a time zone, in one spelling",
    threat: ["T37", "T39"],
    file: "src/domain/time.ts",
    find: "if (!PLACE.test(name)) return false;",
    replace: "",
    tests: time,
  },
  {
    control: "A stored record moves nobody's clock",
    threat: ["T37"],
    file: "src/domain/form/body.ts",
    find: "const timeZone = zones.get(body.id);",
    replace: "const timeZone = zones.get(body.id) ?? _;",
    tests: time,
  },
  {
    control: "An hour that comes twice is said with its zone",
    threat: ["T37"],
    file: "src/domain/time.ts",
    find: "instantsOf(wallTime(at, zone), zone).length > 1;",
    replace: "instantsOf(wallTime(at, zone), zone).length > 2;",
    tests: time,
  },
  {
    control: "Nothing is due for erasure before the last day of its month",
    threat: ["T40"],
    file: "src/domain/time.ts",
    find: "day: Math.min(wall.day, last)",
    replace: "day: wall.day",
    tests: time,
  },
  {
    control: "A certificate says its time by the clock of a place that there is",
    threat: ["T39"],
    file: "src/domain/log/certificate.ts",
    find: "isZone(zone) ? encodeCertificate(proof.extra, proof, decided, zone) : null;",
    replace: "encodeCertificate(proof.extra, proof, decided, zone);",
    tests: ["test/unit/log-certificate.test.ts"],
  },
  {
    control: "A mail server is known by its mailbox, never by a name that anybody can have",
    threat: ["M5"],
    file: "src/domain/mail/returned.ts",
    find: `DAEMON.test(address.split("@")[0]!.trim())`,
    replace: "/mail delivery system|mailer-daemon|postmaster@/i.test(from)",
    tests: returned,
  },
  {
    control: "In a language that nobody knows only a permanent status is a bounce",
    threat: ["M5"],
    file: "src/domain/mail/returned.ts",
    find: `if (!failed && !permanent) return look("report");`,
    replace: "",
    tests: returned,
  },
  {
    control: "Who waits to be looked at is told once, with the first of them",
    threat: ["M5"],
    file: "src/server/alerts/store/told-once.ts",
    find: "(e.said IS NULL OR e.said_at > f.at)",
    replace: "(e.said_at > f.at)",
    tests: ["test/world/returned-mail.test.ts"],
  },
  {
    control: "Nobody is rung at a word for nothing",
    threat: ["T38"],
    file: "src/domain/affected/placeholder.ts",
    find: "if (isWord(said, languages)) return true;",
    replace: "",
    tests: joins,
  },
  {
    control: "Nobody is rung at figures that are no number",
    threat: ["T38"],
    file: "src/domain/affected/placeholder.ts",
    find: `(text.trim() !== "" && figures.length < 3) ||`,
    replace: "",
    tests: joins,
  },
];
