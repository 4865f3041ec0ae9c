// What follows from a booking's facts: its standing, who takes part, and since when.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, nothingKnown, type PersonFacts, personUnknown } from '../src/facts.ts';
import { bookingId, type RecipientId } from '../src/ids.ts';
import {
  agreedAt,
  attendanceOf,
  attending,
  concerned,
  hasMovedAway,
  standingOf,
  statusOf,
} from '../src/standing.ts';
import type { Instant } from '../src/temporal.ts';
import { ana, at, ben } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const endAt = at('2026-12-03T15:30:00Z');
const stamp = { saidAt: at('2026-11-23T12:00:00Z'), rank: 4 };
const early = at('2026-11-23T12:00:00Z');
const later = at('2026-11-24T12:00:00Z');
const other = bookingId('calcom', 'other');

const known: Facts = { ...nothingKnown, time: { value: { startAt, endAt }, stamp } };
const agreed: Facts = {
  ...known,
  agreed: { [startAt.toString()]: { saidAt: early } },
  lastAgreedAt: early,
  roster: { value: [ana, ben], stamp },
};
const seated = (people: { readonly [recipient: RecipientId]: Partial<PersonFacts> }): Facts => ({
  ...agreed,
  seated: true,
  people: Object.fromEntries(Object.entries(people).map(([id, one]) => [id, { ...personUnknown, ...one }])),
});
const movedBy = (moved: {
  allAt?: Instant;
  people?: { readonly [recipient: RecipientId]: { readonly movedAt: Instant } };
}) => ({
  replacedBy: { [other]: { allAt: moved.allAt ?? null, people: moved.people ?? {} } },
});
const cancelled: Facts['cancelled'] = { value: { by: 'host', moving: false }, stamp };

describe('standingOf', () => {
  it('gives the first that holds: superseded, cancelled, declined, agreed, awaiting, unknown', () => {
    const words = [
      { holds: { ...movedBy({ allAt: early }) }, standing: 'superseded' },
      { holds: { cancelled }, standing: 'cancelled' },
      { holds: { declinedAt: later }, standing: 'declined' },
      { holds: { agreed: agreed.agreed, lastAgreedAt: early }, standing: 'agreed' },
      { holds: { requestedAt: early }, standing: 'awaiting' },
      { holds: {}, standing: 'unknown' },
    ];
    for (const [index, { standing }] of words.entries()) {
      const facts: Facts = Object.assign({ ...known }, ...words.slice(index).map(({ holds }) => holds));
      expect(standingOf(facts)).toBe(standing);
    }
  });

  it('is agreed only for the present start', () => {
    expect(standingOf({ ...agreed, agreed: { '2026-12-01T15:00:00Z': { saidAt: early } } })).toBe('unknown');
    expect(standingOf({ ...agreed, time: null })).toBe('unknown');
  });

  it('is not superseded by a booking that only some moved to', () => {
    expect(standingOf({ ...agreed, ...movedBy({ people: { [ana]: { movedAt: later } } }) })).toBe('agreed');
  });

  it('is declined by a decline without any agreement, or not before it', () => {
    expect(standingOf({ ...known, declinedAt: early })).toBe('declined');
    expect(standingOf({ ...agreed, declinedAt: early })).toBe('declined');
    expect(standingOf({ ...agreed, declinedAt: early, lastAgreedAt: later })).toBe('agreed');
  });

  it('with seats is cancelled when somebody joined or left once and nobody attends, whatever else was said', () => {
    expect(standingOf(seated({}))).toBe('agreed');
    expect(standingOf({ ...seated({}), cancelled })).toBe('agreed');
    expect(standingOf({ ...seated({ [ana]: { joinedAt: early } }), cancelled })).toBe('agreed');
    expect(standingOf(seated({ [ana]: { leftAt: early } }))).toBe('cancelled');
    expect(standingOf(seated({ [ana]: { joinedAt: early, leftAt: later } }))).toBe('cancelled');
    expect(standingOf(seated({ [ana]: { noShow: { value: true, stamp } } }))).toBe('agreed');
  });
});

describe('statusOf', () => {
  it('of an agreed call is ended from its end on; of any other it stays', () => {
    expect(statusOf(agreed, at('2026-12-03T15:29:59.999Z'))).toBe('agreed');
    expect(statusOf(agreed, endAt)).toBe('ended');
    expect(statusOf({ ...agreed, cancelled }, endAt)).toBe('cancelled');
    expect(statusOf(nothingKnown, endAt)).toBe('unknown');
  });
});

describe('attending', () => {
  it('without seats is the list, booker first, without those who moved', () => {
    expect(attending(agreed)).toEqual([ana, ben]);
    expect(attending({ ...agreed, ...movedBy({ people: { [ana]: { movedAt: later } } }) })).toEqual([ben]);
    expect(attending({ ...agreed, ...movedBy({ allAt: later }) })).toEqual([]);
    expect(attending(known)).toEqual([]);
  });

  it('with seats is in the order of joining, then of ids', () => {
    expect(attending(seated({ [ana]: { joinedAt: later }, [ben]: { joinedAt: early } }))).toEqual([ben, ana]);
    expect(attending(seated({ [ben]: { joinedAt: early }, [ana]: { joinedAt: early } }))).toEqual([ana, ben]);
    expect(attending(seated({ [ana]: { joinedAt: early }, [ben]: { joinedAt: early } }))).toEqual([ana, ben]);
  });

  it('with seats never holds anybody whose last word was leaving', () => {
    const moment = fc.constantFrom(null, early, later);
    fc.assert(
      fc.property(moment, moment, (joinedAt, leftAt) => {
        const present =
          joinedAt !== null && (leftAt === null || leftAt.epochMilliseconds < joinedAt.epochMilliseconds);
        expect(attending(seated({ [ana]: { joinedAt, leftAt } }))).toEqual(present ? [ana] : []);
      }),
    );
  });
});

describe('a fetched list of seats', () => {
  const listedAt = at('2026-11-24T12:00:00Z');
  const minuteBefore = at('2026-11-24T11:59:00Z');
  const list = (...on: RecipientId[]): Pick<Facts, 'snapshot'> => ({
    snapshot: { value: on, stamp: { saidAt: listedAt, rank: 0 } },
  });
  const withList = (person: Partial<PersonFacts>, ...on: RecipientId[]) =>
    attending({ ...seated({ [ana]: person }), ...list(...on) });

  it('shows as left who joined more than a minute before it and is not on it', () => {
    expect(withList({ joinedAt: minuteBefore }, ben)).toEqual([ana]);
    expect(withList({ joinedAt: at('2026-11-24T11:58:59.999Z') }, ben)).toEqual([]);
    expect(withList({ joinedAt: early }, ana)).toEqual([ana]);
  });

  it('shows as left who was only ever seen on an earlier one and is not on it', () => {
    expect(withList({ seenAt: at('2026-11-24T11:59:59.999Z') }, ben)).toEqual([]);
    expect(withList({ seenAt: listedAt }, ben)).toEqual([ana]);
    expect(withList({ seenAt: early }, ana)).toEqual([ana]);
  });

  it('shows as back who is on it more than a minute after leaving', () => {
    const joinedAt = early;
    expect(withList({ joinedAt, leftAt: minuteBefore }, ana)).toEqual([]);
    expect(withList({ joinedAt, leftAt: at('2026-11-24T11:58:59.999Z') }, ana)).toEqual([ana]);
    expect(withList({ joinedAt, leftAt: at('2026-11-24T11:58:59.999Z') }, ben)).toEqual([]);
  });

  it('shows as back who is on it more than a minute after moving away', () => {
    const moved = (movedAt: Instant) => ({
      ...seated({ [ana]: { joinedAt: early } }),
      ...list(ana),
      ...movedBy({ people: { [ana]: { movedAt } } }),
    });
    expect(hasMovedAway(moved(minuteBefore), ana)).toBe(true);
    expect(hasMovedAway(moved(at('2026-11-24T11:58:59.999Z')), ana)).toBe(false);
  });

  it('that is of no known moment says nothing', () => {
    const snapshot: Facts['snapshot'] = { value: [ben], stamp: { saidAt: null, rank: 0 } };
    expect(attending({ ...seated({ [ana]: { joinedAt: early } }), snapshot })).toEqual([ana]);
  });

  it('makes a seat of whoever was seen on it, with the moment they were seen', () => {
    const seen = seated({ [ana]: { seenAt: later } });
    expect(concerned(seen, false)).toEqual([ana]);
    expect(agreedAt(seen, startAt, ana)).toEqual(later);
    expect(standingOf({ ...seen, ...list(ben) })).toBe('agreed');
    expect(standingOf({ ...seated({ [ana]: { seenAt: early } }), ...list(ben) })).toBe('cancelled');
  });
});

describe('concerned', () => {
  it('is the booker, with guests everybody on the list, with seats everybody who ever joined', () => {
    expect(concerned(agreed, false)).toEqual([ana]);
    expect(concerned(agreed, true)).toEqual([ana, ben]);
    expect(concerned(known, true)).toEqual([]);
    const left = seated({ [ana]: { joinedAt: early, leftAt: later }, [ben]: { leftAt: later } });
    expect(concerned(left, false)).toEqual([ana]);
  });
});

describe('hasMovedAway', () => {
  it('until the person joins again, unless all were moved', () => {
    const moved = movedBy({ people: { [ana]: { movedAt: later } } });
    expect(hasMovedAway({ ...seated({ [ana]: { joinedAt: early } }), ...moved }, ana)).toBe(true);
    expect(hasMovedAway({ ...seated({ [ana]: { joinedAt: later } }), ...moved }, ana)).toBe(true);
    const again = { [ana]: { joinedAt: at('2026-11-25T12:00:00Z') } };
    expect(hasMovedAway({ ...seated(again), ...moved }, ana)).toBe(false);
    expect(hasMovedAway({ ...seated(again), ...movedBy({ allAt: later }) }, ana)).toBe(true);
    expect(hasMovedAway({ ...agreed, ...moved }, ben)).toBe(false);
  });
});

describe('agreedAt', () => {
  it('is when the start was first said; with seats not before the person joined', () => {
    expect(agreedAt(agreed, startAt, ana)).toEqual(early);
    expect(agreedAt(seated({ [ana]: { joinedAt: later } }), startAt, ana)).toEqual(later);
    expect(agreedAt(seated({}), startAt, ana)).toEqual(early);
    expect(agreedAt(agreed, endAt, ana)).toBeNull();
    expect(agreedAt(seated({ [ana]: { joinedAt: later } }), endAt, ana)).toBeNull();
  });
});

describe('attendanceOf', () => {
  const said = (value: boolean, saidAt: Instant | null): Facts => ({
    ...agreed,
    people: { [ana]: { ...personUnknown, noShow: { value, stamp: { saidAt, rank: 0 } } } },
  });

  it('is what was said last of whether they came, since when it is known; nothing of whom nothing was said', () => {
    expect(attendanceOf(said(true, later), ana)).toEqual({ came: false, knownAt: later });
    expect(attendanceOf(said(false, later), ana)).toEqual({ came: true, knownAt: later });
    expect(attendanceOf(said(true, null), ana)).toEqual({ came: false, knownAt: endAt });
    expect(attendanceOf(said(true, later), ben)).toBeNull();
  });

  it('is of the present start: nothing said before it was agreed is, nor where no time is known', () => {
    const before = early.subtract({ seconds: 1 });
    expect(attendanceOf(said(true, before), ana)).toBeNull();
    expect(attendanceOf(said(true, early), ana)).toEqual({ came: false, knownAt: early });
    expect(attendanceOf({ ...said(true, before), agreed: {} }, ana)).toEqual({
      came: false,
      knownAt: before,
    });
    expect(attendanceOf({ ...said(true, later), time: null }, ana)).toBeNull();
  });
});
