/** Which process is given what: the whole list, name by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { givenTo, SERVERS, type Secrets, type ServerName } from "../../supervisor/servers.ts";
import type { Config } from "../../supervisor/config.ts";

const GIVEN: Readonly<Record<ServerName, readonly string[]>> = {
  log: ["PB_DATABASE", "PB_LOG_KEY", "PB_LOG_STORE"],
  public: ["PB_DATABASE", "PB_COUNTER_CREDENTIAL"],
  staff: ["PB_DATABASE", "PB_WATCH_CREDENTIALS", "PB_TOTP_KEY"],
  counter: ["PB_COUNTER_CREDENTIAL"],
  mailroom: ["mailroom's"],
  jobs: ["PB_DATABASE", "jobs'"],
  "post-office": ["post-office's"],
  inspect: ["PB_DATABASE", "PB_WATCH_KEY", "PB_WATCH_CREDENTIAL"],
  monitor: ["PB_WATCH_KEY", "PB_WATCH_CREDENTIAL", "PB_SURFACE"],
};

const secrets: Secrets = {
  url: (login: string) => `address of ${login}`,
  counterCredential: "counter's",
  watchCredentials: { monitor: "monitor's", inspect: "inspector's", site: "site's" },
  watchKeys: { monitor: "monitor's key", inspect: "inspector's key", site: "site's key" },
  surface: "surface",
  logKey: "log's key",
  logStore: "log's store",
  totpKey: "staff's key",
  people: [],
  mail: {
    mailroom: { "mailroom's": "" },
    jobs: { "jobs'": "" },
    postOffice: { "post-office's": "" },
  },
} as unknown as Secrets;

test("each process is given its own secrets and no other's", () => {
  for (const name of SERVERS) {
    const given = givenTo(name, { demonstration: false } as Config, secrets);
    assert.deepEqual(Object.keys(given).sort(), [...GIVEN[name]].sort(), name);
  }
  const database = (name: ServerName): string | undefined =>
    givenTo(name, { demonstration: false } as Config, secrets)["PB_DATABASE"];
  for (const name of ["log", "public", "staff", "jobs", "inspect"] as const)
    assert.equal(database(name), `address of pb_${name}`);
  assert.equal(givenTo("monitor", {} as Config, secrets)["PB_WATCH_KEY"], "monitor's key");
  assert.equal(givenTo("inspect", {} as Config, secrets)["PB_WATCH_KEY"], "inspector's key");
});
