// Names that were probably meant.

/** The candidate that differs from `wanted` in a few letters at most, case and blanks not counted; null: none does. */
export function nearMiss(wanted: string, candidates: readonly string[]): string | null {
  const name = nearest(wanted, candidates);
  return name !== null && distance(plain(wanted), plain(name)) <= Math.max(1, wanted.length / 4)
    ? name
    : null;
}

/** The candidate with the fewest differences, however many; null: there is no candidate. */
export function nearest(wanted: string, candidates: readonly string[]): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of candidates) {
    const found = distance(plain(wanted), plain(name));
    if (!best || found < best.distance) best = { name, distance: found };
  }
  return best?.name ?? null;
}

function plain(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** Letters to add, take out or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
