/** What the demonstration needs of `PB_CONFIG`. */
import { parseJson } from "../src/domain/canonical.ts";
import { Fault } from "../src/domain/problem.ts";
import type { Installation } from "../src/cli/act/visit.ts";
import type { KeyKind } from "../src/domain/seal/age.ts";
import { anything, id, maybe, object, oneOf, record, text } from "../src/cli/shape.ts";

const config = record({
  installation: id,
  publicOrigin: text,
  staffOrigin: text,
  counterOrigin: text,
  sealing: oneOf("hybrid", "x25519"),
  logKey: maybe(text),
  root: text,
  roots: anything,
});

export type DemoConfig = Installation & {
  readonly sealing: KeyKind;
  readonly publicOrigin: string;
  readonly counterOrigin: string;
  readonly root: string;
};

/** @throws `CONFIG_INVALID` */
export function demoConfig(text: string | undefined): DemoConfig {
  try {
    const { roots, logKey, ...rest } = config(parseJson(text ?? ""));
    return { ...rest, logKey: logKey ?? "", roots: object(roots ?? {}) as Record<string, string> };
  } catch {
    throw new Fault("CONFIG_INVALID", "PB_CONFIG does not say what the demonstration needs");
  }
}
