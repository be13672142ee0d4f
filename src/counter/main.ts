/**
 * The counter: every page that can hold answers without script. It sees the text of a letter during each of its
 * requests, writes none and logs none; it has no session, no cookie and no database.
 */
import { createApp } from "./app.ts";
import { parseConfig } from "./config.ts";
import { Forms } from "./forms.ts";
import { note, detailOf } from "./log.ts";
import { renderer, siteOf } from "./render.ts";
import { codeOf } from "../domain/problem.ts";
import { wireTo } from "./wire.ts";

async function main(): Promise<void> {
  const config = parseConfig(process.env["PB_CONFIG"], process.env["PB_COUNTER_CREDENTIAL"]);
  delete process.env["PB_COUNTER_CREDENTIAL"];
  const now = Date.now;
  const wire = wireTo(config);
  const app = await createApp({
    config,
    site: siteOf(config),
    wire,
    forms: new Forms(wire, config, now),
    render: renderer(config.root),
    now,
  });
  const stop = (): void => void app.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.once("disconnect", stop);
  await app.listen({ port: config.counterPort, host: config.host });
  process.send?.({ ready: true });
}

main().catch((thrown: unknown) => {
  const { code } = thrown as { readonly code?: unknown };
  note({ level: "error", code: code === "EADDRINUSE" ? "PORT_IN_USE" : codeOf(thrown), detail: detailOf(thrown) });
  process.exit(1);
});
