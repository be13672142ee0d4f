/** The bodies of this installation, their people, and how somebody joins. */
import * as contract from "../../contract/people.ts";
import { Fault } from "../../domain/problem.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { invite, invitedBy, join, refuseNewcomer, withdraw } from "./action.ts";
import { peopleOf, type Account } from "./store/accounts.ts";
import { allBodies, bodyById } from "./store/bodies.ts";
import { comparisonOf, insertComparison, invitationsOf } from "./store/invitations.ts";

const NONE = new Uint8Array();

export async function peopleRoutes(app: App, staff: Staff): Promise<void> {
  const { config, pool, chains } = staff;
  serve(app, contract.listBodies, async ({ request }) => {
    const who = signedIn(request);
    const bodies = await allBodies(pool);
    return { bodies: who.kind === "operator" ? bodies : bodies.filter((body) => body.id === who.body) };
  });

  serve(app, contract.listPeople, async ({ params }) => ({
    people: (await peopleOf(pool, params.body)).map((row) => ({
      person: row.id,
      name: row.name,
      email: row.email,
      role: row.role,
      recipient: row.recipient ?? "",
      signingKey: row.signing_key ?? NONE,
      detailsSalt: row.details_salt ?? NONE,
      state: row.state,
    })),
  }));

  serve(app, contract.invite, async ({ content: { link, ...one }, request }) =>
    invite(pool, chains, signedIn(request), one, link ?? null),
  );

  serve(app, contract.listInvitations, async ({ params }) => ({
    invitations: (await invitationsOf(pool, params.body)).map((one) => ({
      invitation: one.id,
      name: one.name,
      email: one.email,
      role: one.role,
      madeAt: one.made_at.getTime(),
      expiresAt: one.expires_at.getTime(),
      state: one.state,
      mail: one.mail,
    })),
  }));

  serve(app, contract.withdrawInvitation, async ({ params, content: { act }, request }) =>
    withdraw(pool, chains, config, signedIn(request), params, act),
  );

  serve(app, contract.turnAway, async ({ params, content: { act }, request }) =>
    refuseNewcomer(pool, chains, config, signedIn(request), params, act),
  );

  const rateLimit = { max: config.limits.signInsPerMinute };
  serve(
    app,
    contract.lookAtInvitation,
    async ({ content: { token } }) => {
      const { name, email, role, body } = await invitedBy(pool, token);
      return { name, email, role, body: { id: body, name: (await bodyById(pool, body))?.name ?? body } };
    },
    { rateLimit },
  );

  serve(
    app,
    contract.join,
    async ({ content: { token, person, ...keys } }) => join(pool, chains, token, { id: person, ...keys }),
    { rateLimit },
  );

  serve(app, contract.beginComparing, async ({ params, content: { nonce }, request }) => {
    const row = (await peopleOf(pool, params.body)).find((one) => one.id === params.person);
    if (!row) throw new Fault("PERSON_UNKNOWN");
    if (row.state !== "waiting") throw new Fault("REFUSED_STATE");
    await insertComparison(pool, nonce, row.id, signedIn(request).person);
  });

  serve(app, contract.ownComparison, async ({ request }) => {
    const found = await comparisonOf(pool, signedIn(request).person);
    return {
      comparison: found ? { nonce: found.nonce, owner: found.owner ?? "", begunAt: found.begun_at.getTime() } : null,
      founding: await foundingOf(staff, request.account),
    };
  });
}

/** What a body's first owner has yet to sign: the configuration named its hash, from this very account. */
async function foundingOf({ config, pool, chains }: Staff, account: Account | null) {
  const at = account?.body ? config.founded.get(account.body) : undefined;
  if (at === undefined || !account?.body || !account.details_salt) return null;
  if (!config.roots.has(account.body) || (await chains.load(pool, account.body))) return null;
  return { at, detailsSalt: account.details_salt };
}
