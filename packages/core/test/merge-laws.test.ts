// The laws of the merge, for any values its types allow: not only for those that a source would send.
import { bookingUpdates, instants } from '@precall/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../src/canonical.ts';
import { decode, encode } from '../src/codec.ts';
import { contribution, subjectOf } from '../src/contribution.ts';
import { type Facts, nothingKnown, personUnknown } from '../src/facts.ts';
import { isLive } from '../src/gate.ts';
import { bookingId, type RecipientId } from '../src/ids.ts';
import { compareStamps, factLimits, join, lostToNewer, withinLimits } from '../src/merge.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { standingOf } from '../src/standing.ts';
import type { Instant } from '../src/temporal.ts';
import type { BookingUpdate, Fetched, UpdateKind } from '../src/update.ts';
import { at, everyOrder, factsText, joined, type Known, names, said, who } from './in-orders.ts';

const around = at('2026-03-02T12:00:00Z');
const id = bookingId('calcom', 'first');
const moments = (days: number): fc.Arbitrary<Instant> =>
  instants({ from: around.subtract({ hours: 24 * days }), to: around.add({ hours: 24 * days }) });

/** Also said so far ahead of receipt that nobody can believe it. */
const updates = (options: Parameters<typeof bookingUpdates>[0] = {}): fc.Arbitrary<BookingUpdate> =>
  fc
    .tuple(bookingUpdates({ around, ...options }), fc.integer({ min: 0, max: 9 }))
    .map(([update, luck]) =>
      luck === 0 ? { ...update, saidAt: update.receivedAt.add({ hours: 50 }) } : update,
    );

function erasure(person: RecipientId, erasedAt: Instant): Known {
  return new Map([[id, { ...nothingKnown, people: { [person]: { ...personUnknown, erasedAt } } }]]);
}
const erasures = fc
  .tuple(fc.constantFrom('ada', 'bob'), moments(4))
  .map(([name, moment]) => erasure(who(name), moment));
const words: fc.Arbitrary<Known> = fc.oneof(
  { weight: 6, arbitrary: updates().map((update) => contribution(update, names)) },
  { weight: 1, arbitrary: erasures },
);
/** Whatever can come to be known about one booking. */
const facts: fc.Arbitrary<Facts> = fc
  .array(words, { maxLength: 6 })
  .map((all) => joined(all).get(id) ?? nothingKnown);

describe('join', () => {
  it('does not depend on the order or the repetition of what is joined: every order of up to six (invariant 4)', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 6 }), (all) => {
        const texts = new Set(everyOrder(all).map((order) => factsText(joined(order))));
        expect(texts.size).toBe(1);
      }),
      { numRuns: 10 },
    );
  });

  it('does not depend on order or repetition for long histories either (invariant 4)', () => {
    const history = fc.array(words, { minLength: 7, maxLength: 40 });
    const shuffled = history.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(factsText(joined(other))).toBe(factsText(joined(all)));
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        expect(canonicalText(join(join(a, b), c))).toBe(canonicalText(join(a, join(b, c))));
      }),
    );
  });

  it('is commutative', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        expect(canonicalText(join(a, b))).toBe(canonicalText(join(b, a)));
      }),
    );
  });

  it('gives records of equal facts equal bodies, so that what changed nothing is not written', () => {
    const seated = moments(4).map((moment) =>
      ['cy', 'ada', 'bob'].map((name): Known => {
        const person = { ...personUnknown, joinedAt: moment };
        return new Map([[id, { ...nothingKnown, people: { [who(name)]: person } }]]);
      }),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 4 }), seated, (said, seats) => {
        const bodies = everyOrder(seats).map((order) => encode(joined([...said, ...order]).get(id) ?? {}));
        expect(new Set(bodies).size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('is idempotent, also against a part of what is known', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        expect(canonicalText(join(a, a))).toBe(canonicalText(a));
        const both = join(a, b);
        expect(canonicalText(join(both, b))).toBe(canonicalText(both));
      }),
    );
  });

  it('has nothing known as its identity, on either side', () => {
    fc.assert(
      fc.property(facts, (a) => {
        expect(canonicalText(join(a, nothingKnown))).toBe(canonicalText(a));
        expect(canonicalText(join(nothingKnown, a))).toBe(canonicalText(a));
      }),
    );
  });

  it('gives facts that are written and read back unchanged', () => {
    fc.assert(
      fc.property(facts, (a) => {
        const read = decode<Facts>({ body: encode(a), version: 1 }, []);
        expect(canonicalText(read)).toBe(canonicalText(a));
        expect(encode(read)).toBe(encode(a));
      }),
    );
  });

  it('gives the same whether facts were read back in between or not', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const read = decode<Facts>({ body: encode(a), version: 1 }, []);
        expect(canonicalText(join(read, b))).toBe(canonicalText(join(a, b)));
      }),
    );
  });
});

describe('contribution', () => {
  it('depends on the update alone, and changes nothing in it', () => {
    fc.assert(
      fc.property(updates(), (update) => {
        const before = canonicalText(update);
        const once = factsText(contribution(frozen(update), names));
        expect(factsText(contribution(update, names))).toBe(once);
        expect(canonicalText(update)).toBe(before);
      }),
    );
  });

  it('is the same however much later a believed update is received again (invariant 3)', () => {
    fc.assert(
      fc.property(updates(), fc.integer({ min: 0, max: 1e10 }), (update, later) => {
        fc.pre(
          update.saidAt !== null && update.saidAt.epochMilliseconds <= update.receivedAt.epochMilliseconds,
        );
        const again = { ...update, receivedAt: update.receivedAt.add({ milliseconds: later }) };
        expect(factsText(contribution(again, names))).toBe(factsText(contribution(update, names)));
      }),
    );
  });

  it('touches the booking it is about first, and besides only the one it takes the place of', () => {
    fc.assert(
      fc.property(updates(), (update) => {
        const touched = [...contribution(update, names).keys()];
        const subject = subjectOf(update, names);
        const other = update.replaces && names.booking(update.replaces.uid);
        expect(touched).toEqual(other && other !== subject ? [subject, other] : [subject]);
      }),
    );
  });

  const writing: { readonly [field in 'place' | 'host' | 'about' | 'roster']: readonly UpdateKind[] } = {
    place: ['agreed', 'moved', 'host_changed', 'place_changed', 'fetched'],
    host: ['agreed', 'moved', 'host_changed', 'fetched'],
    about: ['agreed', 'moved', 'host_changed', 'fetched', 'requested'],
    roster: ['agreed', 'moved', 'fetched'],
  };
  it.each(Object.entries(writing))('writes the %s only for the kinds that know it', (field, kinds) => {
    fc.assert(
      fc.property(updates(), (update) => {
        const own = contribution(update, names).get(subjectOf(update, names)) ?? nothingKnown;
        const wrote = own[field as keyof typeof writing] !== null;
        if (wrote) expect(kinds).toContain(update.kind);
      }),
    );
  });

  it('never agrees to anything but what CREATED, RESCHEDULED, a look at the source or an unconfirmed payment says', () => {
    fc.assert(
      fc.property(updates(), (update) => {
        const own = contribution(update, names).get(subjectOf(update, names)) ?? nothingKnown;
        const agrees =
          ['agreed', 'moved'].includes(update.kind) ||
          (update.kind === 'fetched' && (update.fetched?.standing ?? 'agreed') === 'agreed') ||
          (update.kind === 'paid' && !update.needsConfirmation);
        expect(own.lastAgreedAt !== null).toBe(agrees);
        expect(Object.keys(own.agreed).length).toBe(agrees && update.time ? 1 : 0);
      }),
    );
  });

  const isOff = (fetched: Fetched | undefined): boolean =>
    fetched?.standing === 'cancelled' || fetched?.standing === 'declined';

  it('gives the start of those who may say it, if anybody did (kernel section 3, rule 2)', () => {
    const speakers = new Set<UpdateKind>(['agreed', 'moved', 'requested', 'fetched']);
    fc.assert(
      fc.property(fc.array(updates({ uids: ['first'] }), { minLength: 1, maxLength: 12 }), (all) => {
        const known = joined(all.map((update) => contribution(update, names))).get(id);
        const starts = all.flatMap(({ kind, time, fetched }) =>
          time && speakers.has(kind) && !isOff(fetched) ? [`${time.startAt}`] : [],
        );
        if (starts.length > 0) expect(starts).toContain(known?.time?.value.startAt.toString());
      }),
    );
  });

  it('needs a start and an attendee of a source without ids, and names the booking by them', () => {
    const update = { ...said('BOOKING_CREATED'), uid: null };
    const startAt = at('2026-12-03T15:00:00Z');
    expect(subjectOf(update, names)).toBe(names.bookingWithoutUid(startAt, 'guest@example.com'));
    expect(() => subjectOf({ ...update, time: null }, names)).toThrow('needs a start and an attendee');
    expect(() => subjectOf({ ...update, attendees: [] }, names)).toThrow('needs a start and an attendee');
  });
});

describe('a cancellation', () => {
  it('leaves no reminder of a booking without seats wanted, whatever else is said and when (invariant 5)', () => {
    const others = updates({ uids: ['first'] }).map((update) => ({ ...update, seated: false }));
    const cancelling = updates({ uids: ['first'], kinds: ['cancelled'] }).map((update) => ({
      ...update,
      seated: false,
    }));
    fc.assert(
      fc.property(fc.array(others, { maxLength: 12 }), cancelling, (all, cancelled) => {
        const known =
          joined([cancelled, ...all].map((update) => contribution(update, names))).get(id) ?? nothingKnown;
        expect(['cancelled', 'superseded']).toContain(standingOf(known));
        expect(wanted(known)).toEqual([]);
      }),
    );
  });
});

describe('a storm of moves', () => {
  it('ends with the reminders of the last booking only, in any order (invariants 6, 7)', () => {
    const storms = fc.integer({ min: 1, max: 8 }).chain((hops) =>
      fc.tuple(
        fc.constant(hops),
        fc.shuffledSubarray(
          Array.from({ length: hops + 1 }, (_, index) => index),
          { minLength: hops + 1 },
        ),
      ),
    );
    fc.assert(
      fc.property(storms, ([hops, order]) => {
        const known = joined(order.map((index) => contribution(hop(index), names)));
        const live = [...known].filter(([, one]) => wanted(one).length > 0).map(([booking]) => booking);
        expect(live).toEqual([bookingId('calcom', `hop${hops}`)]);
      }),
    );
  });

  it('of one booking in place ends with the reminders of its last start only, in any order (invariants 6, 7)', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (order) => {
        const known = joined(
          order.map((index) => contribution({ ...hop(index), uid: 'first', replaces: null }, names)),
        );
        const [booking] = known.values();
        const starts = new Set(wanted(booking ?? nothingKnown).map(({ startAt }) => startAt.toString()));
        expect([...starts]).toEqual(['2026-12-08T15:00:00Z']);
      }),
    );
  });

  function hop(index: number): BookingUpdate {
    const moment = {
      said: `2026-11-23T12:0${index}:00Z`,
      start: `2026-12-0${3 + index}T15:00:00Z`,
      uid: `hop${index}`,
    };
    if (index === 0) return said('BOOKING_CREATED', moment);
    return said('BOOKING_RESCHEDULED', {
      ...moment,
      start: index < 7 ? moment.start : `2026-12-1${index}T15:00:00Z`,
      payload: { rescheduleUid: `hop${index - 1}` },
    });
  }
});

describe('an erasure', () => {
  it('cannot be undone by anything said at or before it, nor by what has no moment (invariant 24)', () => {
    fc.assert(
      fc.property(fc.array(updates({ uids: ['first'] }), { minLength: 1, maxLength: 10 }), (all) => {
        const erasedAt = around.add({ hours: 24 * 3 });
        const known = all.map((update) => contribution(update, names));
        for (const order of [
          [erasure(who('ada'), erasedAt), ...known],
          [...known, erasure(who('ada'), erasedAt)],
          [...known, erasure(who('ada'), erasedAt), ...known],
        ]) {
          const ada = joined(order).get(id)?.people[who('ada')];
          expect(ada?.details?.value.email ?? null).toBeNull();
          expect(ada?.details?.value.name ?? null).toBeNull();
          expect(ada?.links?.value.cancel ?? null).toBeNull();
          expect(encode(joined(order).get(id)?.people[who('ada')] ?? {})).not.toMatch(/ada|lovelace|https/i);
        }
      }),
    );
  });

  it('leaves what the person says about themselves later, and everybody else', () => {
    const erasedAt = at('2026-11-23T12:00:00Z');
    const later = said('BOOKING_CREATED', { uid: 'first', said: '2026-11-23T12:00:00.001Z' });
    const known = joined([contribution(later, names), erasure(who('guest'), erasedAt)]).get(id);
    expect(known?.people[who('guest')]?.details?.value.email).toBe('guest@example.com');
    const same = said('BOOKING_CREATED', { uid: 'first', said: '2026-11-23T12:00:00Z' });
    const gone = joined([contribution(same, names), erasure(who('guest'), erasedAt)]).get(id);
    expect(gone?.people[who('guest')]?.details?.value).toEqual({
      email: null,
      mailable: false,
      name: null,
      firstName: null,
      timeZone: null,
      locale: null,
    });
    expect(gone?.people[who('additional-guest')]?.details?.value.email).toBe('additional-guest@example.com');
  });
});

describe('compareStamps', () => {
  const stamps = fc.record({ saidAt: fc.option(moments(1)), rank: fc.integer({ min: -8, max: 7 }) });
  it('is a total order in which no moment comes before every moment, and ranks break ties', () => {
    fc.assert(
      fc.property(stamps, stamps, stamps, (a, b, c) => {
        expect(Math.sign(compareStamps(a, b)) + Math.sign(compareStamps(b, a))).toBe(0);
        if (compareStamps(a, b) <= 0 && compareStamps(b, c) <= 0)
          expect(compareStamps(a, c)).toBeLessThanOrEqual(0);
        if (!a.saidAt && b.saidAt) expect(compareStamps(a, b)).toBeLessThan(0);
        if (a.saidAt?.epochMilliseconds === b.saidAt?.epochMilliseconds)
          expect(Math.sign(compareStamps(a, b))).toBe(Math.sign(a.rank - b.rank));
      }),
    );
  });
});

describe('lostToNewer', () => {
  const own = (update: BookingUpdate): Facts => contribution(update, names).get(id) ?? nothingKnown;
  const created = (moment: string, payload: { readonly [field: string]: unknown } = {}) =>
    own(said('BOOKING_CREATED', { uid: 'first', said: moment, payload }));

  it('holds when a field was offered and lost to a newer word', () => {
    const [older, newer] = [
      created('2026-11-23T12:00:00Z'),
      created('2026-11-23T13:00:00Z', { endTime: '2026-12-03T16:00:00Z' }),
    ];
    expect(lostToNewer(join(older, newer), older)).toBe(true);
    expect(lostToNewer(join(older, newer), newer)).toBe(false);
  });

  it('does not hold when the newer word said the same', () => {
    const [older, newer] = [created('2026-11-23T12:00:00Z'), created('2026-11-23T13:00:00Z')];
    expect(lostToNewer(join(older, newer), older)).toBe(false);
  });

  it('holds for what was said about a person, and about who did not come', () => {
    const marked = (noShow: boolean, moment: string) =>
      own(
        said('BOOKING_NO_SHOW_UPDATED', {
          uid: 'first',
          said: moment,
          payload: { attendees: [{ email: 'a@example.com', noShow }] },
        }),
      );
    const [missing, corrected] = [
      marked(true, '2026-12-03T16:00:00Z'),
      marked(false, '2026-12-03T17:00:00Z'),
    ];
    expect(lostToNewer(join(missing, corrected), missing)).toBe(true);
    const [old, renamed] = [
      created('2026-11-23T12:00:00Z', {
        attendees: [{ email: 'a@example.com', name: 'Anna', timeZone: 'UTC' }],
      }),
      created('2026-11-23T13:00:00Z', {
        attendees: [{ email: 'a@example.com', name: 'Ana', timeZone: 'UTC' }],
      }),
    ];
    expect(lostToNewer(join(old, renamed), old)).toBe(true);
    expect(lostToNewer(join(old, renamed), renamed)).toBe(false);
  });

  it('never holds for what is known as it was offered', () => {
    fc.assert(
      fc.property(facts, (a) => {
        expect(lostToNewer(a, a)).toBe(false);
      }),
    );
  });
});

describe('withinLimits', () => {
  const many = <T>(count: number, value: T) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, value]));
  const link = { allAt: null, people: {} };
  const filled = (over: Partial<Record<'starts' | 'people' | 'replaces' | 'replacedBy', number>>): Facts => ({
    ...nothingKnown,
    agreed: many(factLimits.starts + (over.starts ?? 0), { saidAt: around }),
    people: many(factLimits.people + (over.people ?? 0), personUnknown),
    replaces: many(factLimits.links + (over.replaces ?? 0), link),
    replacedBy: many(factLimits.links + (over.replacedBy ?? 0), link),
  });

  it('takes 64 starts, 500 people and 16 links either way', () => {
    expect(factLimits).toEqual({ starts: 64, people: 500, links: 16 });
    expect(withinLimits(filled({}))).toBe(true);
  });

  it.each(['starts', 'people', 'replaces', 'replacedBy'] as const)('takes no more %s', (field) => {
    expect(withinLimits(filled({ [field]: 1 }))).toBe(false);
  });
});

function wanted(known: Facts) {
  const plan = planReminders(known, { ...defaultPolicy, remindGuests: true });
  return plan.filter((reminder) => isLive({ reminder, facts: known, entry: null }));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
