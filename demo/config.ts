/** What the demonstration needs of `PB_CONFIG`. */
import { fromHex } from "../src/domain/bytes.ts";
import { parseJson } from "../src/domain/canonical.ts";
import { Fault } from "../src/domain/problem.ts";
import { zonesOf, type Setup } from "../src/member/setup.ts";
import { anything, anyText, dictionary, hash, id, maybe, oneOf, record, slug } from "../src/contract/shape.ts";

const config = record({
  installation: id,
  publicOrigin: anyText,
  staffOrigin: anyText,
  counterOrigin: anyText,
  sealing: oneOf("hybrid", "x25519"),
  logKey: maybe(anyText),
  mailKey: hash,
  policy: maybe(anyText),
  watchers: record({ monitor: hash }),
  root: anyText,
  roots: anything,
  operators: anything,
  zones: maybe(dictionary(slug, anyText)),
});

/** An installation as it was set up here: its roots come from its own configuration, and from no server. */
export type DemoConfig = Setup & { readonly counterOrigin: string; readonly root: string };

/** @throws `CONFIG_INVALID` */
export function demoConfig(text: string | undefined): DemoConfig {
  try {
    const { roots, operators, zones, logKey, watchers, ...rest } = config.parse(parseJson(text ?? ""));
    return {
      ...rest,
      logKey: logKey ?? "",
      monitorKey: watchers.monitor,
      roots: new Map(Object.entries(roots ?? {}).map(([body, root]) => [slug.parse(body), hash.parse(root)])),
      operators: new Map(
        Object.entries(operators ?? {}).map(([one, key]) => [id.parse(one), fromHex(hash.parse(key))]),
      ),
      zones: zonesOf(zones),
      demonstration: true,
      demoPeople: [],
      lockAfterMs: 0,
      worker: "",
    };
  } catch {
    throw new Fault("CONFIG_INVALID", "PB_CONFIG does not say what the demonstration needs");
  }
}
