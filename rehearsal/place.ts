/**
 * An installation of its own for a rehearsal, with every process of a real one, its people, and a real mail server with
 * mailboxes. Nothing of it is left afterwards.
 */
import { canonicalJson, parseJson } from "../src/domain/canonical.ts";
import { signInWith, type Desk } from "../src/cli/desk/desk.ts";
import { demoConfig, type DemoConfig } from "../demo/config.ts";
import { demoForms, type DemoForms } from "../demo/forms.ts";
import { HARROWMERE } from "../demo/people.ts";
import { preparedOf, type PreparedPerson } from "../demo/prepared.ts";
import { setUpBodies } from "../demo/set-up.ts";
import { newMailboxes, type Mailboxes } from "../src/post-office/mailboxes.ts";
import { receiveMail } from "../src/post-office/smtp.ts";
import { freeLocalPorts } from "../supervisor/free-ports.ts";
import { startWorld, type World } from "../demo/world.ts";

export const BODY = HARROWMERE;

export type Place = {
  readonly world: World;
  readonly config: DemoConfig;
  readonly forms: DemoForms;
  readonly mailboxes: Mailboxes;
  /** by what the demonstration calls them: "owner", "auditor", "operator at the host", "case officer" (four), … */
  readonly person: (part: string, nth?: number) => PreparedPerson;
  readonly visit: (who: PreparedPerson) => Promise<Desk>;
  readonly stop: () => Promise<void>;
};

export async function openPlace(): Promise<Place> {
  const mailboxes = newMailboxes();
  const [smtp, returns] = (await freeLocalPorts(2)) as [number, number];
  const carrier = await receiveMail(smtp, returns, mailboxes, Date.now);
  const world = await startWorld({
    demonstration: true,
    also: ["mailroom", "jobs", "inspect", "monitor"],
    mail: {
      smtpUrl: `smtp://localhost:${smtp}`,
      from: "letters@post.example",
      bounce: { host: "127.0.0.1", port: returns, domain: "returns.post.example" },
    },
  });
  const stop = async (): Promise<void> => {
    await world.stop();
    carrier.close();
  };
  try {
    const config = demoConfig(canonicalJson(world.config));
    const prepared = preparedOf(parseJson(JSON.stringify(world.prepared)));
    const forms = demoForms(config.root);
    await setUpBodies(config, prepared, forms);
    return {
      world,
      config,
      forms,
      mailboxes,
      stop,
      person: (part, nth = 0) => {
        const found = prepared.people.filter((one) => one.part === part && (one.body === BODY || one.body === ""))[nth];
        if (!found) throw new Error(`nobody is ${part}`);
        return found;
      },
      visit: (who) => signInWith(config, who.email, who.unlocked),
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/**
 * Waits for something that others bring about.
 * @throws Error naming it when it does not come within `patience` milliseconds
 */
export async function until(what: string, is: () => boolean | Promise<boolean>, patience = 120_000): Promise<void> {
  for (const end = Date.now() + patience; !(await is()); await new Promise((later) => setTimeout(later, 100)))
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}
