/** A program's way to the staff server: keeps the cookie of one session, and says where it comes from as a page does. */
import type { Send } from "../../member/wire/api.ts";
import { fetchFrom } from "../fetch.ts";

export type Session = {
  /** @throws `UNAVAILABLE` when nobody answers: a program names the address, where a page says “cannot be reached” */
  readonly send: Send;
  /** What it is signed in with, for a request of another kind. */
  readonly cookie: () => string;
};

/** @param origin of the staff pages, without a path */
export function sessionAt(origin: string): Session {
  const cookies = new Map<string, string>();
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

  function keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [name = "", value = ""] = line.split(";")[0]!.split(/=(.*)/s);
      if (value === "" || /;\s*max-age=0/i.test(line)) cookies.delete(name.trim());
      else cookies.set(name.trim(), value);
    }
  }

  return {
    cookie,
    send: async ({ method, path, body }) => {
      // Opening letters may keep a program busy for longer than a server keeps a connection; what is sent over one that
      // was closed meanwhile is lost, and nobody knows how far it came. So each request has its own.
      const headers = { accept: "application/json", connection: "close", origin, "sec-fetch-site": "same-origin" };
      const response = await fetchFrom(origin + path, {
        method,
        headers: {
          ...headers,
          ...(cookies.size > 0 && { cookie: cookie() }),
          ...(body !== null && { "content-type": "application/json" }),
        },
        ...(body !== null && { body }),
      });
      keep(response.headers.getSetCookie());
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}
