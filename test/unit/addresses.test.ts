/** The addresses behind a proxy, from the environment: what is taken, and the one sentence about what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesFrom } from "../../supervisor/addresses.ts";
import { Refusal } from "../../supervisor/refusal.ts";

const GOOD = {
  PILLARBOX_PUBLIC_ADDRESS: "https://forms.example.org",
  PILLARBOX_STAFF_ADDRESS: "https://staff.example.org/",
  PILLARBOX_PROXIES: "127.0.0.1, 10.0.0.0/8 ::1",
};

test("without any of them people come to the ports, and all three make addresses", () => {
  assert.deepEqual(addressesFrom({ PATH: "/bin", PILLARBOX_PUBLIC_ADDRESS: "" }), {});
  assert.deepEqual(addressesFrom(GOOD), {
    publicOrigin: "https://forms.example.org",
    staffOrigin: "https://staff.example.org",
    counterOrigin: "https://forms.example.org",
    proxies: ["127.0.0.1", "10.0.0.0/8", "::1"],
  });
  assert.equal(
    addressesFrom({ ...GOOD, PILLARBOX_COUNTER_ADDRESS: "https://counter.example.org:8443" }).counterOrigin,
    "https://counter.example.org:8443",
  );
  const six = { ...GOOD, PILLARBOX_PUBLIC_ADDRESS: "https://[2001:db8::1]" };
  assert.equal(addressesFrom(six).publicOrigin, "https://[2001:db8::1]");
  const here = { ...GOOD, PILLARBOX_PUBLIC_ADDRESS: "http://forms.localhost:8080" };
  assert.equal(addressesFrom(here).publicOrigin, "http://forms.localhost:8080");
});

test("what is missing, unsafe or no address is one sentence that names the variable", () => {
  const wrong: readonly (readonly [NodeJS.ProcessEnv, RegExp])[] = [
    [{ PILLARBOX_PUBLIC_ADDRESS: "https://forms.example.org" }, /^PILLARBOX_STAFF_ADDRESS is not set/],
    [{ ...GOOD, PILLARBOX_PROXIES: "" }, /^PILLARBOX_PROXIES is not set/],
    [{ PILLARBOX_COUNTER_ADDRESS: "https://forms.example.org" }, /^PILLARBOX_PUBLIC_ADDRESS is not set/],
    [{ ...GOOD, PILLARBOX_PUBLIC_ADDRESS: "http://forms.example.org" }, /^PILLARBOX_PUBLIC_ADDRESS .*https:\/\//],
    [{ ...GOOD, PILLARBOX_PUBLIC_ADDRESS: "http://localhost.example.org" }, /^PILLARBOX_PUBLIC_ADDRESS .*https:\/\//],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "ftp://localhost" }, /^PILLARBOX_STAFF_ADDRESS/],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "https://staff.example.org/pillarbox" }, /without a path/],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "https://me:secret@staff.example.org" }, /without a path/],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "staff.example.org" }, /^PILLARBOX_STAFF_ADDRESS/],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "https://forms.example.org:8443" }, /one host name/],
    [{ ...GOOD, PILLARBOX_COUNTER_ADDRESS: "https://staff.example.org" }, /^PILLARBOX_COUNTER_ADDRESS/],
    [{ ...GOOD, PILLARBOX_STAFF_ADDRESS: "https://example.org" }, /^PILLARBOX_PUBLIC_ADDRESS is a name below/],
    [
      { ...GOOD, PILLARBOX_COUNTER_ADDRESS: "https://a.staff.example.org" },
      /^PILLARBOX_COUNTER_ADDRESS is a name below/,
    ],
    [{ ...GOOD, PILLARBOX_PROXIES: "127.0.0.1,proxy.example" }, /^PILLARBOX_PROXIES is/],
    ...[
      "a;b{c}.example",
      'a"b.example',
      "a'b.example",
      "a}b.example",
      "*.example.org",
      "$&.example",
      "a_b.example",
    ].map(
      (host) =>
        [{ ...GOOD, PILLARBOX_PUBLIC_ADDRESS: `https://${host}` }, /a host name of letters, digits, hyphens/] as const,
    ),
  ];
  for (const [environment, says] of wrong)
    assert.throws(
      () => addressesFrom(environment),
      (thrown) => thrown instanceof Refusal && says.test(thrown.message),
      JSON.stringify(environment),
    );
});
