/** Writes an installation: all of it at once, or nothing. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256, toHex } from "../../src/domain/bytes.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { filesOf, type Configuration, type FirstOwner } from "../configuration.ts";
import { writePrivately } from "../files.ts";
import { newInstallation, writeInstallation, type Installation } from "../installation.ts";
import { Refusal, systemCode } from "../refusal.ts";
import type { Answers, ProxyKind } from "./answers.ts";

/** The files of `docs/proxies/`, which `npm run install-test` runs. */
const SNIPPETS: { readonly [kind in ProxyKind]: string } = {
  nginx: "nginx.conf",
  caddy: "Caddyfile",
  haproxy: "haproxy.cfg",
};

/** A proxy's file with the names and ports of this installation. */
export function snippetOf(root: string, answers: Pick<Answers, "publicAddress" | "staffAddress" | "proxy" | "ports">) {
  const { ports } = answers;
  const own = new Map([
    ["forms.example.org", new URL(answers.publicAddress).hostname],
    ["staff.example.org", new URL(answers.staffAddress).hostname],
    ["127.0.0.1:3000", `127.0.0.1:${ports.public}`],
    ["127.0.0.1:3001", `127.0.0.1:${ports.staff}`],
    ["127.0.0.1:3002", `127.0.0.1:${ports.counter}`],
  ]);
  // All at once: what was put in for one must not be taken for the next.
  return readFileSync(join(root, "docs/proxies", SNIPPETS[answers.proxy]), "utf8")
    .replaceAll(/^# PILLARBOX_.*\n/gm, "")
    .replaceAll(/(?:forms|staff)\.example\.org|127\.0\.0\.1:300[012]\b/g, (found) => own.get(found) ?? found);
}

/** What was written, as whoever ran `init` is told. */
export type Written = {
  readonly snippet: string;
  /** the first owner's link where it was to be shown; it is nowhere else */
  readonly link: string | null;
};

/**
 * Makes the data directory beside its place and moves it there: at its place is all of it or none, whenever this is
 * killed. Killed between the two it leaves `.NAME.….new` beside, for its owner only, with the mail password in it.
 * @param root the repository
 * @throws Refusal where something stands there by now
 */
export function writeAll(root: string, answers: Answers): Written {
  const made: Installation = {
    ...newInstallation(false, "hybrid"),
    real: true,
    backupDays: answers.backupDays,
    zones: answers.body.timeZone === undefined ? {} : { [answers.body.id]: answers.body.timeZone },
  };
  const token = answers.invitation === "show" ? randomBytes(32) : null;
  const { data } = answers;
  const draft = join(dirname(data), `.${basename(data)}.${randomBytes(6).toString("hex")}.new`);
  try {
    mkdirSync(dirname(data), { recursive: true });
    mkdirSync(draft, { mode: 0o700 });
    chmodSync(draft, 0o700);
    const snippet = fill(root, draft, answers, made, token);
    renameSync(draft, data);
    return {
      snippet: join(data, snippet),
      link: token && `${answers.staffAddress}/join#${token.toString("hex")}`,
    };
  } catch (thrown) {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
    const code = systemCode(thrown);
    if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code))
      throw new Refusal(`${data} is not empty any more: nothing was written. Name another directory.`);
    if (code !== "")
      throw new Refusal(
        `${data} cannot be made (${code}): nothing was written. Make the directory above it writable, or name another.`,
      );
    throw thrown;
  }
}

function fill(root: string, draft: string, answers: Answers, made: Installation, token: Buffer | null): string {
  const files = filesOf(draft);
  const owner: FirstOwner = {
    invitation: newId(),
    name: answers.ownerName,
    email: answers.ownerEmail,
    link: token && toHex(sha256(token)),
  };
  mkdirSync(files.secrets, { mode: 0o700 });
  writePrivately(files.smtpUrl, `${answers.mail}\n`);
  if (answers.database !== null) writePrivately(files.databaseUrl, `${answers.database}\n`);
  writePrivately(files.owner, json(owner));
  writePrivately(files.record, json(answers.body));
  writePrivately(files.configuration, json(configurationOf(answers, made.installation)));
  writeInstallation(draft, made);
  const snippet = `proxy-${SNIPPETS[answers.proxy]}`;
  writeFileSync(join(draft, snippet), snippetOf(root, answers), { mode: 0o644, flush: true });
  // Nothing secret is in them: whoever looks after the machine may have them, and keep a copy.
  for (const path of [files.configuration, files.record]) chmodSync(path, 0o644);
  return snippet;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const configurationOf = (answers: Answers, installation: string): Configuration => ({
  v: 1,
  installation,
  body: answers.body.id,
  publicOrigin: answers.publicAddress,
  staffOrigin: answers.staffAddress,
  counterOrigin: answers.counterAddress,
  proxies: answers.proxies.split(","),
  ports: answers.ports,
  database: answers.database === null ? "embedded" : "elsewhere",
  mail: { from: answers.mailFrom, bounce: answers.bounces },
  alarm: answers.alarm,
});
