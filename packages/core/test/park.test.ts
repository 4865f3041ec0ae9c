// A record that cannot be worked on is put aside for a while, and a person is told.
import { defaultPolicy, type Facts, type Policy, type Stored, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { bookingWrite, readBooking } from '../src/booking-record.ts';
import { bookingId } from '../src/ids.ts';
import { ledgerWrite, park } from '../src/park.ts';
import { agreedCall, at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const id = bookingId('calcom', 'u1');
const startAt = at('2026-12-03T15:00:00Z');
const call = agreedCall({ startAt, agreedAt: at('2026-11-20T12:00:00Z') });
const cause = new Error('a broken rule');
const now = at('2026-11-23T12:00:00Z');

function stored(facts: Facts = call): Stored {
  const options = { over: null, policy: defaultPolicy, now, crm: 'now' as const, history: [] };
  return bookingWrite({ id, facts, ledger: {} }, options).put;
}

describe('what is put aside', () => {
  it('is looked at again in five minutes in that lane, and stays as it is in all else', () => {
    const { shell, troubles } = bareShell();
    const before = stored();
    const { put, expected, history } = park(shell, before, { lane: 'mail', cause });
    const lanes = { ...before.lanes, mail: at('2026-11-23T12:05:00Z') };
    expect(put).toEqual({ ...before, revision: 2, lanes });
    expect([expected, history]).toEqual([1, []]);
    expect(park(shell, before, { lane: 'crm', cause }).put.lanes.mail).toEqual(before.lanes.mail);
    expect(troubles[0]).toEqual({
      kind: 'record_failed',
      booking: shell.names.short(id),
      sentence: 'A record was put aside: a broken rule',
    });
  });

  it('is told of in words also when what was thrown is no error, and names no booking where it is none', () => {
    const { shell, troubles } = bareShell();
    const person = { ...stored(), kind: 'person' as const };
    park(shell, person, { lane: 'crm', cause: 'words' });
    expect(troubles).toEqual([
      {
        kind: 'record_failed',
        booking: null,
        sentence: 'A record was put aside: something that is not an error was thrown',
      },
    ]);
  });

  it.each<[string, Stored, string]>([
    ['a call that is over waits an hour', stored(), '2026-12-03T16:31:00Z'],
    ['one without a time five minutes', stored({ ...call, time: null }), '2026-12-03T15:36:00Z'],
    ['one that cannot be read five minutes', { ...stored(), body: '{"facts":' }, '2026-12-03T15:36:00Z'],
    ['a person five minutes', { ...stored(), kind: 'person' }, '2026-12-03T15:36:00Z'],
  ])('of %s', async (_, record, expected) => {
    const { shell, clock } = bareShell();
    await clock.advanceTo(at('2026-12-03T15:31:00Z'));
    expect(`${park(shell, record, { lane: 'mail', cause }).put.lanes.mail}`).toBe(expected);
  });
});

describe('what was heard of a booking', () => {
  const history = [{ at: now, what: 'accepted', detail: {} }];
  const later: Facts = {
    ...call,
    about: { value: { title: 'news', eventType: null }, stamp: { saidAt: now, rank: 0 } },
  };
  const write = (rules: Policy['rules']) => {
    const { shell, troubles } = bareShell({ policy: { rules } });
    const over = stored();
    const put = ledgerWrite(shell, { id, facts: later, ledger: {} }, { over, now, crm: 'keep', history });
    return { ...put, troubles, over };
  };

  it('is kept with its plan', () => {
    const { put, troubles } = write([{ name: '1h', when: { before: Temporal.Duration.from({ hours: 1 }) } }]);
    expect(`${put.lanes.mail}`).toBe('2026-12-03T14:00:00Z');
    expect(troubles).toEqual([]);
  });

  it('is kept where it cannot be planned any more, and its mail is put aside', () => {
    const broken = write(() => {
      throw cause;
    });
    expect(readBooking(broken.put).value.facts.about?.value.title).toBe('news');
    expect(broken.put.lanes).toEqual({ ...broken.over.lanes, mail: at('2026-11-23T12:05:00Z') });
    expect(broken.history).toEqual(history);
    expect(broken.troubles.map(({ sentence }) => sentence)).toEqual([
      'A record was put aside: a broken rule',
    ]);
  });
});
