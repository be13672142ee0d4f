/** What of an answer only a try can tell: that the ports are free, that the database can be entered, that the mail server takes a mail. */
import { lookup } from "node:dns/promises";
import { join, resolve } from "node:path";
import type { Outcome } from "../../src/domain/mail/state.ts";
import { portsFree } from "../checks.ts";
import { configOf } from "../config.ts";
import { newInstallation } from "../installation.ts";
import { Refusal } from "../refusal.ts";
import { reasonIn, runOnce } from "../run-once.ts";
import { plainEnvironment } from "../servers.ts";
import type { Answers, Before } from "./answers.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Tries an answer. @returns a sentence that does not refuse it, or null @throws Refusal */
export async function tried(key: keyof Answers, answers: Before): Promise<string | null> {
  if (key === "ports" && answers.ports) await portsFree(answers.ports, () => "this answer");
  if (key === "database" && answers.database) await enterDatabase(answers.database);
  if (key === "mail") await tryMail(answers.mail ?? "", "", "");
  if (key === "alarm") await tryMail(answers.mail ?? "", answers.mailFrom ?? "", answers.alarm ?? "");
  if (key === "publicAddress") return unresolved(answers.publicAddress ?? "");
  if (key === "staffAddress") return unresolved(answers.staffAddress ?? "");
  return null;
}

type Unseen = { readonly fault: string };
type Seen = {
  readonly version: number;
  readonly makesRoles: boolean;
  readonly pastRows: boolean;
  readonly owns: boolean;
  readonly taken: boolean;
  readonly namesTaken: boolean;
};

async function enterDatabase(url: string): Promise<void> {
  const nowhere = configOf(
    ROOT,
    newInstallation(false, "hybrid"),
    { public: 1, staff: 2, counter: 3, mail: 4 },
    "none",
  );
  const result = await runOnce({
    arguments: [join(ROOT, "src/server/main.ts"), "look"],
    environment: plainEnvironment(nowhere),
    given: { PB_DATABASE: url },
    cwd: ROOT,
  });
  const said = result.code === 0 ? (JSON.parse(result.out) as Seen | Unseen) : { fault: reasonIn(result.error) };
  if ("fault" in said)
    throw new Refusal(`the database could not be entered (${said.fault}): mend the address, or the database.`);
  const wrong = wrongIn(said);
  if (wrong !== null) throw new Refusal(`${wrong}, and answer again.`);
}

function wrongIn(seen: Seen): string | null {
  if (seen.version < 18) return `this is PostgreSQL ${seen.version}, and the tables need 18: name a newer one`;
  if (!seen.makesRoles) return "the login may not make others: give it CREATEROLE";
  if (!seen.pastRows) return "the login is bound by row security: give it BYPASSRLS";
  if (!seen.owns) return "the login does not own the database: make it the owner";
  if (seen.taken || seen.namesTaken)
    return "an installation is in this database or this cluster already: name a cluster of its own";
  return null;
}

/** @param to empty: whether the server answers, and nothing is sent */
async function tryMail(url: string, from: string, to: string): Promise<void> {
  const result = await runOnce({
    arguments: [join(ROOT, "src/mailroom/try.ts")],
    environment: { PATH: "/usr/bin:/bin", TZ: "UTC" },
    given: { PB_SMTP_URL: url, PB_MAIL_FROM: from, PB_TO: to },
    cwd: ROOT,
  });
  const outcome = result.code === 0 ? (JSON.parse(result.out) as Outcome) : null;
  if (outcome?.outcome === "taken") return;
  const why = outcome === null ? reasonIn(result.error) : `${outcome.outcome}, ${outcome.code}`;
  if (to === "")
    throw new Refusal(`the mail server does not let us in (${why}): mend its address, the password or the server.`);
  throw new Refusal(
    `the mail server did not take a mail from ${from} to ${to} (${why}): mend the mail server, its address or this one.`,
  );
}

async function unresolved(origin: string): Promise<string | null> {
  const { hostname } = new URL(origin);
  return lookup(hostname.replace(/^\[|\]$/g, "")).then(
    () => null,
    () => `${hostname} has no address yet: nobody can come until your name server has one. The rest goes on.`,
  );
}
