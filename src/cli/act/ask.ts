/** Asking that named people may read a form's letters. The asker needs no key. */
import { id, member } from "../shape.ts";
import type { Visit } from "./visit.ts";
import type { Request } from "../wire.ts";

export type Asking = Pick<Request, "inbox" | "persons" | "scope" | "until" | "purpose" | "purposeText">;

/** @returns the id of the request @throws the server's refusals, `REFUSED_EMPTY` for nobody among them */
export async function ask({ client }: Visit, body: string, asking: Asking): Promise<string> {
  return member("request", id)((await client.post(`/api/bodies/${encodeURIComponent(body)}/requests`, asking)).value);
}

const decided =
  (step: "decline" | "withdraw") =>
  async ({ client }: Visit, body: string, request: string, content: object): Promise<void> =>
    void (await client.post(`/api/bodies/${encodeURIComponent(body)}/requests/${request}/${step}`, content));

export const decline = (visit: Visit, body: string, request: string, reason: string): Promise<void> =>
  decided("decline")(visit, body, request, { reason });
export const withdraw = (visit: Visit, body: string, request: string): Promise<void> =>
  decided("withdraw")(visit, body, request, {});
