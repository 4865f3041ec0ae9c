// Answers that cost much to find and that are asked for again and again, kept by what they are about.

/**
 * `make`, asked once for each key. Keys come from outside: after `limit` of them all is forgotten and begins anew. Where
 * `make` throws nothing is kept.
 */
export function remembered<Key, Value>(limit: number, make: (key: Key) => Value): (key: Key) => Value {
  const kept = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const known = kept.get(key);
    if (known) return known.value;
    const value = make(key);
    if (kept.size >= limit) kept.clear();
    kept.set(key, { value });
    return value;
  };
}
