// What Cal.com really sends, in every order and with repetitions. Each sequence is made of documented samples.
import { describe, expect, it } from 'vitest';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { agreedAt, attending, hasMovedAway, standingOf, statusOf } from '../src/standing.ts';
import type { BookingUpdate } from '../src/update.ts';
import { at, inOrders, said, who } from './in-orders.ts';

const [a, b, c] = ['a@example.com', 'b@example.com', 'c@example.com'] as const;
const seats = { seatsPerTimeSlot: 5 };
const noLink = { metadata: {}, videoCallData: undefined, location: 'integrations:daily' };
const link = (url: string) => ({ metadata: { videoCallUrl: url }, videoCallData: undefined });
const startsAt = (facts: { readonly time: { readonly value: { readonly startAt: object } } | null }) =>
  facts.time?.value.startAt.toString();

describe('a booking without seats', () => {
  it('stays cancelled when another server said the cancellation 0.7 s before the creation (invariants 4, 5)', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00.700Z' }),
        said('BOOKING_CANCELLED', { said: '2026-11-23T12:00:00.000Z' }),
      ],
      (facts) => expect(standingOf(facts())).toBe('cancelled'),
    );
  });

  it('stays cancelled when it is said to be agreed, moved in place and paid long after', () => {
    inOrders(
      [
        said('BOOKING_CANCELLED', { said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_CREATED', { said: '2026-11-24T12:00:00Z' }),
        said('BOOKING_RESCHEDULED', { said: '2026-11-25T12:00:00Z', payload: { rescheduleUid: 'u1' } }),
        said('BOOKING_PAID', { said: '2026-11-26T12:00:00Z', payload: { requiresConfirmation: false } }),
      ],
      (facts) => expect(standingOf(facts())).toBe('cancelled'),
    );
  });

  it('is a tombstone with a start once a cancellation was seen and nothing else', () => {
    inOrders([said('BOOKING_CANCELLED')], (facts) => {
      expect(standingOf(facts())).toBe('cancelled');
      expect(startsAt(facts())).toBe('2026-12-03T15:00:00Z');
      expect(facts().agreed).toEqual({});
    });
  });

  it('keeps its link when a payment that knows none is said 40 ms later', () => {
    inOrders(
      [
        said('BOOKING_CREATED', {
          said: '2026-11-23T12:00:00.000Z',
          payload: link('https://meet.google.com/x'),
        }),
        said('BOOKING_PAID', { said: '2026-11-23T12:00:00.040Z', payload: { requiresConfirmation: false } }),
      ],
      (facts) => {
        expect(facts().place?.value).toEqual({ kind: 'link', url: 'https://meet.google.com/x' });
        expect(facts().paidAt?.toString()).toBe('2026-11-23T12:00:00.04Z');
      },
    );
  });

  it('takes the new link when the location was updated, whatever the old metadata say', () => {
    inOrders(
      [
        said('BOOKING_CREATED', {
          said: '2026-11-23T12:00:00Z',
          payload: link('https://meet.google.com/old'),
        }),
        said('BOOKING_LOCATION_UPDATED', {
          said: '2026-11-23T13:00:00Z',
          payload: { location: 'https://zoom.us/j/2', metadata: {}, videoCallData: undefined },
        }),
      ],
      (facts) => expect(facts().place?.value).toEqual({ kind: 'link', url: 'https://zoom.us/j/2' }),
    );
  });

  it('keeps a known link against a later word that names only an app', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z', payload: link('https://meet.google.com/x') }),
        said('BOOKING_CREATED', { said: '2026-11-23T12:05:00Z', payload: noLink }),
      ],
      (facts) => expect(facts().place?.value).toEqual({ kind: 'link', url: 'https://meet.google.com/x' }),
    );
  });

  it.each(['BOOKING_LOCATION_UPDATED', 'BOOKING_REASSIGNED'] as const)(
    'waits for a link after %s named only an app: the old link is wrong',
    (trigger) => {
      inOrders(
        [
          said('BOOKING_CREATED', {
            said: '2026-11-23T12:00:00Z',
            payload: link('https://meet.google.com/x'),
          }),
          said(trigger, { said: '2026-11-23T13:00:00Z', payload: noLink }),
        ],
        (facts) => expect(facts().place?.value).toEqual({ kind: 'pending' }),
      );
    },
  );

  it('has its new host, place and start whichever of three changes comes in first', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_REASSIGNED', {
          said: '2026-11-23T13:00:00Z',
          payload: { organizer: { name: 'Grace', email: 'grace@example.com', timeZone: 'Asia/Tokyo' } },
        }),
        said('BOOKING_LOCATION_UPDATED', {
          said: '2026-11-23T14:00:00Z',
          payload: { location: '+43 1 234567' },
        }),
        said('BOOKING_RESCHEDULED', {
          said: '2026-11-23T12:30:00Z',
          start: '2026-12-04T15:00:00Z',
          payload: { rescheduleUid: 'u1' },
        }),
      ],
      (facts) => {
        expect(facts().host?.value).toEqual({ name: 'Grace', timeZone: 'Asia/Tokyo' });
        expect(facts().place?.value).toEqual({ kind: 'phone', number: '+43 1 234567' });
        expect(startsAt(facts())).toBe('2026-12-04T15:00:00Z');
        expect(standingOf(facts())).toBe('agreed');
      },
    );
  });

  it('is agreed when it was declined on the page and then confirmed in the mail', () => {
    inOrders(
      [
        said('BOOKING_REQUESTED', { said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_REJECTED', { said: '2026-11-23T13:00:00Z' }),
        said('BOOKING_CREATED', { said: '2026-11-23T14:00:00Z' }),
      ],
      (facts) => expect(standingOf(facts())).toBe('agreed'),
    );
  });

  it.each(['2026-11-23T13:00:00Z', '2026-11-23T14:00:00Z'])(
    'is declined when the decline was said after the agreement or with it (%s)',
    (declined) => {
      inOrders(
        [
          said('BOOKING_CREATED', { said: '2026-11-23T13:00:00Z' }),
          said('BOOKING_REJECTED', { said: declined }),
        ],
        (facts) => expect(standingOf(facts())).toBe('declined'),
      );
    },
  );

  it('waits for payment, though the webhook says ACCEPTED, and is agreed once created', () => {
    const opened = said('BOOKING_PAYMENT_INITIATED', { said: '2026-11-23T12:00:00Z' });
    inOrders([opened], (facts) => expect(standingOf(facts())).toBe('awaiting'));
    inOrders([opened, said('BOOKING_CREATED', { said: '2026-11-23T12:02:00Z' })], (facts) =>
      expect(standingOf(facts())).toBe('agreed'),
    );
  });

  it('is agreed by a payment only where nobody has to confirm', () => {
    const requested = said('BOOKING_REQUESTED', { said: '2026-11-23T12:00:00Z' });
    const paid = (requiresConfirmation: boolean) =>
      said('BOOKING_PAID', { said: '2026-11-23T12:05:00Z', payload: { requiresConfirmation } });
    inOrders([requested, paid(true)], (facts) => expect(standingOf(facts())).toBe('awaiting'));
    inOrders([requested, paid(false)], (facts) => expect(standingOf(facts())).toBe('agreed'));
  });

  it('plans the same after its location was updated half an hour before the call', () => {
    const created = said('BOOKING_CREATED', { said: '2026-11-23T15:00:00Z' });
    const updated = said('BOOKING_LOCATION_UPDATED', { said: '2026-12-03T14:30:00Z' });
    inOrders([created, updated], (facts) => {
      expect(agreedAt(facts(), at('2026-12-03T15:00:00Z'), who('guest'))).toEqual(at('2026-11-23T15:00:00Z'));
      expect(planReminders(facts(), defaultPolicy).map(({ skip }) => skip)).toEqual([null, null, null]);
    });
  });

  it('counts as agreed when it was first said, though a second subscription says it milliseconds later', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00.000Z' }),
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00.009Z' }),
      ],
      (facts) =>
        expect(agreedAt(facts(), at('2026-12-03T15:00:00Z'), who('guest'))).toEqual(
          at('2026-11-23T12:00:00Z'),
        ),
    );
  });

  it('believes a moment five minutes ahead of its receipt and none beyond', () => {
    const say = (moment: string) =>
      said('BOOKING_CREATED', { said: moment, received: '2026-11-23T12:00:00Z', payload: noLink });
    inOrders([say('2026-11-23T12:05:00.000Z')], (facts) =>
      expect(facts().time?.stamp.saidAt?.toString()).toBe('2026-11-23T12:05:00Z'),
    );
    inOrders([say('2026-11-23T12:05:00.001Z')], (facts) => {
      expect(facts().time?.stamp.saidAt).toBeNull();
      expect(facts().lastAgreedAt).toEqual(at('2026-11-23T12:00:00Z'));
    });
  });

  it('has the start of the update that may say it, though another one without a believable moment names an older', () => {
    const farAhead = { said: '2027-06-01T00:00:00Z', received: '2026-11-23T12:00:00Z' };
    inOrders(
      [
        said('BOOKING_CREATED', { ...farAhead, start: '2026-12-03T15:00:00Z' }),
        said('BOOKING_LOCATION_UPDATED', { ...farAhead, start: '2026-12-01T15:00:00Z' }),
        said('BOOKING_PAID', { ...farAhead, start: '2026-12-02T15:00:00Z' }),
      ],
      (facts) => expect(startsAt(facts())).toBe('2026-12-03T15:00:00Z'),
    );
  });

  it('keeps the link said without a believable moment against an app named just as vaguely', () => {
    const farAhead = { said: '2027-06-01T00:00:00Z', received: '2026-11-23T12:00:00Z' };
    inOrders(
      [
        said('BOOKING_CREATED', { ...farAhead, payload: link('https://meet.google.com/x') }),
        said('BOOKING_RESCHEDULED', { ...farAhead, payload: { ...noLink, rescheduleUid: 'u1' } }),
      ],
      (facts) => expect(facts().place?.value).toEqual({ kind: 'link', url: 'https://meet.google.com/x' }),
    );
  });

  it('takes nothing but its end from MEETING_ENDED, which was frozen when the booking was made', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z', attendees: [a] }),
        said('MEETING_ENDED', { start: '2026-12-01T15:00:00Z', received: '2026-12-03T15:30:00Z' }),
      ],
      (facts) => {
        expect(startsAt(facts())).toBe('2026-12-03T15:00:00Z');
        expect(attending(facts())).toEqual([who('a')]);
        expect(facts().endedSaidAt).toEqual(at('2026-12-03T15:30:00Z'));
        expect(statusOf(facts(), at('2026-12-03T15:29:59Z'))).toBe('agreed');
        expect(statusOf(facts(), at('2026-12-03T15:30:00Z'))).toBe('ended');
      },
    );
  });

  it('knows who did not come by what was said last', () => {
    const mark = (noShow: boolean, moment: string) =>
      said('BOOKING_NO_SHOW_UPDATED', { said: moment, payload: { attendees: [{ email: a, noShow }] } });
    inOrders(
      [
        said('BOOKING_CREATED', { attendees: [a, b] }),
        mark(true, '2026-12-03T16:00:00Z'),
        mark(false, '2026-12-03T17:00:00Z'),
      ],
      (facts) => {
        expect(facts().people[who('a')]?.noShow?.value).toBe(false);
        expect(facts().people[who('b')]?.noShow).toBeNull();
        expect(facts().hostNoShow).toBeNull();
        expect(facts().endedSaidAt).toBeNull();
        expect(attending(facts())).toEqual([who('a'), who('b')]);
      },
    );
  });

  it('knows a host who did not come from an attendee who did not, whoever is named first', () => {
    const absent = (noShows: BookingUpdate['noShows']): BookingUpdate => ({
      ...said('BOOKING_NO_SHOW_UPDATED', { said: '2026-12-03T16:00:00Z', payload: { attendees: [] } }),
      noShows,
    });
    const host = { email: null, noShow: true };
    const attendee = { email: a, noShow: false };
    for (const noShows of [
      [host, attendee],
      [attendee, host],
    ]) {
      inOrders([said('BOOKING_CREATED', { attendees: [a] }), absent(noShows)], (facts) => {
        expect(facts().hostNoShow?.value).toBe(true);
        expect(facts().people[who('a')]?.noShow?.value).toBe(false);
      });
    }
  });
});

describe('a move (calcom.md 2.4)', () => {
  it('takes the place of the old booking for everybody, though no cancellation is sent', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { uid: 'o', said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_RESCHEDULED', {
          uid: 'n',
          said: '2026-11-23T13:00:00Z',
          start: '2026-12-05T15:00:00Z',
          payload: { rescheduleUid: 'o' },
        }),
      ],
      (facts) => {
        expect(standingOf(facts('o'))).toBe('superseded');
        expect(attending(facts('o'))).toEqual([]);
        expect(hasMovedAway(facts('o'), who('guest'))).toBe(true);
        expect(standingOf(facts('n'))).toBe('agreed');
        expect(attending(facts('n'))).toEqual([who('guest'), who('additional-guest')]);
        expect(Object.keys(facts('n').replaces)).toEqual(['calcom:o']);
      },
    );
  });

  it('leaves only the last of a chain, each hop naming its predecessor, and a cancellation ends that one', () => {
    const hop = (uid: string, from: string, moment: string) =>
      said('BOOKING_RESCHEDULED', { uid, said: moment, payload: { rescheduleUid: from } });
    inOrders(
      [
        said('BOOKING_CREATED', { uid: 'u1', said: '2026-11-23T12:00:00Z' }),
        hop('u2', 'u1', '2026-11-23T13:00:00Z'),
        hop('u3', 'u2', '2026-11-23T14:00:00Z'),
        said('BOOKING_CANCELLED', { uid: 'u3', said: '2026-11-23T15:00:00Z' }),
      ],
      (facts) =>
        expect(['u1', 'u2', 'u3'].map((uid) => standingOf(facts(uid)))).toEqual([
          'superseded',
          'superseded',
          'cancelled',
        ]),
    );
  });

  it('shows the old start though the old booking was never seen', () => {
    const told = {
      rescheduleUid: 'o',
      rescheduleStartTime: '2026-12-01T15:00:00Z',
      rescheduleEndTime: '2026-12-01T15:30:00Z',
    };
    inOrders([said('BOOKING_RESCHEDULED', { uid: 'n', payload: told })], (facts) => {
      expect(startsAt(facts('o'))).toBe('2026-12-01T15:00:00Z');
      expect(standingOf(facts('o'))).toBe('superseded');
    });
  });

  it('that needs confirmation ends the old booking at once and is agreed when CREATED comes without any link', () => {
    const created = said('BOOKING_CREATED', { uid: 'o', said: '2026-11-23T12:00:00Z' });
    const requested = said('BOOKING_REQUESTED', {
      uid: 'n',
      said: '2026-11-23T13:00:00Z',
      start: '2026-12-05T15:00:00Z',
      payload: { rescheduleUid: 'o' },
    });
    const confirmed = said('BOOKING_CREATED', {
      uid: 'n',
      said: '2026-11-23T14:00:00Z',
      start: '2026-12-05T15:00:00Z',
    });
    const declined = said('BOOKING_REJECTED', {
      uid: 'n',
      said: '2026-11-23T14:00:00Z',
      start: '2026-12-05T15:00:00Z',
    });
    inOrders([created, requested], (facts) =>
      expect([standingOf(facts('o')), standingOf(facts('n'))]).toEqual(['superseded', 'awaiting']),
    );
    inOrders([created, requested, confirmed], (facts) =>
      expect([standingOf(facts('o')), standingOf(facts('n'))]).toEqual(['superseded', 'agreed']),
    );
    inOrders([created, requested, declined], (facts) =>
      expect([standingOf(facts('o')), standingOf(facts('n'))]).toEqual(['superseded', 'declined']),
    );
  });

  it('asked for by the host is a cancellation that asks for another time, and ends when one is picked', () => {
    const created = said('BOOKING_CREATED', { uid: 'o', said: '2026-11-23T12:00:00Z' });
    const asked = said('BOOKING_CANCELLED', {
      uid: 'o',
      said: '2026-11-23T13:00:00Z',
      payload: { requestReschedule: true, cancelledBy: 'organizer@example.com' },
    });
    const picked = said('BOOKING_RESCHEDULED', {
      uid: 'n',
      said: '2026-11-23T14:00:00Z',
      payload: { rescheduleUid: 'o' },
    });
    inOrders([created, asked], (facts) => {
      expect(standingOf(facts('o'))).toBe('cancelled');
      expect(facts('o').cancelled?.value).toEqual({ by: 'host', moving: true });
    });
    inOrders([created, asked, picked], (facts) =>
      expect([standingOf(facts('o')), standingOf(facts('n'))]).toEqual(['superseded', 'agreed']),
    );
  });

  it('in place supersedes nothing: the same booking has the new start and the new link', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_RESCHEDULED', {
          said: '2026-11-24T12:00:00Z',
          start: '2026-12-05T15:00:00Z',
          payload: { rescheduleUid: 'u1', ...link('https://app.cal.com/video/u1') },
        }),
      ],
      (facts) => {
        expect(standingOf(facts())).toBe('agreed');
        expect([facts().replaces, facts().replacedBy]).toEqual([{}, {}]);
        expect(startsAt(facts())).toBe('2026-12-05T15:00:00Z');
        expect(facts().place?.value).toEqual({ kind: 'link', url: 'https://app.cal.com/video/u1' });
        expect(agreedAt(facts(), at('2026-12-05T15:00:00Z'), who('guest'))).toEqual(
          at('2026-11-24T12:00:00Z'),
        );
      },
    );
  });

  it('whose request was lost leaves two agreed calls of one kind, which an operator can be told', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { uid: 'o', said: '2026-11-23T12:00:00Z' }),
        said('BOOKING_CREATED', { uid: 'n', said: '2026-11-23T14:00:00Z', start: '2026-12-05T15:00:00Z' }),
      ],
      (facts) => {
        expect([standingOf(facts('o')), standingOf(facts('n'))]).toEqual(['agreed', 'agreed']);
        expect(facts('n').about?.value.eventType).toBe(facts('o').about?.value.eventType);
      },
    );
  });
});

describe('a series (calcom.md 2.5)', () => {
  it('is one booking for each occurrence, and a cancellation ends only the one it names', () => {
    inOrders(
      [
        said('BOOKING_CREATED', { uid: 's1', start: '2026-12-03T15:00:00Z' }),
        said('BOOKING_CREATED', { uid: 's2', start: '2026-12-10T15:00:00Z' }),
        said('BOOKING_CREATED', { uid: 's3', start: '2026-12-17T15:00:00Z' }),
        said('BOOKING_CANCELLED', { uid: 's2', start: '2026-12-10T15:00:00Z', said: '2026-11-24T12:00:00Z' }),
      ],
      (facts) =>
        expect(['s1', 's2', 's3'].map((uid) => standingOf(facts(uid)))).toEqual([
          'agreed',
          'cancelled',
          'agreed',
        ]),
    );
  });
});

describe('seats (calcom.md 2.6)', () => {
  const seat = (email: string, moment: string, uid = 'u1') =>
    said('BOOKING_CREATED', { uid, said: moment, attendees: [email], payload: seats });
  const leaves = (listed: readonly string[], moment: string) =>
    said('BOOKING_CANCELLED', { said: moment, attendees: listed, payload: seats });

  it('are taken one webhook at a time, in the order of joining', () => {
    inOrders(
      [seat(b, '2026-11-23T12:00:00Z'), seat(a, '2026-11-23T13:00:00Z'), seat(c, '2026-11-23T14:00:00Z')],
      (facts) => {
        expect(attending(facts())).toEqual([who('b'), who('a'), who('c')]);
        expect(standingOf(facts())).toBe('agreed');
      },
    );
  });

  it('given up by one leave the others theirs', () => {
    inOrders(
      [seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T13:00:00Z'), leaves([a], '2026-11-23T14:00:00Z')],
      (facts) => {
        expect(attending(facts())).toEqual([who('b')]);
        expect(standingOf(facts())).toBe('agreed');
      },
    );
  });

  it('are all given up when the host cancels and lists who remains', () => {
    inOrders(
      [
        seat(a, '2026-11-23T12:00:00Z'),
        seat(b, '2026-11-23T13:00:00Z'),
        leaves([a], '2026-11-23T14:00:00Z'),
        leaves([b], '2026-11-23T15:00:00Z'),
      ],
      (facts) => expect(standingOf(facts())).toBe('cancelled'),
    );
  });

  it('make the cancellation concern the listed only, also when it comes before anybody told that there are seats', () => {
    const unsaid = said('BOOKING_CANCELLED', {
      said: '2026-11-23T14:00:00Z',
      attendees: [a],
      payload: { seatsPerTimeSlot: null },
    });
    inOrders([unsaid, seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T13:00:00Z')], (facts) => {
      expect(standingOf(facts())).toBe('agreed');
      expect(attending(facts())).toEqual([who('b')]);
    });
  });

  it('are taken again by who left and came back later', () => {
    inOrders(
      [seat(a, '2026-11-23T12:00:00Z'), leaves([a], '2026-11-23T13:00:00Z'), seat(a, '2026-11-23T14:00:00Z')],
      (facts) => {
        expect(attending(facts())).toEqual([who('a')]);
        expect(agreedAt(facts(), at('2026-12-03T15:00:00Z'), who('a'))).toEqual(at('2026-11-23T14:00:00Z'));
      },
    );
  });

  it('are lost by who joins and leaves at one and the same moment', () => {
    inOrders([seat(a, '2026-11-23T12:00:00Z'), leaves([a], '2026-11-23T12:00:00Z')], (facts) =>
      expect(standingOf(facts())).toBe('cancelled'),
    );
  });

  const moves = (listed: readonly string[], moment: string, by?: string) =>
    said('BOOKING_RESCHEDULED', {
      uid: 'n',
      said: moment,
      start: '2026-12-05T15:00:00Z',
      attendees: listed,
      payload: { ...seats, rescheduleUid: 'u1', ...(by && { rescheduledBy: by }) },
    });

  it('of one who moves end there, and the others keep the old booking', () => {
    inOrders(
      [
        seat(a, '2026-11-23T12:00:00Z'),
        seat(b, '2026-11-23T12:30:00Z'),
        moves([a], '2026-11-23T13:00:00Z', a),
      ],
      (facts) => {
        expect([standingOf(facts()), attending(facts())]).toEqual(['agreed', [who('b')]]);
        expect(hasMovedAway(facts(), who('a'))).toBe(true);
        expect(hasMovedAway(facts(), who('b'))).toBe(false);
        expect([standingOf(facts('n')), attending(facts('n'))]).toEqual(['agreed', [who('a')]]);
      },
    );
  });

  it('are taken again by who moved away and joined the old booking later', () => {
    inOrders(
      [
        seat(a, '2026-11-23T12:00:00Z'),
        moves([a], '2026-11-23T13:00:00Z', a),
        seat(a, '2026-11-23T14:00:00Z'),
      ],
      (facts) => expect(attending(facts())).toEqual([who('a')]),
    );
  });

  it('leave the booking off, not superseded, once each has moved away on their own', () => {
    inOrders(
      [
        seat(a, '2026-11-23T12:00:00Z'),
        seat(b, '2026-11-23T12:30:00Z'),
        moves([a], '2026-11-23T13:00:00Z', a),
        moves([b], '2026-11-23T13:10:00Z', b),
      ],
      (facts) => expect(standingOf(facts())).toBe('cancelled'),
    );
  });

  it('move all together when the host moves them, though one attendee is listed', () => {
    inOrders(
      [
        seat(a, '2026-11-23T12:00:00Z'),
        seat(b, '2026-11-23T12:30:00Z'),
        moves([a], '2026-11-23T13:00:00Z', 'organizer@example.com'),
      ],
      (facts) => {
        expect([standingOf(facts()), attending(facts())]).toEqual(['superseded', []]);
        expect(hasMovedAway(facts(), who('b'))).toBe(true);
      },
    );
  });

  it('stay with their booking when the host moves it in place', () => {
    const inPlace = said('BOOKING_RESCHEDULED', {
      said: '2026-11-23T13:00:00Z',
      start: '2026-12-05T15:00:00Z',
      attendees: [a],
      payload: { ...seats, rescheduleUid: 'u1', rescheduledBy: 'organizer@example.com' },
    });
    inOrders([seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T12:30:00Z'), inPlace], (facts) => {
      expect(standingOf(facts())).toBe('agreed');
      expect([...attending(facts())].sort()).toEqual([who('a'), who('b')].sort());
      expect(agreedAt(facts(), at('2026-12-05T15:00:00Z'), who('b'))).toEqual(at('2026-11-23T13:00:00Z'));
    });
  });

  it('taken an hour before the call are too late for reminders, and those of the others stay', () => {
    inOrders([seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-12-03T14:00:00Z')], (facts) => {
      const plan = planReminders(facts(), defaultPolicy).map(({ recipient, skip }) => [recipient, skip]);
      expect(plan).toEqual([
        ...[0, 1, 2].map(() => [who('a'), null]),
        ...[0, 1, 2].map(() => [who('b'), 'meeting_too_soon']),
      ]);
    });
  });

  it('that a later look at the source does not list any more have been given up', () => {
    const looked = (attendees: readonly string[], moment: string) => ({
      ...seat(a, moment),
      kind: 'fetched' as const,
      attendees: attendees.flatMap((email) => seat(email, moment).attendees),
    });
    const both = [seat(a, '2026-11-23T12:00:00Z'), seat(b, '2026-11-23T13:00:00Z')];
    inOrders([...both, looked([b], '2026-11-23T13:01:00Z')], (facts) =>
      expect(attending(facts())).toEqual([who('b')]),
    );
    // Who joined within the minute may not be in the list yet.
    inOrders([...both, looked([a], '2026-11-23T13:01:00Z')], (facts) =>
      expect(attending(facts())).toEqual([who('a'), who('b')]),
    );
    inOrders([...both, looked([a], '2026-11-23T13:01:00.001Z')], (facts) =>
      expect(attending(facts())).toEqual([who('a')]),
    );
    inOrders([...both, looked([], '2026-11-23T14:00:00Z'), looked([b], '2026-11-23T14:10:00Z')], (facts) =>
      expect(attending(facts())).toEqual([who('b')]),
    );
    inOrders([...both, { ...looked([], '2026-11-23T14:00:00Z'), saidAt: null }], (facts) =>
      expect(attending(facts())).toEqual([who('a'), who('b')]),
    );
  });
});
