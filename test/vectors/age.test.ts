/**
 * The public test vectors of the age format (npm cctv-age), through our own guard: what is ours to open opens, and
 * nothing that must fail ever yields a byte.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import * as cctv from "cctv-age";
import { Decrypter } from "age-encryption";
import { Fault } from "../../src/domain/problem.ts";
import { ageOpen } from "../../src/domain/seal/age-open.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { inspectAge } from "../../src/domain/seal/age.ts";

type Vector = { readonly name: string; readonly head: ReadonlyMap<string, string>; readonly file: Uint8Array };

function read(name: string, bytes: Uint8Array): Vector {
  const end = Buffer.from(bytes).indexOf("\n\n");
  const lines = Buffer.from(bytes.subarray(0, end)).toString("latin1").split("\n");
  const head = new Map(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  const body = bytes.subarray(end + 2);
  return { name, head, file: new Uint8Array(head.get("compressed") === "zlib" ? inflateSync(body) : body) };
}

const vectors = Object.entries(cctv as unknown as { [name: string]: Uint8Array })
  .filter(([name, bytes]) => name !== "default" && name !== "module.exports" && bytes instanceof Uint8Array)
  .map(([name, bytes]) => read(name, bytes));

/** Files of one kind that we write: no armour, no passphrase, one of our stanza types. */
const isOurs = ({ head, file }: Vector): boolean => {
  try {
    return head.get("armored") !== "yes" && inspectAge(file) !== undefined;
  } catch {
    return false;
  }
};

const payloadHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("there are the 143 vectors", () => {
  assert.equal(vectors.length, 143);
});

test("the guard never yields a byte of a file that must fail", async () => {
  let refused = 0;
  for (const vector of vectors.filter(({ head }) => head.get("expect") !== "success")) {
    const identity =
      vector.head.get("identity") ?? "AGE-SECRET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6";
    await assert.rejects(ageOpen(identity, vector.file, 1 << 30), Fault, vector.name);
    refused += 1;
  }
  assert.ok(refused > 80, String(refused));
});

// Of the files that must open, those of our kinds do, with the stated payload; the rest are refused, not misread.
test("of the files that must open, those of our kinds do; the rest are refused, not misread", async () => {
  let opened = 0;
  for (const vector of vectors.filter(({ head }) => head.get("expect") === "success")) {
    const identity = vector.head.get("identity");
    if (identity && isOurs(vector)) {
      assert.equal(payloadHash(await ageOpen(identity, vector.file, 1 << 30)), vector.head.get("payload"), vector.name);
      opened += 1;
    } else {
      await assert.rejects(
        ageOpen(
          identity ?? "AGE-SECRET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6",
          vector.file,
          1 << 30,
        ),
        Fault,
        vector.name,
      );
    }
  }
  assert.ok(opened > 8, String(opened));
});

test("the library itself passes the vectors with an identity or passphrase, not armoured", async () => {
  for (const { name, head, file } of vectors) {
    if (head.get("armored") === "yes" || (head.has("passphrase") && head.get("expect") === "success")) continue;
    const decrypter = new Decrypter();
    const identity = head.get("identity");
    if (!identity || head.has("passphrase")) continue;
    decrypter.addIdentity(identity);
    if (head.get("expect") === "success")
      assert.equal(payloadHash(await decrypter.decrypt(file)), head.get("payload"), name);
    else await assert.rejects(async () => decrypter.decrypt(file), name);
  }
});

const program = ["/usr/bin/age", "/usr/local/bin/age"].find((place) => existsSync(place));

test("what the guard seals another implementation opens, and the reverse (age, if installed)", {
  skip: program ? false : "the program age is not installed",
}, async () => {
  const { identity, recipient } = await newIdentity("x25519");
  const directory = mkdtempSync(join(tmpdir(), "pillarbox-age-"));
  try {
    writeFileSync(join(directory, "key"), `${identity}\n`, { mode: 0o600 });
    const content = Uint8Array.from({ length: 100_000 }, (_, i) => i * 31);
    const opened = spawnSync(program!, ["-d", "-i", join(directory, "key")], {
      input: await ageSeal([recipient], content),
      maxBuffer: 1 << 24,
    });
    assert.equal(opened.status, 0, opened.stderr.toString());
    assert.deepEqual(new Uint8Array(opened.stdout), content);
    const sealed = spawnSync(program!, ["-r", recipient], { input: content, maxBuffer: 1 << 24 });
    assert.deepEqual(await ageOpen(identity, new Uint8Array(sealed.stdout), 1 << 20), content);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
