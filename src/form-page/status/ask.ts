/** What the status page asks the server: of the words only the sign-in part leaves. */
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { codeOf, Fault, SENTENCES, type Code } from "../../domain/problem.ts";
import { ADDITION_TYPE } from "../../domain/receipt/adding.ts";
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
  if (!response.ok) throw new Fault(codeIn(bytes));
  return bytes;
}

function codeIn(bytes: Bytes): Code {
  try {
    const { code } = JSON.parse(new TextDecoder().decode(bytes)) as { code?: unknown };
    return typeof code === "string" && Object.hasOwn(SENTENCES, code) ? (code as Code) : "UNAVAILABLE";
  } catch {
    return "UNAVAILABLE";
  }
}

const json = (value: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** null where nothing belongs to this sign-in part. */
export const find = async (address: string, signIn: Bytes): Promise<Status | null> =>
  parseStatus(await answered(address, json({ signIn: toHex(signIn) })));

export const askErasure = async (address: string, signIn: Bytes): Promise<void> =>
  void (await answered(address, json({ signIn: toHex(signIn) })));

export const fetchKey = async (form: string): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await answered(`/forms/${form}/key`, {}))) as unknown;

/** The code of what the server did not take; null when it did. */
export async function post(address: string, body: Uint8Array<ArrayBuffer>): Promise<Code | null> {
  try {
    await answered(address, { method: "POST", headers: { "content-type": ADDITION_TYPE }, body });
    return null;
  } catch (thrown) {
    return codeOf(thrown);
  }
}
