// Names that were probably meant.

/** The candidate that differs from `wanted` in no more than a few letters, case and blanks not counted; null: none does. */
export function nearest(wanted: string, candidates: readonly string[]): string | null {
  const distances = candidates.map((name) => ({ name, distance: distance(plain(wanted), plain(name)) }));
  const best = distances.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, wanted.length / 4) ? best.name : null;
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
