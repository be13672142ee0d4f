/** The one Trusted Types policy: it lets exactly one address become a worker, and nothing become HTML. */

type Policy = { createScriptURL(address: string): string };
type Policies = { createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy };

/** @param address of the worker script, from the setup; same origin only */
export function workerStarter(address: string): () => Worker {
  const allowed = new URL(address, window.location.origin);
  if (allowed.origin !== window.location.origin) throw new TypeError("the worker is not ours");
  const check = (asked: string): string => {
    if (asked !== allowed.href) throw new TypeError("only the worker may be started");
    return asked;
  };
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy: Policy = policies
    ? policies.createPolicy("pillarbox-worker", { createScriptURL: check })
    : { createScriptURL: check };
  return () => new Worker(policy.createScriptURL(allowed.href), { type: "module", name: "pillarbox-keys" });
}
