/**
 * The built bundles call nothing that the oldest browsers named in `src/domain/form/browsers.ts` lack, as MDN's data
 * says, and the page's own question (`src/form-page/capable.ts`) leaves out nothing that it needs.
 *
 * A call is known by its name alone, so a name passes where any interface that has it is old enough; statics
 * (`AbortSignal.timeout`) are looked up as they are written.
 */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { BUNDLES, bundleScript } from "../../build/scripts.ts";
import { PUBLIC_BROWSERS, MEMBER_BROWSERS, type Browsers } from "../../src/domain/form/browsers.ts";
import { callsIn, newerThan, type Call } from "./compat.ts";
import { root } from "./pinned.ts";

/** Called, but asked for first; and the one name of a given static that others have, too. */
const ASKED_FOR: { readonly [call: string]: string } = {
  toHex: "the libraries",
  fromHex: "the libraries",
  toBase64: "the libraries",
  fromBase64: "the libraries",
  "Uint8Array.fromHex": "the libraries",
  "Uint8Array.fromBase64": "the libraries",
  "Intl.Segmenter": "govuk-frontend, which only counts words with it",
  Segmenter: "the same",
  segment: "the same",
  yield: "the libraries",
  moveBefore: "preact",
  createPolicy: "worker-start.ts",
  createScriptURL: "worker-start.ts",
  groupBy: "of Map, below",
  use: "ours: a passkey is made, and used",
  getTransports: "@simplewebauthn/browser, of what a device answered",
  getPublicKeyAlgorithm: "the same",
  getAuthenticatorData: "the same",
  isConditionalMediationAvailable: "the same, of the browser",
};

/** What `build/for-older-browsers.ts` gives. */
const GIVEN = ["isWellFormed", "toWellFormed", "toSorted", "toReversed", "Map.groupBy", "AbortSignal.timeout"];

describe("the oldest browsers that are named", () => {
  const calls = new Map<string, readonly Call[]>();
  before(async () => {
    for (const bundle of BUNDLES) {
      const { assets } = await bundleScript(root, bundle);
      calls.set(bundle.name, callsIn(assets.map(({ bytes }) => Buffer.from(bytes).toString("utf8")).join("\n")));
    }
  });

  const lacking = (bundle: string, browsers: Browsers): string[] =>
    newerThan(calls.get(bundle)!, browsers)
      .map(({ name }) => name)
      .filter((name) => !(name in ASKED_FOR) && !GIVEN.includes(name));

  for (const { name } of BUNDLES) {
    it(`${name} calls nothing that they lack`, () => {
      assert.deepEqual(lacking(name, name.startsWith("staff") ? MEMBER_BROWSERS : PUBLIC_BROWSERS), []);
    });
  }

  // Otherwise the test above would pass on a list that nothing is found in.
  it("would show a method that is newer", () => {
    const found = callsIn("a.toWellFormed();AbortSignal.timeout(1);new DecompressionStream;b.map(c)");
    assert.deepEqual(
      newerThan(found, PUBLIC_BROWSERS).map(({ name }) => name),
      ["toWellFormed", "AbortSignal.timeout", "DecompressionStream"],
    );
  });

  it("what is given to them is what the bundles call", () => {
    const called = new Set([...calls.values()].flat().map(({ name }) => name));
    assert.deepEqual(
      GIVEN.filter((name) => !called.has(name)),
      [],
    );
  });
});
