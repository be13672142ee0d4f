/** What a submitter asks with the sign-in part of their words: nothing here has a session. */
import { ADDITION_TYPE } from "../domain/receipt/adding.ts";
import { received, submit } from "./public.ts";
import { done, json, JSON_TYPE, octets, open } from "./route.ts";
import { exact, hex } from "./shape.ts";

const signIn = exact({ signIn: hex(32) });

/** Every answer has one length; `domain/receipt/status.ts` writes and reads it. */
export const findStatus = open.post({
  path: "/status/find",
  action: "receipt.status",
  request: json(signIn),
  answer: octets(JSON_TYPE),
});
/** An addition, made by `domain/receipt/adding.ts`. */
export const addToLetter = open.post({
  path: "/status/additions",
  action: "receipt.add",
  request: octets(ADDITION_TYPE),
  status: 201,
  answer: json(received),
  refusals: [...submit.refusals, "RECEIPT_UNKNOWN", "LETTER_ERASED"],
});
export const askErasure = open.post({
  path: "/status/erasure",
  action: "receipt.erase",
  request: json(signIn),
  answer: done,
  refusals: ["RECEIPT_UNKNOWN"],
});
