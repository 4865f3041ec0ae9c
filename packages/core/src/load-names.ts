// The key behind every keyed hash: made once, kept in the store, never shown.
import { decode, encode } from './codec.ts';
import { metaRecord } from './ids.ts';
import { createNames, type KeyedNames } from './names.ts';
import type { BookingSource, Clock, Entropy, PortResult, Store } from './ports.ts';
import { Ok } from './result.ts';

export async function loadNames({
  source,
  store,
  clock,
  entropy,
}: {
  readonly source: BookingSource;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
}): PortResult<KeyedNames> {
  const id = metaRecord('names');
  for (;;) {
    const found = await store.find([id]);
    if (found.isErr()) return found;
    const [stored] = found.value;
    if (stored) return Ok(createNames(source.name, entropy, decode<{ key: string }>(stored, []).key));
    const put = {
      id,
      kind: 'meta' as const,
      version: 1,
      revision: 1,
      changedAt: clock.now(),
      lanes: { mail: null, crm: null, forget: null },
      keys: [],
      body: encode({ key: entropy.id() + entropy.id() }),
    };
    // Whoever saves first makes the key; the other finds it at the next look.
    const saved = await store.save([{ put, expected: 0, history: [] }]);
    if (saved.isErr()) return saved;
  }
}
