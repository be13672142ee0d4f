/** What the document brings: roots and log key, which all is verified from, and the addresses to ask at. */
import { Fault } from "../../domain/problem.ts";
import type { StatusSetup } from "../../domain/receipt/page.ts";

/** @throws `CONFIG_INVALID` */
export function readSetup(): StatusSetup {
  const { installation, roots, logKey, sealing, findUrl, addUrl, eraseUrl } = JSON.parse(
    document.getElementById("pillarbox-setup")?.textContent ?? "null",
  ) as StatusSetup;
  if (
    !installation ||
    !roots ||
    !logKey ||
    (sealing !== "hybrid" && sealing !== "x25519") ||
    ![findUrl, addUrl, eraseUrl].every((address) => new URL(address, location.href).origin === location.origin)
  )
    throw new Fault("CONFIG_INVALID", "the page's setup is not complete");
  return { installation, roots, logKey, sealing, findUrl, addUrl, eraseUrl };
}
