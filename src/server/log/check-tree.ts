/** The question before every signature: does the tree in the database still extend what was signed last? */
import { equalBytes, toHex, type Bytes } from "../../domain/bytes.ts";
import { edgeTiles, nodesOfTiles, tilesFor } from "../../domain/log/tile.ts";
import { consistencyProof, EMPTY_ROOT, treeRoot, type ReadNode } from "../../domain/log/tree.ts";
import { verifyConsistency } from "../../domain/log/tree-verify.ts";
import { Fault } from "../../domain/problem.ts";
import { HOST, type Whose } from "../../domain/log/names.ts";
import { readTiles, type Which } from "./store/log.ts";
import type { Db } from "../database/pool.ts";

/** A tree by its size and root. */
export type TreeHead = { readonly size: number; readonly root: Bytes };

export const EMPTY_TREE: TreeHead = { size: 0, root: EMPTY_ROOT };

/** The tree of one log. */
type TreeOf = TreeHead & Which;

/**
 * Recomputes from the tiles the root of the tree at its size and at the stored one, and the proof that leads from one
 * to the other.
 * @throws `LOG_DIVERGED`, naming both sizes and roots: an old database was restored, or rewritten, or the store belongs
 * to another log.
 */
export async function checkTree(db: Db, head: TreeOf, stored: TreeHead): Promise<void> {
  const why = await whatIsWrong(db, head, stored);
  if (why !== null) throw diverged(why, head, stored);
}

/** The refusal to sign, with both sizes and roots: what the operator compares with the backups at hand. */
export const diverged = (why: string, head: TreeHead & { readonly whose: Whose }, stored: TreeHead): Fault =>
  new Fault(
    "LOG_DIVERGED",
    `${head.whose === HOST ? "" : `the log of ${head.whose}: `}${why}; signed: size ${stored.size}, root ${toHex(stored.root)}; database: size ${head.size}, root ${toHex(head.root)}`,
  );

async function whatIsWrong(db: Db, head: TreeOf, stored: TreeHead): Promise<string | null> {
  if (head.size < stored.size) return "the database is older than the last signed checkpoint";
  const forProof = stored.size > 0 ? tilesFor((read) => consistencyProof(stored.size, head.size, read)) : [];
  const tiles = await readTiles(db, [...edgeTiles(head.size), ...edgeTiles(stored.size), ...forProof], head);
  try {
    return compare(nodesOfTiles(tiles), head, stored);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === "LOG_DIVERGED") return thrown.detail;
    throw thrown;
  }
}

function compare(read: ReadNode, head: TreeHead, stored: TreeHead): string | null {
  if (!equalBytes(treeRoot(head.size, read), head.root)) return "the tiles do not give the root of the head";
  const root = treeRoot(stored.size, read);
  if (!equalBytes(root, stored.root)) return `the tree at the signed size has the root ${toHex(root)}`;
  if (stored.size === 0) return null;
  // Both roots can be right while a tile between them was changed: only the proof ties the one to the other.
  const proof = consistencyProof(stored.size, head.size, read);
  const holds = verifyConsistency({
    first: stored.size,
    firstRoot: stored.root,
    second: head.size,
    secondRoot: head.root,
    proof,
  });
  return holds ? null : "the tree does not extend the last signed checkpoint";
}
