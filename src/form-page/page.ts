/** What the document brings: the form's definition, the setup, and the place where the script works. */
import type { Form } from "../domain/form/form.ts";
import { Fault } from "../domain/problem.ts";
import { isZone, LONDON, type Zone } from "../domain/time.ts";

export type Setup = {
  readonly installation: string;
  readonly body: string;
  /** SHA-256 of the body's first statement, hex: what every key is verified from. */
  readonly root: string;
  /** where the body's clock hangs */
  readonly zone: Zone;
  readonly formHash: string;
  readonly keyUrl: string;
  readonly submissionsUrl: string;
};

export type Page = {
  /**
   * As the document says. It is parsed strictly, and its hash compared with the signed one, before any key is used
   * (`sealing.ts`).
   */
  readonly form: Form;
  readonly setup: Setup;
  readonly main: HTMLElement;
  /** The document's own title; the name of the step goes before it. */
  readonly title: string;
};

function jsonOf(id: string): unknown {
  try {
    return JSON.parse(document.getElementById(id)?.textContent ?? "");
  } catch {
    throw new Fault("MALFORMED", `the document's ${id} is not JSON`);
  }
}

/** An address of this site; anything else would be a third party. */
function ownAddress(value: string): string {
  const address = new URL(value, location.href);
  if (address.origin !== location.origin)
    throw new Fault("CONFIG_INVALID", "an address of the page is not on this site");
  return address.href;
}

function setupOf(value: unknown): Setup {
  const setup = value as Partial<Setup> | null;
  const { installation, body, root, zone, formHash, keyUrl, submissionsUrl } = setup ?? {};
  if (!installation || !body || !root || !formHash || !keyUrl || !submissionsUrl)
    throw new Fault("CONFIG_INVALID", "the page's setup is not complete");
  const [key, submissions] = [ownAddress(keyUrl), ownAddress(submissionsUrl)];
  // A browser that does not know the place says London's time, by its name, and sends the letter all the same.
  const its = zone !== undefined && isZone(zone) ? zone : LONDON;
  return { installation, body, root, zone: its, formHash, keyUrl: key, submissionsUrl: submissions };
}

/**
 * Reads the page.
 * @throws `CONFIG_INVALID`, `MALFORMED`
 */
export function readPage(): Page {
  const main = document.querySelector<HTMLElement>("[data-pillarbox-form]");
  if (!main) throw new Fault("CONFIG_INVALID", "the page has no form");
  return {
    form: jsonOf("pillarbox-form") as Form,
    setup: setupOf(jsonOf("pillarbox-setup")),
    main,
    title: document.title,
  };
}
