/**
 * The mailroom: the second place where plaintext passes a process of ours, and the last. It has no database, writes
 * nothing down of what it sees, and its key dies with it.
 */
import { codeOf } from "../domain/problem.ts";
import { listenForBounces } from "./bounces.ts";
import { carrierTo } from "./carrier.ts";
import { parseConfig } from "./config.ts";
import { startServer } from "./server.ts";
import { detailOf, note } from "./log.ts";
import { openMailroom } from "./mailroom.ts";
import { statementsFrom } from "./statements.ts";

async function main(): Promise<void> {
  const config = parseConfig(process.env);
  for (const name of ["PB_MAIL_KEY", "PB_SMTP_URL", "PB_MAILROOM_CREDENTIAL"]) delete process.env[name];
  const carrier = config.carrier && carrierTo(config.carrier);
  const stateOf = statementsFrom(config);
  const mailroom = await openMailroom(config, stateOf, carrier?.send ?? null, Date.now);
  const bounces = config.bounce && (await listenForBounces(config.bounce, config.returnKey));
  const server = await startServer(config, stateOf, mailroom, bounces);
  const stop = (): void => {
    carrier?.close();
    bounces?.close();
    void server.close().then(() => process.exit(0));
    // A carrier that takes its time is not waited for: what it says then nobody knows, and the delivery says so.
    setTimeout(() => process.exit(0), 5_000).unref();
  };
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
