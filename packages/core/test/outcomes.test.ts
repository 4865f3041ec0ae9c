// What became of calls, counted; two texts compared; and a table that no spreadsheet takes for a formula.
import {
  bookingId,
  compareTexts,
  content,
  defaultPolicy,
  type OutcomeRow,
  outcomesCsv,
  type Policy,
  recipientId,
  shareOf,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../src/facts.ts';
import { attemptId, type ReminderKey } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { tally } from '../src/outcomes.ts';
import { Err } from '../src/result.ts';
import { contentFor, textFor } from '../src/texts.ts';
import { agreedCall as agreed, ana, at, ben, hours } from './agreed-call.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const defaultNow = createWorld(quiet).clock.now();
const at2h = [{ name: '2h', when: { before: hours(2) } }];
type World = ReturnType<typeof createWorld>;

async function counted(world: World) {
  const { rows, ...rest } = (await world.precall.desk.outcomes()).unwrap();
  return {
    ...rest,
    rows: rows.map(({ rule, lead, segment, counts }) => {
      const told = Object.entries(counts).filter(([, count]) => count > 0);
      return [rule, lead, segment, Object.fromEntries(told)];
    }),
  };
}

describe('outcomes', () => {
  it('count each call that came to its end, by rule and lead, and no call before', async () => {
    const world = createWorld({
      ...quiet,
      policy: { rules: [...at2h, { name: '1h', when: { before: hours(1) } }] },
    });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-12-03T13:00:00Z');
    await world.tickAt('2026-12-03T14:00:00Z');
    await world.tickAt('2026-12-03T16:29:59Z');
    expect(await counted(world)).toEqual({ rows: [], bookings: 1, unreadable: 0, isAll: true });
    await world.tickAt('2026-12-03T16:30:00Z');
    expect((await counted(world)).rows).toEqual([
      ['2h', 'over 7 days', null, { held: 1 }],
      ['1h', 'over 7 days', null, { held: 1 }],
    ]);
  });

  it('tell apart held, no-show, cancelled late, cancelled in time and moved', async () => {
    const world = createWorld({ ...quiet, now: '2026-12-01T12:00:00Z', policy: { rules: [] } });
    const said = '2026-12-01T12:00:00Z';
    const book = (uid: string, start: string) => world.change('BOOKING_CREATED', { uid, start, said });
    await book('held', '2026-12-01T13:00:00Z');
    await book('missed', '2026-12-02T10:00:00Z');
    await book('late', '2026-12-04T00:00:00Z');
    await book('early', '2026-12-05T12:00:00Z');
    await book('asked', '2026-12-05T13:00:00Z');
    await book('moved', '2026-12-20T12:00:00Z');
    await book('missed-and-moved', '2026-12-02T11:00:00Z');
    await book('host', '2026-12-02T12:00:00Z');
    await book('open', '2026-12-30T12:00:00Z');
    await world.say('BOOKING_REQUESTED', { uid: 'asked-for', start: '2026-12-02T12:00:00Z', said });
    await world.say('BOOKING_CANCELLED', { uid: 'unheard', said });
    await world.say('BOOKING_NO_SHOW_UPDATED', {
      uid: 'unknown',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    await world.clock.advance(hours(49));
    const now = world.clock.now().toString();
    const mark = (uid: string, noShow: boolean) =>
      world.change('BOOKING_NO_SHOW_UPDATED', {
        uid,
        said: now,
        payload: { attendees: [{ email: guest, noShow }] },
      });
    await mark('missed', true);
    await mark('missed-and-moved', true);
    await mark('held', false);
    await world.change('BOOKING_CANCELLED', { uid: 'late', start: '2026-12-04T00:00:00Z', said: now });
    await world.change('BOOKING_CANCELLED', { uid: 'early', start: '2026-12-05T12:00:00Z', said: now });
    await world.change('BOOKING_CANCELLED', {
      uid: 'asked',
      start: '2026-12-05T13:00:00Z',
      said: now,
      payload: { requestReschedule: true },
    });
    for (const uid of ['moved', 'missed-and-moved'])
      await world.change('BOOKING_RESCHEDULED', {
        uid: `${uid}-2`,
        start: '2026-12-28T12:00:00Z',
        said: now,
        payload: { rescheduleUid: uid },
      });
    await world.post({
      triggerEvent: 'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
      createdAt: now,
      payload: { bookingUid: 'host', hostEmail: 'jane@example.com' },
    });
    const totals = new Map<string, number>();
    for (const [, , , counts] of (await counted(world)).rows)
      for (const [outcome, count] of Object.entries(counts as object))
        totals.set(outcome, (totals.get(outcome) ?? 0) + Number(count));
    expect(Object.fromEntries(totals)).toEqual({
      held: 1,
      no_show: 2,
      cancelled_late: 1,
      cancelled: 1,
      moved: 2,
    });
    const leads = (await counted(world)).rows.map(([, lead]) => lead);
    expect(leads).toEqual(['under 2 h', '2 to 24 h', '1 to 3 days', '3 to 7 days', 'over 7 days']);
  });

  it('of a seat are those of whoever took it', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    const seats = { payload: { seatsPerTimeSlot: 5 } };
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['a@x.org'] });
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['b@x.org'] });
    await world.clock.advance(hours(24 * 9.5));
    const said = world.clock.now().toString();
    await world.change('BOOKING_CANCELLED', { ...seats, attendees: ['a@x.org'], said });
    await world.tickAt('2026-12-03T16:30:00Z');
    expect((await counted(world)).rows).toEqual([
      [null, 'over 7 days', null, { held: 1, cancelled_late: 1 }],
    ]);
  });

  it('look at the newest 5,000 bookings, and say when there are more', async () => {
    const [one] = await (async () => {
      const world = createWorld(quiet);
      await world.change('BOOKING_CREATED');
      return (await world.memory.list('booking', { limit: 1, cursor: null })).unwrap().items;
    })();
    if (!one) throw new Error('one booking is stored');
    let away = false;
    const world = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        list: async (kind, page) => {
          if (away) return Err({ kind: 'unavailable', reason: 'away' });
          const all = await store.list(kind, { ...page, cursor: null });
          return all.map(() => ({ items: Array.from({ length: page.limit }, () => one), next: 'more' }));
        },
      }),
    });
    expect(await counted(world)).toEqual({ rows: [], bookings: 5_000, unreadable: 0, isAll: false });
    away = true;
    expect((await world.precall.desk.outcomes()).isErr()).toBe(true);
  });
});

describe('two texts of one rule', () => {
  const words = (subject: string) => content({ needs: [], render: () => ({ subject, text: '', html: '' }) });
  const rule = { name: '2h', when: { before: hours(2) }, content: words('a'), otherContent: words('b') };
  const nothingToSay = {} as never;
  const ids = Array.from({ length: 2_000 }, (_, n) =>
    recipientId((n * 7_919 + 1).toString(16).padStart(32, '0')),
  );

  it('go to half of the people each, always the same to one, another half for each rule', () => {
    const inB = (name: string) => ids.filter((id) => textFor({ ...rule, name }, id) === 'b');
    expect(inB('2h').length / ids.length).toBeGreaterThan(0.45);
    expect(inB('2h').length / ids.length).toBeLessThan(0.55);
    expect(inB('2h')).toEqual(inB('2h'));
    const both = inB('2h').filter((id) => inB('24h').includes(id)).length / inB('2h').length;
    expect(both).toBeGreaterThan(0.4);
    expect(both).toBeLessThan(0.6);
  });

  it('stay the same for each in every version: nobody gets the other one in the middle of a comparison', () => {
    const eight = ids.slice(0, 8);
    expect(eight.map((id) => textFor(rule, id)).join('')).toBe('babbaaab');
    for (const id of eight)
      expect(contentFor(rule, id, defaultPolicy).render(nothingToSay).subject).toBe(textFor(rule, id));
  });

  it('are sent and counted by which it was', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [rule] } });
    for (let n = 0; n < 8; n += 1)
      await world.change('BOOKING_CREATED', { uid: `u${n}`, attendees: [`p${n}@example.com`] });
    await world.tickAt('2026-12-03T13:00:00Z');
    await world.tickAt('2026-12-03T16:30:00Z');
    const subjects = world.mailer.sent.map(({ message }) => message.subject);
    const { rows } = (await world.precall.desk.outcomes()).unwrap();
    const held = (text: string) => rows.find((row) => row.text === text)?.counts.held;
    expect(new Set(subjects)).toEqual(new Set(['a', 'b']));
    for (const text of ['a', 'b']) expect(held(text)).toBe(subjects.filter((one) => one === text).length);
  });

  it('of a rule with one are none, and its words the rule’s or the policy’s', () => {
    const [id = recipientId('')] = ids;
    const { otherContent, ...plain } = rule;
    expect([textFor(plain, id), contentFor(plain, id, defaultPolicy)]).toEqual([null, plain.content]);
    const bare: NonNullable<Extract<Policy['rules'], readonly unknown[]>[number]> = {
      name: 'x',
      when: rule.when,
    };
    expect(contentFor(bare, id, defaultPolicy)).toBe(defaultPolicy.content);
    expect(otherContent).toBeDefined();
  });

  const row = (text: 'a' | 'b' | null, held: number, missed: number): OutcomeRow => ({
    rule: '2h',
    text,
    channel: 'mail',
    lead: 'over 7 days',
    segment: null,
    counts: { held, no_show: missed, cancelled_late: 0, cancelled: 9, moved: 9 },
  });

  it('are compared by score intervals, with the number that would be needed', () => {
    // Newcombe (1998), table II, column (a), method 10: 56 of 70 against 48 of 80 is 0.0524 to 0.3339.
    const [comparison] = compareTexts([row('a', 48, 32), row('b', 56, 14), row(null, 1, 1)]);
    expect(comparison?.difference.value).toBeCloseTo(0.2, 4);
    expect(comparison?.difference.low).toBeCloseTo(0.0524, 4);
    expect(comparison?.difference.high).toBeCloseTo(0.3339, 4);
    // 60 % against 80 %: 82 in each group (Fleiss 1981, table A.3, before the correction for continuity).
    expect(comparison?.neededEach).toBe(82);
    expect(compareTexts([row('a', 5, 5), row('b', 10, 10)])[0]?.neededEach).toBeNull();
    expect(compareTexts([row(null, 5, 5)])).toEqual([]);
  });

  it('are compared within each rule alone', () => {
    const other = { ...row('b', 1, 99), rule: '24h' };
    const [comparison, second] = compareTexts([row('a', 48, 32), row('b', 56, 14), other]);
    expect(comparison?.b).toMatchObject({ came: 56, of: 70 });
    expect(second?.b).toMatchObject({ came: 1, of: 100 });
  });

  it('count a late cancellation as an hour that was lost', () => {
    const late = { counts: { ...row('a', 6, 1).counts, cancelled_late: 3 } };
    expect(shareOf([late])).toMatchObject({ came: 6, of: 10, share: 0.6 });
  });

  it('have an honest share also where there are few calls, or none', () => {
    // Wilson's interval for 10 of 10 begins at n / (n + z^2).
    expect(shareOf([row('a', 10, 0)]).low).toBeCloseTo(0.7225, 4);
    expect(shareOf([row('a', 10, 0)]).high).toBe(1);
    expect(shareOf([])).toEqual({ came: 0, of: 0, share: 0, low: 0, high: 1 });
  });
});

describe('outcomesCsv', () => {
  const row = (segment: string | null): OutcomeRow => ({
    rule: segment === null ? null : '2h',
    text: segment === null ? null : 'a',
    channel: segment === null ? null : 'mail',
    lead: 'over 7 days',
    segment,
    counts: { held: 1, no_show: 2, cancelled_late: 3, cancelled: 4, moved: 5 },
  });

  it('is a table with a head, empty where there is nothing', () => {
    expect(outcomesCsv([row('URGENT'), row(null)])).toBe(
      'rule,text,channel,lead time,segment,held,no_show,cancelled_late,cancelled,moved\r\n2h,a,mail,over 7 days,URGENT,1,2,3,4,5\r\n,,,over 7 days,,1,2,3,4,5\r\n',
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    [' =1', "' =1"],
    ['\t=1', "'\t=1"],
    ['a,"b"', '"a,""b"""'],
    ['\n=1', `"'\n=1"`],
    ['a b', 'a b'],
    ['1=1', '1=1'],
    ['a\t=', 'a\t='],
  ])('holds no formula, and %j as one cell', (segment, cell) => {
    expect(outcomesCsv([row(segment)])).toContain(`over 7 days,${cell},1`);
  });
});

describe('tally', () => {
  const id = bookingId('calcom', 'u1');
  const startAt = at('2026-11-20T12:00:00Z');
  const facts = agreed({ startAt, agreedAt: startAt.subtract(hours(48)) });
  const context = { now: defaultNow, completedAfter: hours(1) };
  const off = {
    cancelled: { value: { by: 'unknown', moving: false }, stamp: { saidAt: null, rank: 0 } },
  } as const;
  const told = (one: Facts, ...entries: LedgerEntry[]) => {
    const ledger = Object.fromEntries(entries.map((entry, n) => [`${n}` as ReminderKey, entry]));
    return tally([], [{ id, facts: one, ledger }], context).map(({ counts, ...kind }) => ({
      ...kind,
      outcome: Object.entries(counts).flatMap(([outcome, count]) => (count === 1 ? [outcome] : [])),
    }));
  };

  it('puts the earliest reminder first, nothing sent last, and within one the shorter lead first', () => {
    const row = (
      rule: string | null,
      lead: OutcomeRow['lead'],
      segment: string | null = null,
    ): OutcomeRow => ({
      rule,
      text: null,
      channel: rule === null ? null : 'mail',
      lead,
      segment,
      counts: { held: 1, no_show: 0, cancelled_late: 0, cancelled: 0, moved: 0 },
    });
    const rows = [
      row(null, 'under 2 h'),
      row('2h', 'over 7 days', 'URGENT'),
      row('2h', 'over 7 days', 'Agency'),
      row('2h', 'over 7 days'),
      row('2h', '2 to 24 h'),
      row('24h', 'over 7 days'),
      row('72h', 'over 7 days'),
    ];
    for (const given of [rows, rows.toReversed()])
      expect(tally(given, [], context)).toEqual(rows.toReversed());
  });

  it('counts nothing of a call that was never agreed, or whose time is not known', () => {
    expect(told({ ...facts, time: null })).toEqual([]);
    expect(told({ ...facts, agreed: {} })).toEqual([]);
    expect(told({ ...facts, agreed: {}, ...off, cancelledAt: startAt })).toEqual([]);
    expect(told(facts)).toMatchObject([{ outcome: ['held'] }]);
  });

  it('counts nothing of a call that was declined: nobody could come', () => {
    expect(told({ ...facts, declinedAt: startAt })).toEqual([]);
  });

  it('counts a cancellation of which only the source’s API told, and a seat that was given back', () => {
    const early = startAt.subtract(hours(25));
    expect(told({ ...facts, ...off, cancelledAt: early })).toMatchObject([{ outcome: ['cancelled'] }]);
    const seats = agreed({
      startAt,
      agreedAt: startAt.subtract(hours(48)),
      seated: true,
      people: { [ana]: { leftAt: startAt.subtract(hours(24)) }, [ben]: {} },
    });
    expect(told(seats)).toMatchObject([{ outcome: ['held', 'cancelled'] }]);
  });

  it.each([
    [1, 'under 2 h'],
    [2, '2 to 24 h'],
    [24, '1 to 3 days'],
    [72, '3 to 7 days'],
    [168, '3 to 7 days'],
    [169, 'over 7 days'],
  ])('puts a call agreed %i h ahead into the band "%s"', (lead, band) => {
    expect(told(agreed({ startAt, agreedAt: startAt.subtract(hours(lead)) }))).toMatchObject([
      { lead: band },
    ]);
  });

  const rule = { name: '2h', when: { before: hours(2) } };
  const dueAt = startAt.subtract(hours(2));
  const planned = { rule, recipient: ana, startAt, dueAt };
  const settled = (
    entry: LedgerEntry,
    name: string,
    kind: 'accepted' | 'rejected',
    by?: { channel: 'sms'; to: typeof ana },
  ) =>
    settle(
      claim(entry, attemptId(name), dueAt, by),
      attemptId(name),
      kind === 'accepted' ? { kind, messageId: null } : { kind: 'failed', error: { kind, reason: 'no' } },
      { now: dueAt, doubtWait: hours(1) },
    );
  const sent = (changes: Partial<typeof planned> = {}) =>
    settled(newEntry({ ...planned, ...changes }), 'first', 'accepted');

  it('counts a reminder only where it went to that person, about that start, and before it', () => {
    const nothingTold = { rule: null, text: null, channel: null };
    expect(told(facts, sent())).toMatchObject([{ rule: '2h', channel: 'mail' }]);
    expect(told(facts, sent({ recipient: ben }))).toMatchObject([nothingTold]);
    expect(told(facts, sent({ startAt: startAt.add(hours(1)) }))).toMatchObject([nothingTold]);
    expect(told(facts, sent({ dueAt: startAt }))).toMatchObject([nothingTold]);
    expect(told(facts, settled(newEntry(planned), 'first', 'rejected'))).toMatchObject([nothingTold]);
  });

  it('counts a reminder by the way that took it, and which of two texts it had only by mail', () => {
    const bySms = { channel: 'sms', to: ana } as const;
    const entry = { ...newEntry(planned), text: 'b' as const };
    const mailed = settled(entry, 'first', 'accepted');
    const texted = settled(settled(entry, 'first', 'rejected'), 'second', 'accepted', bySms);
    expect(told(facts, mailed)).toMatchObject([{ channel: 'mail', text: 'b' }]);
    expect(told(facts, texted)).toMatchObject([{ channel: 'sms', text: null }]);
  });

  it('adds to what was counted before', () => {
    const before = [
      {
        rule: null,
        text: null,
        channel: null,
        lead: 'over 7 days',
        segment: null,
        counts: { held: 1, no_show: 0, cancelled_late: 0, cancelled: 0, moved: 0 },
      },
    ] as const;
    expect(tally(before, [], { now: defaultNow, completedAfter: hours(1) })).toEqual(before);
  });
});
