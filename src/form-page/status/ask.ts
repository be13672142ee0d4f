/** What the status page asks the server: of the words only the sign-in part leaves. */
import { readKey } from "../../contract/public.ts";
import { addToLetter, askErasure as erasure, findStatus } from "../../contract/receipts.ts";
import { addressOf, refusalIn, requestOf, type Asked } from "../../contract/route.ts";
import { fromUtf8, type Bytes } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { codeOf, Fault, type Code } from "../../domain/problem.ts";
import { parseStatus, type Status } from "../../domain/receipt/status.ts";

const PATIENCE = 60_000;
const request: RequestInit = {
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
};

/** @throws `UNAVAILABLE` where no answer came, or the server's code */
async function answered(address: string, init: RequestInit): Promise<Bytes> {
  let bytes: Bytes;
  let response: Response;
  try {
    response = await fetch(address, { ...request, ...init, signal: AbortSignal.timeout(PATIENCE) });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Fault("UNAVAILABLE");
  }
  if (!response.ok) throw new Fault(refusalIn(bytes));
  return bytes;
}

const asked = ({ method, type, body }: Asked): RequestInit => ({
  method,
  ...(type === null ? {} : { headers: { "content-type": type } }),
  ...(body === null ? {} : { body: body as Uint8Array<ArrayBuffer> }),
});

/** null where nothing belongs to this sign-in part. */
export const find = async (address: string, signIn: Bytes): Promise<Status | null> =>
  parseStatus(await answered(address, asked(requestOf(findStatus, {}, { signIn }))));

export const askErasure = async (address: string, signIn: Bytes): Promise<void> =>
  void (await answered(address, asked(requestOf(erasure, {}, { signIn }))));

export const fetchKey = async (form: string): Promise<unknown> =>
  parseJson(fromUtf8(await answered(addressOf(readKey, { form }), {})));

/** The code of what the server did not take; null when it did. */
export async function post(address: string, addition: Bytes): Promise<Code | null> {
  try {
    await answered(address, asked(requestOf(addToLetter, {}, addition)));
    return null;
  } catch (thrown) {
    return codeOf(thrown);
  }
}
