/**
 * The addresses that people type, where a proxy stands in front: they are another thing than the ports on which the
 * servers listen.
 */
import { proxiesOf } from "../src/domain/network.ts";
import { codeOf } from "../src/domain/problem.ts";
import type { Config } from "./config.ts";
import { Refusal } from "./refusal.ts";

/** What the configuration says of them; nothing where none is set: then people come to the ports themselves. */
export type Addresses = Partial<Pick<Config, "publicOrigin" | "staffOrigin" | "counterOrigin" | "proxies">>;

const VARIABLES = ["PILLARBOX_PUBLIC_ADDRESS", "PILLARBOX_STAFF_ADDRESS", "PILLARBOX_PROXIES"] as const;

/**
 * Reads them from the environment. The counter is a path of the public pages (`/counter/`), unless it has an address of
 * its own.
 * @throws Refusal for what is no address, for http to another machine, for one host name for both, for one without the
 *   others
 */
export function addressesFrom(environment: NodeJS.ProcessEnv): Addresses {
  const set = VARIABLES.filter((name) => (environment[name] ?? "") !== "");
  const own = environment["PILLARBOX_COUNTER_ADDRESS"] ?? "";
  if (set.length === 0 && own === "") return {};
  const missing = VARIABLES.find((name) => !set.includes(name));
  if (missing)
    throw new Refusal(
      `${missing} is not set: behind a proxy set PILLARBOX_PUBLIC_ADDRESS, PILLARBOX_STAFF_ADDRESS and PILLARBOX_PROXIES, all three.`,
    );
  const publicOrigin = originFrom(environment, "PILLARBOX_PUBLIC_ADDRESS");
  const staffOrigin = originFrom(environment, "PILLARBOX_STAFF_ADDRESS");
  // Cookies do not tell ports apart: whoever could change a public page would reach the staff's session.
  if (new URL(publicOrigin).hostname === new URL(staffOrigin).hostname)
    throw new Refusal(
      "PILLARBOX_PUBLIC_ADDRESS and PILLARBOX_STAFF_ADDRESS have one host name: give the staff pages a name of their own.",
    );
  const counterOrigin = own === "" ? publicOrigin : originFrom(environment, "PILLARBOX_COUNTER_ADDRESS");
  // A page may ask for the passkeys of every name that its own ends in.
  for (const [name, origin] of [
    ["PILLARBOX_PUBLIC_ADDRESS", publicOrigin],
    ["PILLARBOX_COUNTER_ADDRESS", counterOrigin],
  ] as const)
    if (new URL(origin).hostname.endsWith(`.${new URL(staffOrigin).hostname}`))
      throw new Refusal(
        `${name} is a name below that of the staff pages, so a public page could ask for the passkeys of staff: give the staff pages a name that no other ends in.`,
      );
  if (counterOrigin === staffOrigin)
    throw new Refusal("PILLARBOX_COUNTER_ADDRESS is that of the staff pages: it belongs to the public ones.");
  return { publicOrigin, staffOrigin, counterOrigin, proxies: proxiesFrom(environment["PILLARBOX_PROXIES"] ?? "") };
}

function originFrom(environment: NodeJS.ProcessEnv, name: string): string {
  const text = environment[name] ?? "";
  const address = URL.parse(text);
  if (address === null || ![address.origin, `${address.origin}/`].includes(text))
    throw new Refusal(`${name} is "${text}": write it as https://forms.example.org, without a path.`);
  // The name goes into a proxy's file: it holds nothing that such a file would read as its own.
  if (!/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(address.hostname))
    throw new Refusal(`${name} is "${text}": write a host name of letters, digits, hyphens and dots.`);
  const here = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(address.hostname);
  if (address.protocol !== "https:" && !(here && address.protocol === "http:"))
    throw new Refusal(`${name} is "${text}": it begins with https://, because what people send passes networks.`);
  return address.origin;
}

function proxiesFrom(text: string): readonly string[] {
  const list = text.split(/[\s,]+/).filter(Boolean);
  try {
    proxiesOf(list);
  } catch (thrown) {
    if (codeOf(thrown) !== "CONFIG_INVALID") throw thrown;
    throw new Refusal(
      `PILLARBOX_PROXIES is "${text}": list addresses or networks, as 127.0.0.1 or 10.0.0.0/8, with commas between them.`,
    );
  }
  return list;
}
