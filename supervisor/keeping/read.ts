/**
 * A backup, read twice: once whole, so that nothing is done with a part of one that breaks off or does not fit its
 * manifest; then again, each part compared once more, because the file may have changed.
 */
import { fromUtf8 } from "../../src/domain/bytes.ts";
import {
  FIRST,
  keptPart,
  MANIFEST,
  manifestOf,
  type KeptPart,
  type Manifest,
} from "../../src/domain/keeping/manifest.ts";
import { partsOf, type Part } from "../../src/domain/keeping/tar.ts";
import { Fault } from "../../src/domain/problem.ts";
import { Refusal } from "../refusal.ts";
import { opened } from "./seal.ts";
import { stopIfAsked } from "./stop.ts";

/** Every part fits the manifest, nothing is missing, and the seal holds to the end. @throws Refusal */
export async function readWhole(path: string, identities: readonly string[]): Promise<Manifest> {
  const read: KeptPart[] = [];
  let manifest: Manifest | null = null;
  try {
    for await (const part of partsOf(opened(path, identities))) {
      stopIfAsked();
      if (manifest !== null) throw new Fault("RESTORE_REFUSED", "something stands behind its manifest");
      if (part.name === MANIFEST) manifest = manifestOf(part, read);
      else read.push(keptPart(part));
      if (read[0] !== undefined && read[0].name !== FIRST)
        throw new Fault("RESTORE_REFUSED", "it does not begin as a backup does");
      if (part.name === FIRST) refuseVersion(part);
    }
  } catch (thrown) {
    throw thrown instanceof Fault ? new Refusal(`${path} is not a whole backup: ${thrown.detail}.`) : thrown;
  }
  if (manifest === null) throw new Refusal(`${path} is not a whole backup: its manifest is not there.`);
  return manifest;
}

function refuseVersion({ bytes }: Part): void {
  let v: unknown;
  try {
    ({ v } = JSON.parse(fromUtf8(bytes)) as { v?: unknown });
  } catch {
    throw new Fault("RESTORE_REFUSED", "its beginning cannot be read");
  }
  if (v !== 1) throw new Fault("RESTORE_REFUSED", "it is of another form, or of a later Pillarbox");
}

/** Its parts once more, but for the manifest. @throws Refusal where one is not what was read before */
export async function* readAgain(
  path: string,
  identities: readonly string[],
  manifest: Manifest,
): AsyncGenerator<Part> {
  let at = 0;
  for await (const part of partsOf(opened(path, identities))) {
    stopIfAsked();
    if (part.name === MANIFEST) continue;
    const [said, found] = [manifest.parts[at++], keptPart(part)];
    if (said === undefined || said.name !== found.name || said.sha256 !== found.sha256)
      throw new Refusal(`${path} changed while it was read.`);
    yield part;
  }
  if (at !== manifest.parts.length) throw new Refusal(`${path} changed while it was read.`);
}
