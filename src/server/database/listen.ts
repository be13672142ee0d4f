/** Listening to what other processes say through the database. */
import type { Pool } from "./pool.ts";

/** `isOpen` turns false when its connection is lost, and then only the waking is. */
export type Listener = { readonly isOpen: () => boolean; readonly close: () => void };

/** Calls `wake` whenever somebody says something on the channel. */
export async function listenFor(
  pool: Pool,
  channel: "pillarbox_event" | "pillarbox_delivery",
  wake: () => void,
): Promise<Listener> {
  const client = await pool.connect();
  let open = true;
  const close = (): void => {
    if (open) client.release(true);
    open = false;
  };
  client.on("error", close);
  client.on("end", close);
  client.on("notification", wake);
  try {
    await client.query(`LISTEN ${channel}`);
  } catch (thrown) {
    close();
    throw thrown;
  }
  return { isOpen: () => open, close };
}
