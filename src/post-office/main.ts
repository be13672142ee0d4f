/**
 * The demonstration's post office: stands for the mail servers of the people who get letters. It exists in the
 * demonstration only, and nothing of Pillarbox depends on it; what it shows is what was really sent.
 */
import { newMailboxes } from "./mailboxes.ts";
import { postOfficePage, type Page } from "./page.ts";
import { receiveMail } from "./smtp.ts";

const port = (name: string): number => {
  const value = Number(process.env[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is missing`);
  return value;
};

async function main(): Promise<void> {
  const config = JSON.parse(process.env["PB_CONFIG"] ?? "") as Page & {
    readonly demonstration: boolean;
    readonly host: string;
  };
  if (!config.demonstration) throw new Error("There is no post office outside a demonstration.");
  const mailboxes = newMailboxes();
  const smtp = await receiveMail(port("PB_POST_OFFICE_SMTP"), port("PB_RETURNS_PORT"), mailboxes, Date.now);
  const app = await postOfficePage(config, mailboxes);
  await app.listen({ host: config.host, port: port("PB_POST_OFFICE_PORT") });
  const stop = (): void => {
    smtp.close();
    void app.close().then(() => process.exit(0));
  };
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, stop);
  process.send?.({ ready: true });
}

main().catch((thrown: unknown) => {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level: "error", process: "post-office", detail: thrown instanceof Error ? thrown.message : "" })}\n`,
  );
  process.exit(1);
});
