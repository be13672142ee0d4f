/**
 * Every event has its leaf, the tree recomputed from the entries has the signed root, and every checkpoint ever kept is
 * a beginning of it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../../../src/domain/bytes.ts";
import { openCheckpoint } from "../../../src/domain/log/checkpoint.ts";
import { HOST, keyOfLog, mayStandIn } from "../../../src/domain/log/names.ts";
import { parseVerifierKey } from "../../../src/domain/log/note-key.ts";
import { nodesOfTiles } from "../../../src/domain/log/tile.ts";
import { treeRoot } from "../../../src/domain/log/tree.ts";
import { logStoreOf } from "../../../supervisor/installation.ts";
import { naiveLeaf, naiveTree } from "../log-trees.ts";
import { natively } from "../native-verifier.ts";
import type { Judged } from "../judge.ts";
import type { Seen } from "./seen.ts";

export function logFindings(world: Judged, seen: Seen): string[] {
  const findings = [...eventFindings(seen)];
  if (!seen.heads.some(({ body }) => body === HOST)) findings.push("there is no signed head");
  for (const head of seen.heads) findings.push(...oneLog(world, seen, head));
  return findings;
}

/** The host's log, or a body's: each by itself. */
function oneLog(world: Judged, seen: Seen, head: Seen["heads"][number]): string[] {
  const findings: string[] = [];
  const { body } = head;
  const leaves = seen.events.filter((row) => row.leaf !== null && row.body === body).sort((a, b) => a.leaf! - b.leaf!);
  for (const { id, entry } of leaves)
    if (entry && !mayStandIn(entry, body)) findings.push(`event ${id} stands in another log than its own`);
  leaves.forEach((row, i) => {
    if (row.leaf !== i) findings.push(`event ${row.id} has leaf ${row.leaf} where ${i} comes next`);
  });
  if (head.checkpoint === null) return [...findings, "there is no signed head"];
  if (head.size !== leaves.length)
    findings.push(`the head's size is ${head.size}, and ${leaves.length} events have a leaf`);
  if (head.signed_size !== head.size) findings.push(`${head.signed_size} leaves are signed of ${head.size}`);

  const tree = naiveTree(leaves.map((row) => naiveLeaf(row.bytes)));
  const rootAt = (size: number): string => (size <= leaves.length ? toHex(tree.root(size)) : "none");
  if (toHex(head.root ?? new Uint8Array()) !== rootAt(head.size))
    findings.push("the head's root is not that of the entries");
  try {
    const tiles = new Map(
      seen.tiles
        .filter((tile) => tile.body === body)
        .map((tile) => [`${tile.level}/${tile.index}`, new Uint8Array(tile.hashes)]),
    );
    if (
      toHex(
        treeRoot(
          head.size,
          nodesOfTiles((level, index) => tiles.get(`${level}/${index}`)!),
        ),
      ) !== rootAt(head.size)
    )
      findings.push("the tiles give another root than the entries");
  } catch {
    findings.push("the tiles do not hold the tree");
  }

  const key = natively(keyOfLog(parseVerifierKey(world.config.logKey), body));
  const directory = join(logStoreOf(world.data), ...(body === HOST ? [] : [`${body}.log`]));
  const kept = readdirSync(directory)
    .filter((name) => name.endsWith(".checkpoint"))
    .sort()
    .map((name) => ({ name, note: readFileSync(join(directory, name), "utf8") }));
  for (const { name, note } of [...kept, { name: "the published one", note: head.checkpoint }]) {
    try {
      const { size, root } = openCheckpoint(note, key);
      if (toHex(root) !== rootAt(size))
        findings.push(`checkpoint ${name}: its root at size ${size} is not that of the entries`);
    } catch (thrown) {
      findings.push(`checkpoint ${name}: ${String(thrown)}`);
    }
  }
  if (kept.at(-1)?.note !== head.checkpoint) findings.push("the published checkpoint is not the last one kept");
  return findings;
}

function* eventFindings(seen: Seen): Generator<string> {
  const nonces = new Set<string>();
  for (const { id, at, kind, leaf, entry } of seen.events) {
    if (leaf === null) yield `event ${id} has no leaf`;
    if (!entry) yield `event ${id} cannot be read`;
    else {
      if (entry.kind !== kind || entry.at !== at) yield `event ${id}: its columns say something else than its entry`;
      if (nonces.has(entry.nonce)) yield `event ${id}: its nonce stands elsewhere too`;
      nonces.add(entry.nonce);
      if ((entry.kind === "log.started") !== (leaf === 0))
        yield `event ${id}: the log's start is its first leaf, and no other`;
    }
  }
}
