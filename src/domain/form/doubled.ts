/** Keys that stand twice in one object of a JSON text: a parser keeps the last and says nothing. */
import type { Problem } from "./read.ts";
import { place } from "./read.ts";

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** @param text JSON that parses; each doubled key with its place */
export function doubledKeys(text: string): readonly Problem[] {
  const found: Problem[] = [];
  type Open = { readonly where: string; readonly keys: Set<string> | null; at: string | number };
  const open: Open[] = [];
  const here = (): string => {
    const inner = open.at(-1);
    return inner === undefined ? "" : place(inner.where, inner.at);
  };
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === "{" || token === "[")
      open.push({ where: here(), keys: token === "{" ? new Set() : null, at: token === "{" ? "" : 0 });
    else if (token === "}" || token === "]") open.pop();
    else if (token === "," && inner?.keys === null) inner.at = Number(inner.at) + 1;
    else if (token === ":" && inner?.keys) {
      inner.at = JSON.parse(last) as string;
      if (inner.keys.has(inner.at))
        found.push({ where: here(), text: `“${inner.at}” stands here twice, and only the last counts.` });
      inner.keys.add(inner.at);
    }
    last = token;
  }
  return found;
}
