// What the CRM says of a person, their segment and whether they may be texted, becomes known to each of their calls that is
// still to come, as a fact like those of a webhook: rules and words may depend on it.
import { bookingWrite, readBooking } from './booking-record.ts';
import { nothingKnown, type PersonFacts, personUnknown } from './facts.ts';
import type { RecipientId } from './ids.ts';
import { join } from './merge.ts';
import type { PortResult, Stored } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { withUselessSkipped } from './skip-useless.ts';
import { statusOf } from './standing.ts';
import { after, earliest, type Instant, latest, Temporal } from './temporal.ts';

/** Tries at a compare-and-set; where all fail, the next look at the person does it. */
const tries = 3;

/** What stands in a contact; what is absent was not read. */
export interface ContactRead {
  readonly segment?: string | null;
  readonly consent?: { readonly property: string; readonly given: boolean };
}

export async function noteRead(
  shell: Shell,
  {
    id,
    read,
    bookings,
  }: { readonly id: RecipientId; readonly read: ContactRead; readonly bookings: readonly Stored[] },
): PortResult<void> {
  const { store, clock, policy } = shell;
  let untold = bookings;
  for (let n = 0; n < tries; n += 1) {
    const writes = untold.flatMap(told);
    if (writes.length === 0) return Ok(undefined);
    const saved = await store.save(writes);
    if (saved.isErr()) return saved;
    shell.wake(earliest(...writes.map(({ put }) => put.lanes.mail)));
    const lost = writes.flatMap(({ put }, index) => (saved.value[index] === 'conflict' ? [put.id] : []));
    const found = await store.find(lost);
    if (found.isErr()) return found;
    untold = found.value;
  }
  return Ok(undefined);

  function told(stored: Stored) {
    const { value } = readBooking(stored);
    const { facts } = value;
    const now = clock.now();
    const status = statusOf(facts, now);
    const person = facts.people[id];
    // Erased while the CRM was being read: what was read then is not kept either.
    if (person?.details?.value.email == null) return [];
    const news = { ...segmentNews(person, read, now), ...consentNews(person, read, now) };
    const names = Object.keys(news);
    if (names.length === 0 || (status !== 'agreed' && status !== 'awaiting')) return [];
    const said = { ...nothingKnown, people: { [id]: { ...personUnknown, ...news } } };
    // Without what was read: a history outlives an erasure.
    const history = names.map((name) => ({ at: now, what: `${name}_read`, detail: {} }));
    const changed = withUselessSkipped(value, { ...value, facts: join(facts, said) }, { policy, now });
    return [bookingWrite(changed, { over: stored, policy, now, crm: 'keep', history })];
  }
}

type Noted = Pick<PersonFacts, 'segment' | 'consent'>;

function segmentNews(person: PersonFacts, { segment }: ContactRead, now: Instant): Noted {
  const known = person.segment?.value;
  const isNews = known === undefined ? segment != null : segment !== undefined && known !== segment;
  return isNews && segment !== undefined
    ? { segment: { value: segment, stamp: { saidAt: now, rank: 0 } } }
    : {};
}

/**
 * An empty property says nothing of itself, since most are: only that what it said before is taken back. A no to the booking's
 * question is the person's own word, and stands.
 */
function consentNews({ consent }: PersonFacts, { consent: read }: ContactRead, now: Instant): Noted {
  if (!read) return {};
  const source = `crm:${read.property}`;
  const known = consent?.value ?? null;
  const isOurs = known?.source === source;
  const isNews = read.given ? !known || known.given !== isOurs : isOurs && known.given;
  if (!isNews) return {};
  const before = consent?.stamp.saidAt;
  const saidAt = latest(now, before ? after(before, instant) : null);
  const value = { given: read.given, text: read.property, source };
  return { consent: { value, stamp: { saidAt, rank: 0 } } };
}

const instant = Temporal.Duration.from({ milliseconds: 1 });
