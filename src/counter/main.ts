/**
 * The counter: every page that can hold answers without script. Its door keeps the port and its workers, which see the
 * text of letters and do not live long.
 */
import cluster from "node:cluster";
import { codeOf } from "../domain/problem.ts";
import { openDoor } from "./door.ts";
import { detailOf, note } from "./log.ts";

async function main(): Promise<void> {
  // The door never loads what reads letters.
  if (!cluster.isPrimary) return (await import("./worker.ts")).work();
  const credential = process.env["PB_COUNTER_CREDENTIAL"];
  delete process.env["PB_COUNTER_CREDENTIAL"];
  const door = await openDoor(credential);
  const stop = (): void => void door.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.once("disconnect", stop);
  process.send?.({ ready: true });
}

main().catch((thrown: unknown) => {
  const { code } = thrown as { readonly code?: unknown };
  note({ level: "error", code: code === "EADDRINUSE" ? "PORT_IN_USE" : codeOf(thrown), detail: detailOf(thrown) });
  process.exit(1);
});
