// One text for one value: what breaks ties between equal stamps, and what tells whether anything changed.

/** JSON with keys in sorted order, so that equal values give equal texts however they were built. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (isPlain(inner) ? sorted(inner) : inner)) ?? 'null';
}

function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(object: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((name) => [name, object[name]]),
  );
}
