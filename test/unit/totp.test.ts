/** Codes beside a passphrase: the vectors of RFC 4226 and RFC 6238, clocks that are off, and what people type. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toUtf8 } from "../../src/domain/bytes.ts";
import {
  newRecoveryCodes,
  newTotp,
  recoveryHash,
  totpAt,
  totpLink,
  totpStep,
  totpText,
  typedCode,
} from "../../src/domain/person/totp.ts";

const SECRET = toUtf8("12345678901234567890");

test("the codes are those of RFC 4226, appendix D, and of RFC 6238, appendix B", () => {
  const counted = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
  assert.deepEqual(
    counted.map((_code, count) => totpAt(SECRET, count)),
    counted,
  );
  // RFC 6238 shows eight digits for SHA-1: the last six are these.
  for (const [seconds, code] of [
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ] as const) {
    assert.equal(totpAt(SECRET, Math.floor(seconds / 30)), code.slice(2));
    assert.equal(totpStep(SECRET, code.slice(2), seconds * 1000), Math.floor(seconds / 30));
  }
});

test("a clock may be off by one step of thirty seconds to either side, and by no more", () => {
  const at = 1_111_111_111_000;
  const step = 37_037_037;
  for (const off of [-2, -1, 0, 1, 2])
    assert.equal(totpStep(SECRET, totpAt(SECRET, step + off), at), Math.abs(off) <= 1 ? step + off : null, `${off}`);
  assert.equal(totpStep(SECRET, "14050471", at), null, "eight digits are no code");
  assert.equal(totpStep(SECRET, "", at), null);
});

test("what is typed is six digits, or a recovery code, however it is spaced, or nothing", () => {
  assert.deepEqual(typedCode(" 050 471 "), { code: "050471" });
  assert.deepEqual(typedCode("abcd-efgh 2345 wxyz"), { recovery: recoveryHash("ABCD EFGH 2345 WXYZ") });
  for (const odd of ["", "05047", "0504711", "ABCD EFGH 2345 WXY1", "ABCD EFGH 2345 WXY", "０５０４７１"])
    assert.equal(typedCode(odd), null, odd);
});

test("a secret has 160 bits and a recovery code 80; there are ten, and none is like another", () => {
  assert.equal(newTotp().length, 20);
  const codes = newRecoveryCodes();
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}$/);
  assert.equal(totpText(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  assert.equal(
    totpLink(SECRET, "ada@city.example"),
    "otpauth://totp/Pillarbox%3Aada%40city.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Pillarbox&algorithm=SHA1&digits=6&period=30",
  );
});
