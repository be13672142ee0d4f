/** Who sends a request to the staff process: origin first, then session, then the first decision. */
import type { FastifyRequest } from "fastify";
import { decide, type Action, type Who } from "../../domain/access/decide.ts";
import { slug } from "../../contract/shape.ts";
import { sha256, type Bytes } from "../../domain/bytes.ts";
import { Fault, type Code } from "../../domain/problem.ts";
import type { Chains } from "../statements/chains.ts";
import type { SignedIn } from "../grants/action.ts";
import { IDLE_MINUTES } from "../session/action.ts";
import type { Config } from "../config.ts";
import { accountOfSession, type Account } from "../people/store/accounts.ts";
import type { Pool } from "../database/pool.ts";

declare module "fastify" {
  interface FastifyRequest {
    who: Who;
    account: Account | null;
  }
}

/** What every route of the staff process works with. */
export type Staff = {
  readonly config: Config;
  readonly pool: Pool;
  readonly chains: Chains;
  /** seals the secrets of codes in the database; 32 bytes */
  readonly totpKey: Bytes;
};

/** `__Host-` needs https; on loopback there is none. */
export const cookieName = (config: Config): string =>
  config.staffOrigin.startsWith("https:") ? "__Host-pillarbox" : "pillarbox-staff";

/**
 * Cross-site requests change nothing (T36): every unsafe method names our origin, and a browser says that it comes from
 * it.
 */
export function checkOrigin(config: Config, request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers["sec-fetch-site"];
  if (request.headers.origin !== config.staffOrigin || (site !== undefined && site !== "same-origin"))
    throw new Fault("WRONG_ORIGIN");
}

/** The token of the session that a request brings; null for none. */
export function sessionOf(config: Config, request: FastifyRequest): Bytes | null {
  const token = request.cookies[cookieName(config)];
  return token && /^[0-9a-f]{64}$/.test(token) ? new Uint8Array(Buffer.from(token, "hex")) : null;
}

export async function signedInAs({ config, pool }: Staff, request: FastifyRequest): Promise<Account | undefined> {
  const token = sessionOf(config, request);
  return token === null ? undefined : accountOfSession(pool, sha256(token), IDLE_MINUTES);
}

/**
 * What an account is: its role is the one in the verified statements, never the one in the row (T11). An operator is
 * whom the configuration names; a row that only says so is a stranger's.
 */
export async function whoIs({ config, pool, chains }: Staff, account: Account): Promise<Who> {
  if (config.operators.has(account.id)) return { kind: "operator", person: account.id };
  if (account.role === "operator" || account.body === null) return { kind: "stranger" };
  // Let out by a statement that was lost: those that are left still count them in.
  if (account.state === "locked") return { kind: "stranger" };
  const { body } = account;
  // A body whose root is not known has no member: whoever made keys first waits for the host.
  if (!config.roots.has(body)) return { kind: "waiting", person: account.id, body };
  const person = (await chains.load(pool, body))?.state.persons.get(account.id);
  if (person === undefined) return { kind: "waiting", person: account.id, body };
  // Whoever was let out is nobody here, whatever their session.
  return person.ended ? { kind: "stranger" } : { kind: "member", person: account.id, body, role: person.role };
}

/** @throws `BAD_REQUEST` for what cannot be a body's name */
export function bodyName(value: string): string {
  try {
    return slug.parse(value);
  } catch {
    throw new Fault("BAD_REQUEST");
  }
}

/** The first look: role and body. What depends on the thing itself is decided again beside the write. */
export function checkRole(who: Who, action: Action, request: FastifyRequest): void {
  const body = (request.params as { body?: string } | undefined)?.body;
  const decision = decide(who, action, body === undefined ? {} : { body });
  // A stranger is told the same for every spelling; who is signed in may know that an address cannot be.
  if (!decision.ok && decision.code === "NOT_SIGNED_IN") throw new Fault(decision.code);
  if (body !== undefined) bodyName(body);
  const early: readonly Code[] = ["REFUSED_ROLE", "REFUSED_BODY"];
  if (!decision.ok && early.includes(decision.code) && !(action === "statement.append" && who.kind === "waiting"))
    throw new Fault(decision.code);
}

export function signedIn(request: FastifyRequest): SignedIn {
  if (request.who.kind === "stranger" || request.who.kind === "watcher") throw new Fault("NOT_SIGNED_IN");
  return request.who;
}
