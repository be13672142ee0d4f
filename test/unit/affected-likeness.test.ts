/** What makes two names one: nothing but case, spaces and the way in which a letter is composed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fullNameKey } from "../../src/domain/affected/likeness.ts";

test("a title, a mark, an initial, a dot or another order of words makes another full name", () => {
  const names = [
    "Joan Hartwell",
    "Mrs Joan Hartwell",
    "Ms Joan Hartwell",
    "Joan A Hartwell",
    "Joan A. Hartwell",
    "Hartwell Joan",
    "Joán Hartwell",
    "Joan Hartwell Jr",
  ];
  assert.equal(new Set(names.map(fullNameKey)).size, names.length);
  for (const spelled of ["JOAN HARTWELL", " Joan   Hartwell "])
    assert.equal(fullNameKey(spelled), fullNameKey("Joan Hartwell"));
  assert.equal(fullNameKey("Joa\u0301n Hartwell"), fullNameKey("Jo\u00e1n Hartwell"));
  for (const short of ["J Hartwell", "Mrs Hartwell", "Hartwell", ""]) assert.equal(fullNameKey(short), "");
});
