// What a look at the source adds to the facts: in every order, with repetitions, among webhooks.
import { describe, expect, it } from 'vitest';
import { bookingId } from '../src/ids.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { agreedAt, attending, hasMovedAway, standingOf, statusOf } from '../src/standing.ts';
import type { BookingUpdate, Fetched } from '../src/update.ts';
import { at, inOrders, said, who } from './in-orders.ts';

const a = 'a@example.com';
const b = 'b@example.com';
const startAt = at('2026-12-03T15:00:00Z');

interface Look {
  readonly uid?: string;
  readonly said?: string;
  readonly people?: readonly string[];
  readonly seated?: boolean;
  readonly replaces?: string;
  readonly update?: Partial<BookingUpdate>;
}

/** What the API shows of a booking; `said` is when it was last changed there. */
function look(fetched: Partial<Fetched>, { uid = 'u1', people = [a], ...one }: Look = {}): BookingUpdate {
  const moment = one.said ?? '2026-11-23T12:00:00Z';
  const seen = said('BOOKING_CREATED', { uid, said: moment, attendees: people.length > 0 ? people : [a] });
  return {
    ...seen,
    attendees: people.flatMap((_, index) => {
      const person = seen.attendees[index];
      return person ? [{ ...person, links: null, firstName: null }] : [];
    }),
    kind: 'fetched',
    about: { title: null, eventType: '7' },
    seated: one.seated ?? false,
    replaces: one.replaces === undefined ? null : { uid: one.replaces, time: null },
    fetched: { standing: 'agreed', madeAt: at('2026-11-23T12:00:00Z'), movedTo: null, ...fetched },
    ...one.update,
  };
}
const seat = (email: string, moment: string) =>
  said('BOOKING_CREATED', { said: moment, attendees: [email], payload: { seatsPerTimeSlot: 5 } });
const seatGone = (email: string, moment: string) =>
  said('BOOKING_CANCELLED', { said: moment, attendees: [email], payload: { seatsPerTimeSlot: 5 } });
const seats = (people: readonly string[], moment: string) => look({}, { people, said: moment, seated: true });

describe('a booking of which no webhook came', () => {
  it('is agreed, with its booker, and reminded of', () => {
    inOrders([look({})], (facts) => {
      expect(standingOf(facts())).toBe('agreed');
      expect(attending(facts())).toEqual([who('a')]);
      expect(facts().people[who('a')]?.details?.value.email).toBe(a);
      expect(planReminders(facts(), defaultPolicy).map(({ skip }) => skip)).toEqual([null, null, null]);
    });
  });

  it('that waits for confirmation waits, and one confirmed in silence is agreed', () => {
    const waits = look({ standing: 'awaiting' });
    inOrders([waits], (facts) => expect(standingOf(facts())).toBe('awaiting'));
    inOrders([said('BOOKING_REQUESTED', { attendees: [a] }), waits], (facts) =>
      expect(standingOf(facts())).toBe('awaiting'),
    );
    inOrders([waits, look({}, { said: '2026-11-23T13:00:00Z' })], (facts) =>
      expect(standingOf(facts())).toBe('agreed'),
    );
  });
});

describe('a booking that is off at the source', () => {
  const created = said('BOOKING_CREATED', { attendees: [a] });

  it('is cancelled, whatever webhooks say of it, and nothing revives it', () => {
    const off = look({ standing: 'cancelled' }, { said: '2026-11-23T13:00:00Z' });
    const later = look({}, { said: '2026-11-24T13:00:00Z' });
    inOrders([created, off, later], (facts) => expect(standingOf(facts())).toBe('cancelled'));
  });

  it('leaves what the webhook said about the cancellation: who, and whether another time is wanted', () => {
    const asks = said('BOOKING_CANCELLED', {
      said: '2026-11-23T13:00:00Z',
      attendees: [a],
      payload: { requestReschedule: true, cancelledBy: null },
    });
    const off = look({ standing: 'cancelled' }, { said: '2026-11-23T13:00:01Z' });
    inOrders([created, asks, off], (facts) =>
      expect(facts().cancelled?.value).toEqual({ by: 'host', moving: true }),
    );
  });

  it('says no more than its webhook would: no people, no place, no start but for a mark', () => {
    for (const standing of ['cancelled', 'declined'] as const) {
      inOrders([look({ standing })], (facts) => {
        const { place, host, about, roster, people } = facts();
        expect({ place, host, about, roster }).toEqual({
          place: null,
          host: null,
          about: null,
          roster: null,
        });
        expect(people[who('a')]?.details).toBeNull();
        expect(standingOf(facts())).toBe(standing);
      });
    }
  });

  it('was declined, and is on when it was agreed after that', () => {
    const declined = look({ standing: 'declined' }, { said: '2026-11-23T13:00:00Z' });
    inOrders([created, declined], (facts) => expect(standingOf(facts())).toBe('declined'));
    const again = said('BOOKING_CREATED', { attendees: [a], said: '2026-11-23T14:00:00Z' });
    inOrders([created, declined, again], (facts) => expect(standingOf(facts())).toBe('agreed'));
  });
});

describe('a move of which no webhook came', () => {
  const old = said('BOOKING_CREATED', { uid: 'old', attendees: [a] });
  const moved = look({}, { uid: 'new', replaces: 'old', said: '2026-11-23T13:00:00Z' });
  const left = look({ standing: 'cancelled', movedTo: 'new' }, { uid: 'old', said: '2026-11-23T13:00:00Z' });

  it('takes the place of the old booking, known by either of the two', () => {
    for (const told of [[moved], [left], [moved, left]]) {
      inOrders([old, ...told], (facts) => {
        expect(standingOf(facts('old'))).toBe('superseded');
        expect(facts('old').cancelled).toBeNull();
        expect(Object.keys(facts('old').replacedBy)).toEqual([bookingId('calcom', 'new')]);
      });
    }
    inOrders([moved, left], (facts) => expect(standingOf(facts('new'))).toBe('agreed'));
  });

  it('to itself is a cancellation', () => {
    const odd = look({ standing: 'cancelled', movedTo: 'old' }, { uid: 'old' });
    inOrders([old, odd], (facts) => expect(standingOf(facts('old'))).toBe('cancelled'));
  });

  it('in place shows the new start', () => {
    const later = at('2026-12-04T15:00:00Z');
    const elsewhere = look(
      {},
      {
        uid: 'old',
        said: '2026-11-23T13:00:00Z',
        update: { time: { startAt: later, endAt: later.add({ minutes: 30 }) } },
      },
    );
    inOrders([old, elsewhere], (facts) => {
      expect(facts('old').time?.value.startAt).toEqual(later);
      expect(standingOf(facts('old'))).toBe('agreed');
    });
  });
});

describe('a look at a booking known by its webhooks', () => {
  const created = said('BOOKING_CREATED', { said: '2026-11-23T12:00:01Z', attendees: [a] });

  it('takes nothing away of what webhooks alone tell', () => {
    const known = said('BOOKING_CREATED', {
      said: '2026-11-23T12:00:01Z',
      payload: { bookerUrl: 'https://cal.com' },
    });
    const seen = look({}, { said: '2026-11-23T15:00:00Z', people: [known.attendees[0]?.email ?? ''] });
    inOrders([known, seen], (facts) => {
      const [booker] = attending(facts());
      const person = booker && facts().people[booker];
      expect(person?.details?.value.name).toBe(known.attendees[0]?.name);
      expect(person?.links?.value).toEqual(known.attendees[0]?.links);
      expect(facts().about?.value).toEqual(known.about);
    });
  });

  it('leaves the moment of the agreement, and no list where none is shown', () => {
    inOrders([created, look({}, { said: '2026-12-03T14:00:00Z', people: [] })], (facts) => {
      expect(agreedAt(facts(), startAt, who('a'))).toEqual(at('2026-11-23T12:00:01Z'));
      expect(attending(facts())).toEqual([who('a')]);
    });
  });

  it('does not bring back whom somebody erased after the booking was made, and knows who booked anew', () => {
    const facts = (madeAt: string | null) => look({ madeAt: madeAt === null ? null : at(madeAt) });
    const stamped = (update: BookingUpdate) => {
      let found: unknown;
      inOrders([update], (known) => {
        found = known().people[who('a')]?.details?.stamp.saidAt?.toString() ?? null;
      });
      return found;
    };
    expect(stamped(facts('2026-11-23T11:00:00Z'))).toBe('2026-11-23T10:59:00Z');
    // Made later than it was changed: no later than changed, then.
    expect(stamped(facts('2026-11-25T11:00:00Z'))).toBe('2026-11-23T11:59:00Z');
    expect(stamped(facts(null))).toBeNull();
  });

  it('without a word on how it stands is agreed', () => {
    const { fetched: _, ...bare } = look({});
    inOrders([bare], (facts) => expect(standingOf(facts())).toBe('agreed'));
  });
});

describe('seats of which webhooks were lost', () => {
  it('are taken by whoever is on the list, from the first list that showed them', () => {
    const told = [
      seat(a, '2026-11-23T12:00:00Z'),
      seats([a, b], '2026-12-03T14:00:00Z'),
      seats([b, a], '2026-12-03T14:30:00Z'),
    ];
    inOrders(told, (facts) => {
      expect(attending(facts())).toEqual([who('a'), who('b')]);
      expect(agreedAt(facts(), startAt, who('a'))).toEqual(at('2026-11-23T12:00:00Z'));
      expect(agreedAt(facts(), startAt, who('b'))).toEqual(at('2026-12-03T14:00:00Z'));
    });
  });

  it('are given up by whoever an earlier list showed, and the present one does not, however soon', () => {
    const told = [seats([a, b], '2026-11-23T12:00:00Z'), seats([a], '2026-11-23T12:00:01Z')];
    inOrders(told, (facts) => expect(attending(facts())).toEqual([who('a')]));
  });

  it('stay given up by who is on a list of the same minute, and are taken again by who is on a later one', () => {
    const gone = [
      seat(a, '2026-11-23T12:00:00Z'),
      seatGone(a, '2026-11-23T13:00:00Z'),
      seat(b, '2026-11-23T12:00:00Z'),
    ];
    inOrders([...gone, seats([a, b], '2026-11-23T13:01:00Z')], (facts) =>
      expect(attending(facts())).toEqual([who('b')]),
    );
    inOrders([...gone, seats([a, b], '2026-11-23T13:01:00.001Z')], (facts) =>
      expect(new Set(attending(facts()))).toEqual(new Set([who('a'), who('b')])),
    );
    inOrders([...gone, { ...seats([a, b], '2026-11-23T13:02:00Z'), saidAt: null }], (facts) =>
      expect(attending(facts())).toEqual([who('b')]),
    );
  });

  it('are nobody’s any more when the booking is cancelled as a whole, whoever its list shows', () => {
    const joined = [seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T12:00:00Z')];
    for (const people of [[], [a]]) {
      const off = look({ standing: 'cancelled' }, { people, said: '2026-11-23T13:00:00Z' });
      inOrders([...joined, off], (facts) => {
        expect(attending(facts())).toEqual([]);
        expect(statusOf(facts(), startAt)).toBe('cancelled');
      });
    }
    const seen = seats([a], '2026-11-23T12:00:00Z');
    inOrders([seen, look({ standing: 'cancelled' }, { people: [], said: '2026-11-23T13:00:00Z' })], (facts) =>
      expect(standingOf(facts())).toBe('cancelled'),
    );
    inOrders(
      [seen, look({ standing: 'declined' }, { seated: true, said: '2026-11-23T13:00:00Z' })],
      (facts) => {
        expect(standingOf(facts())).toBe('declined');
        expect(attending(facts())).toEqual([who('a')]);
      },
    );
  });

  it('of who moved away are taken again when a later list shows them', () => {
    const away = said('BOOKING_RESCHEDULED', {
      uid: 'u2',
      said: '2026-11-23T13:00:00Z',
      attendees: [a],
      payload: { rescheduleUid: 'u1', seatsPerTimeSlot: 5 },
    });
    const both = [seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T12:00:00Z'), away];
    inOrders([...both, seats([b], '2026-11-23T13:00:00Z')], (facts) =>
      expect(hasMovedAway(facts(), who('a'))).toBe(true),
    );
    inOrders([...both, seats([a, b], '2026-11-23T14:00:00Z')], (facts) => {
      expect(hasMovedAway(facts(), who('a'))).toBe(false);
      expect(new Set(attending(facts()))).toEqual(new Set([who('a'), who('b')]));
    });
  });
});
