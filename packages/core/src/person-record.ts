// Person records as they are kept.
import { type Loaded, retention } from './booking-record.ts';
import { decode, encode, ifSound, type Upgrade } from './codec.ts';
import { personRecord, type RecipientId } from './ids.ts';
import type { PersonRecord } from './person.ts';
import type { HistoryEntry, PortError, Stored } from './ports.ts';
import { Err } from './result.ts';
import { after, type Instant } from './temporal.ts';

const upgrades: readonly Upgrade[] = [];

export function readPerson(stored: Stored): Loaded<PersonRecord> {
  return { stored, value: decode<PersonRecord>(stored, upgrades) };
}

export function readPersonIfSound(stored: Stored): Loaded<PersonRecord> | null {
  return ifSound(stored, readPerson);
}

/** Each by whose it is, and whose cannot be read. */
export function readPersons(found: readonly Stored[]): {
  readonly read: ReadonlyMap<RecipientId, Loaded<PersonRecord>>;
  readonly unreadable: ReadonlySet<RecipientId>;
} {
  const read = new Map<RecipientId, Loaded<PersonRecord>>();
  const unreadable = new Set<RecipientId>();
  for (const stored of found) {
    const person = readPersonIfSound(stored);
    if (person) read.set(recipientOfPerson(stored), person);
    else unreadable.add(recipientOfPerson(stored));
  }
  return { read, unreadable };
}

/** What is answered where all depends on a record that cannot be read. */
export const unreadablePerson: Err<PortError> = Err({
  kind: 'rejected',
  reason: 'what is kept about them is damaged, or of a newer version',
});

export function recipientOfPerson(stored: Stored): RecipientId {
  return stored.id.slice('person:'.length) as RecipientId;
}

export interface Erasure {
  readonly recipient: RecipientId;
  readonly erasedAt: Instant;
}

/** Those of the people among these records who were erased. */
export function erasuresAmong(found: readonly Stored[]): readonly Erasure[] {
  return found
    .filter(({ kind }) => kind === 'person')
    .flatMap((stored) => {
      const { erasedAt } = readPerson(stored).value;
      return erasedAt ? [{ recipient: recipientOfPerson(stored), erasedAt }] : [];
    });
}

/** `crmAt`: when the CRM lane should look again; undefined keeps what the record held. */
export function personWrite(
  id: RecipientId,
  person: PersonRecord,
  options: {
    readonly over: Stored | null;
    readonly now: Instant;
    readonly crmAt?: Instant | null;
    readonly history?: readonly HistoryEntry[];
  },
): { readonly put: Stored; readonly expected: number; readonly history: readonly HistoryEntry[] } {
  const { over, now, crmAt, history = [] } = options;
  const expected = over?.revision ?? 0;
  const mustBeKept = person.suppressed ?? person.erasedAt;
  const crm = crmAt === undefined ? (over?.lanes.crm ?? null) : crmAt;
  return {
    put: {
      id: personRecord(id),
      kind: 'person',
      version: upgrades.length + 1,
      revision: expected + 1,
      changedAt: now,
      lanes: { mail: null, crm, forget: mustBeKept ? null : after(now, retention) },
      keys: [],
      body: encode(person),
    },
    expected,
    history,
  };
}
