/** Which part of an address is counted, and whose word is taken for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf, proxiesOf, visitorNamed } from "../../src/domain/network.ts";
import { Fault } from "../../src/domain/problem.ts";

test("a network is the /24 or the /56 of an address, however it is spelled", () => {
  const same: readonly (readonly [string, string])[] = [
    ["192.0.2.77", "192.0.2"],
    ["::ffff:192.0.2.77", "192.0.2"],
    ["192.0.2.77:4711", "192.0.2"],
    ["2001:db8:1:2233::1", "20010db8000122"],
    ["2001:0DB8:0001:2244:5::9", "20010db8000122"],
    ["[2001:db8:1:2255::1]:443", "20010db8000122"],
    ["fe80::1%eth0", "fe800000000000"],
    ["::1", "00000000000000"],
    ["unknown", "unknown"],
    ["", "unknown"],
    ["192.0.2", "unknown"],
    ["192.0.2.256", "unknown"],
    ["2001:db8", "unknown"],
  ];
  for (const [address, network] of same) assert.equal(networkOf(address), network, address);
});

test("a proxy is known by its address or its network, and what is neither is named", () => {
  const isProxy = proxiesOf(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "::1"]);
  for (const one of ["127.0.0.1", "::ffff:127.0.0.1", "10.255.0.1", "2001:db8:ffff::1", "::1"])
    assert.equal(isProxy(one), true, one);
  for (const one of ["127.0.0.2", "11.0.0.1", "2001:db9::1", "::2", "unknown", "", undefined])
    assert.equal(isProxy(one), false, one);
  assert.equal(proxiesOf([])("127.0.0.1"), false);
  for (const one of ["proxy.example", "10.0.0.0/33", "10.0.0/8", "", "::1/129", "10.0.0.1 ,"])
    assert.throws(
      () => proxiesOf([one]),
      (thrown) => thrown instanceof Fault && thrown.code === "CONFIG_INVALID" && thrown.detail.includes(one),
    );
});

test("nobody is named by a proxy that says nothing, or nothing that is an address", () => {
  const isProxy = proxiesOf(["127.0.0.1"]);
  const cases: readonly (readonly [readonly string[], string | null])[] = [
    [["127.0.0.1", "192.0.2.1"], "192.0.2.1"],
    // A process of ours, on this machine.
    [["127.0.0.1", "127.0.0.1"], "127.0.0.1"],
    [["127.0.0.1"], null],
    [["127.0.0.1", "unknown"], null],
    [["127.0.0.1", ""], null],
    [["192.0.2.9"], "192.0.2.9"],
  ];
  for (const [addresses, visitor] of cases) assert.equal(visitorNamed(isProxy, addresses), visitor, addresses.join());
});
