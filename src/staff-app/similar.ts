/** Names that one could be taken for the other. A warning, never a decision. */

const plain = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/gu, "")
    .trim();

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const step = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((rows[i - 1]![j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]![j - 1] ?? 0) + step);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (rows[i - 2]![j - 2] ?? 0) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length] ?? 0;
}

/** The same name, nearly the same, or the same surname behind the same initial. */
export function similar(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === b || distance(a, b) <= 2) return true;
  const [first, second] = [a.split(/ +/), b.split(/ +/)];
  return first.at(-1) === second.at(-1) && first[0]?.[0] === second[0]?.[0];
}

/** Each chosen person with everyone else who has a similar name. */
export function namesakes<T extends { readonly person: string; readonly name: string }>(
  chosen: readonly T[],
  everyone: readonly T[],
): readonly (readonly T[])[] {
  return chosen
    .map((one) => [one, ...everyone.filter((other) => other.person !== one.person && similar(one.name, other.name))])
    .filter((group) => group.length > 1);
}
