// What one update says of a booking, field by field, and what of it holds against what was said before.
import { describe, expect, it } from 'vitest';
import { contribution } from '../src/contribution.ts';
import { type Facts, nothingKnown, type PersonFacts, personUnknown } from '../src/facts.ts';
import { bookingId } from '../src/ids.ts';
import { inKeyOrder, join, joinRecords, lostToNewer } from '../src/merge.ts';
import { nothingSaid } from '../src/source-words.ts';
import type { BookingUpdate, UpdateAttendee, UpdateKind } from '../src/update.ts';
import { at, names, who } from './in-orders.ts';

const saidAt = at('2026-11-23T12:00:00Z');
const time = { startAt: at('2026-12-03T15:00:00Z'), endAt: at('2026-12-03T15:30:00Z') };
const stamp = { saidAt, rank: 4 };
const guest: UpdateAttendee = {
  email: 'guest@example.com',
  mailable: true,
  name: 'Guest',
  firstName: 'Guest',
  timeZone: 'Europe/Paris',
  locale: 'en',
  links: null,
};
const id = bookingId('calcom', 'u1');
const update = (changes: Partial<BookingUpdate> = {}): BookingUpdate => ({
  ...nothingSaid,
  kind: 'agreed',
  uid: 'u1',
  saidAt,
  receivedAt: saidAt,
  time,
  attendees: [guest],
  ...changes,
});
const says = (changes: Partial<BookingUpdate> = {}): Facts =>
  contribution(update(changes), names).get(id) ?? nothingKnown;
const ofGuest = (changes: Partial<UpdateAttendee>, of: Partial<BookingUpdate> = {}): PersonFacts =>
  says({ ...of, attendees: [{ ...guest, ...changes }] }).people[who('guest')] ?? personUnknown;

describe('contribution', () => {
  it('keeps the name a calendar knows the call by only from what comes with an invitation', () => {
    const calendarUid = 'uid@cal.com';
    for (const kind of ['agreed', 'moved'] as const)
      expect(says({ kind, calendarUid }).calendarUid?.value).toBe(calendarUid);
    const others: readonly UpdateKind[] = ['fetched', 'host_changed', 'cancelled', 'requested'];
    for (const kind of others) expect(says({ kind, calendarUid })).not.toHaveProperty('calendarUid');
    expect(says()).not.toHaveProperty('calendarUid');
    expect(says({ calendarUid: null })).not.toHaveProperty('calendarUid');
  });

  it('keeps an address of the host under the name of its owner, and none where none is said', () => {
    const host = { name: 'Jane', timeZone: null };
    const address = { email: 'jane@example.com', locale: 'fr' };
    expect(says({ host: { ...host, address } }).host?.value).toEqual({
      ...host,
      address: { ...address, id: who('jane') },
    });
    expect(says({ host }).host?.value).toEqual(host);
  });

  it('keeps a number, a consent and answers, each as of when it was said, and nothing in their place', () => {
    const phone = '+33612345678';
    const consent = { given: true, text: 'May we?', source: 'may-we' };
    const responses = { goal: 'More sales' };
    const told = ofGuest({ phone, consent, responses });
    expect(told.phone).toEqual({ value: { number: phone, id: names.recipient(phone) }, stamp });
    expect(told.consent).toEqual({ value: consent, stamp });
    expect(told.responses).toEqual({ value: responses, stamp });
    for (const name of ['phone', 'consent', 'responses']) {
      expect(ofGuest({})).not.toHaveProperty(name);
      expect(ofGuest({ phone: null, consent: null })).not.toHaveProperty(name);
    }
  });

  it('takes what an API tells of a person for said a minute before the booking was made, and for unsaid without that', () => {
    const fetched = { standing: 'agreed', madeAt: at('2026-11-20T12:00:00Z'), movedTo: null } as const;
    const told = ofGuest({ phone: '+33612345678' }, { kind: 'fetched', fetched });
    expect(told.phone?.stamp).toEqual({ saidAt: at('2026-11-20T11:59:00Z'), rank: 3 });
    expect(told.details?.stamp).toEqual(told.phone?.stamp);
    expect(told).toMatchObject({ joinedAt: null, links: null });
    expect(`${told.seenAt}`).toBe(`${saidAt}`);
    const unsaid = ofGuest({}, { kind: 'fetched', fetched: { ...fetched, madeAt: null } });
    expect(unsaid.details?.stamp.saidAt).toBeNull();
  });

  it('lists who is there of a fetched call with seats, nobody of one that is off, and nothing of any other', () => {
    const listed = { kind: 'fetched', seated: true } as const;
    expect(says(listed).snapshot?.value).toEqual([who('guest')]);
    const off = { standing: 'cancelled', madeAt: null, movedTo: null } as const;
    expect(says({ ...listed, fetched: off }).snapshot?.value).toEqual([]);
    expect(says({ kind: 'fetched' }).snapshot).toBeNull();
    expect(says({ ...listed, fetched: { ...off, standing: 'declined' } }).snapshot).toBeNull();
    expect(says({ seated: true }).snapshot).toBeNull();
  });

  it('has a list of nobody only from a webhook', () => {
    expect(says({ attendees: [] }).roster?.value).toEqual([]);
    expect(says({ kind: 'fetched', attendees: [] }).roster).toBeNull();
  });

  it('is a request only where it asks', () => {
    for (const kind of ['requested', 'payment_opened'] as const)
      expect(`${says({ kind }).requestedAt}`).toBe(`${saidAt}`);
    const others: readonly UpdateKind[] = ['agreed', 'moved', 'paid', 'cancelled', 'declined', 'no_show'];
    for (const kind of others) expect(says({ kind }).requestedAt).toBeNull();
  });

  it('of a move in place takes the place of nothing', () => {
    const moved = contribution(update({ kind: 'moved', replaces: { uid: 'u1', time } }), names);
    expect([...moved.keys()]).toEqual([id]);
    expect([moved.get(id)?.replaces, moved.get(id)?.replacedBy]).toEqual([{}, {}]);
    expect(moved.get(id)?.time?.value).toEqual(time);
  });
});

describe('join', () => {
  it('keeps the first name that a calendar was told, whichever is heard first', () => {
    const uid = (text: string, moment: string) => says({ calendarUid: text, saidAt: at(moment) });
    const [first, second] = [uid('first', '2026-11-23T11:00:00Z'), uid('second', '2026-11-23T12:00:00Z')];
    expect(join(first, second).calendarUid?.value).toBe('first');
    expect(join(second, first).calendarUid?.value).toBe('first');
    expect(join(second, says()).calendarUid?.value).toBe('second');
    expect(join(says(), second).calendarUid?.value).toBe('second');
  });

  it('leaves nothing of who was erased but that something was said', () => {
    const told: PersonFacts = {
      ...ofGuest({
        links: { move: 'https://cal.com/m', cancel: 'https://cal.com/c' },
        responses: { goal: 'x' },
      }),
      segment: { value: 'CRITICAL', stamp },
    };
    const known = { ...nothingKnown, people: { [who('guest')]: told } };
    const erasure = { [who('guest')]: { ...personUnknown, erasedAt: saidAt } };
    const left = join(known, { ...nothingKnown, people: erasure }).people[who('guest')];
    expect(left?.links?.value).toEqual({ move: null, cancel: null });
    expect(left?.responses?.value).toEqual({});
    expect(left?.segment).toEqual({ value: null, stamp });
  });
});

describe('inKeyOrder', () => {
  it('puts keys into the order of their letters, from whatever order they come in', () => {
    const entries = [
      ['b', 2],
      ['a', 1],
      ['d', 4],
      ['c', 3],
    ] as const;
    expect(Object.keys(inKeyOrder(entries))).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.keys(inKeyOrder([...entries].reverse()))).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.entries(joinRecords({ b: 1, c: 1 }, { a: 2, b: 2 }, (x, y) => x + y))).toEqual([
      ['a', 2],
      ['b', 3],
      ['c', 1],
    ]);
  });
});

describe('lostToNewer', () => {
  const place = (url: string, moment: string): Facts => ({
    ...nothingKnown,
    place: { value: { kind: 'link', url }, stamp: { saidAt: at(moment), rank: 4 } },
  });

  it('holds only for what was known, differs and is older', () => {
    const [old, fresh] = ['2026-11-23T11:00:00Z', '2026-11-23T12:00:00Z'];
    expect(lostToNewer(place('https://a.example', fresh), place('https://b.example', old))).toBe(true);
    expect(lostToNewer(place('https://a.example', fresh), place('https://b.example', fresh))).toBe(false);
    expect(lostToNewer(place('https://a.example', old), place('https://b.example', fresh))).toBe(false);
    expect(lostToNewer(nothingKnown, place('https://b.example', old))).toBe(false);
    expect(lostToNewer(place('https://a.example', fresh), nothingKnown)).toBe(false);
    expect(lostToNewer(nothingKnown, says())).toBe(false);
  });
});
