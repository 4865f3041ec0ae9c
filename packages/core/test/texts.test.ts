// Reminders by text message, through the whole shell: who gets one, when, and what stops them.
import { describe, expect, it } from 'vitest';
import {
  type AddressEvent,
  bookingId,
  bookingRecord,
  content,
  createPrecall,
  type DeliveryEvent,
  type DeliveryEvents,
  defaultPolicy,
  Err,
  mayBeTexted,
  nothingKnown,
  Ok,
  type Policy,
  type Rule,
  Temporal,
  textContent,
} from '../src/index.ts';
import { agreedCall } from './agreed-call.ts';
import { consentField, createWorld, guest } from './world.ts';

const due72 = '2026-11-30T15:00:00Z';
const due24 = '2026-12-02T15:00:00Z';
const due2 = '2026-12-03T13:00:00Z';
const number = '+33612345678';
const hours = (count: number) => Temporal.Duration.from({ hours: count });
const mail72: Rule = { name: '72h', when: { before: hours(72) } };
const mail24: Rule = { name: '24h', when: { before: hours(24) } };
const text2: Rule = { name: '2h', when: { before: hours(2) }, channel: 'sms' };
const rules = [mail72, mail24, text2];

/** The body is the events, their moments as text, after a word of its own. */
const events: DeliveryEvents = {
  verify: (_headers, _body, query) => (query === '' || query === 'a=1' ? 'authentic' : 'forged'),
  read: (body) => {
    const text = Buffer.from(body).toString();
    return text.startsWith('events')
      ? Ok(JSON.parse(text.slice(6)))
      : Err([{ path: '', message: 'no events' }]);
  },
  parse: (json) =>
    Ok(
      (json as readonly (DeliveryEvent | AddressEvent)[]).map((one) => ({
        ...one,
        at: Temporal.Instant.from(`${one.at}`),
      })),
    ),
};

const away = Err({ kind: 'unavailable', reason: 'away' } as const);
const person = {
  email: guest,
  name: 'Ana Ruiz',
  timeZone: 'Europe/Paris',
  language: { locale: 'en' },
  phoneNumber: number,
};
const yes = { [consentField]: { label: 'May we text you?', value: true } };
const saidYes = { attendees: [person], responses: yes };

type WorldOptions = NonNullable<Parameters<typeof createWorld>[0]>;

function texting(options: WorldOptions & { readonly rules?: Policy['rules'] } = {}) {
  const world = createWorld({
    scheduler: 'none',
    mailer: (mailer) => ({ ...mailer, events }),
    texter: (texter) => ({ ...texter, events }),
    ...options,
    policy: { rules: options.rules ?? rules, ...options.policy },
  });
  const reminder = async (rule: string, uid = 'u1') =>
    (await world.booking(uid))?.reminders.find((one) => one.rule === rule);
  const stateOf = async (rule: string, uid = 'u1') => {
    const found = await reminder(rule, uid);
    return found && [found.state, found.reason];
  };
  const post = (said: readonly object[], channel: 'mail' | 'sms' = 'sms') =>
    world.precall.deliveryEvents(
      { headers: {}, body: Buffer.from(`events${JSON.stringify(said)}`) },
      channel,
    );
  return {
    world,
    reminder,
    stateOf,
    post,
    book: (payload: object = saidYes, said: object = {}) =>
      world.change('BOOKING_CREATED', { payload: { ...payload }, ...said }),
    wish: (said: 'stop' | 'start', at: string, address = number) => post([{ address, said, at }]),
    report: async (rule: string, said: string, channel: 'mail' | 'sms' = 'mail') =>
      post(
        [{ attempt: (await reminder(rule))?.attempts.at(-1)?.id, said, at: world.clock.now().toString() }],
        channel,
      ),
    mails: () => world.mailer.sent.map(({ at }) => at.toString()),
    texts: () => world.texter.sent.map(({ message, at }) => `${message.to} ${at.toString()}`),
    async through(...moments: readonly string[]) {
      for (const moment of moments) await world.tickAt(moment);
    },
  };
}

describe('a rule by sms', () => {
  it('is counted as a text, whose words are not those that are compared', async () => {
    const { book, through, world } = texting({ rules: [text2] });
    await book();
    await through(due2, '2026-12-03T18:00:00Z');
    const { rows } = (await world.precall.desk.outcomes()).unwrap();
    expect(rows.map(({ rule, channel, text, counts }) => [rule, channel, text, counts.held])).toEqual([
      ['2h', 'sms', null, 1],
    ]);
  });

  it('sends to the number of somebody who said that they may be texted, and mails by the others', async () => {
    const { book, through, mails, texts, reminder, world } = texting();
    await book();
    await through(due72, due24, due2);
    expect(mails()).toEqual([due72, due24]);
    expect(texts()).toEqual([`${number} ${due2}`]);
    expect(world.texter.sent[0]?.message.text).toContain('starts in 2 hours (4:00 PM)');
    expect(await reminder('2h')).toMatchObject({
      channel: 'sms',
      recipient: number,
      state: 'sent',
      attempts: [{ channel: 'sms', outcome: 'accepted' }],
    });
    expect(await reminder('24h')).toMatchObject({ channel: 'mail', recipient: guest });
  });

  it('sends a text and no mail to somebody who gave a number only', async () => {
    const { book, through, mails, texts, stateOf } = texting();
    await book({ attendees: [{ ...person, email: '33612345678@sms.cal.com' }], responses: yes });
    await through(due72, due24, due2);
    expect(mails()).toEqual([]);
    expect(texts()).toEqual([`${number} ${due2}`]);
    expect(await stateOf('24h')).toEqual(['skipped', 'no_address']);
  });

  it.each([
    ['no number', { ...saidYes, attendees: [{ ...person, phoneNumber: null }] }, 'no_phone'],
    [
      'a number without its country',
      { ...saidYes, attendees: [{ ...person, phoneNumber: '0612345678' }] },
      'no_phone',
    ],
    ['nothing about being texted', { attendees: [person] }, 'no_consent'],
    ['no', { ...saidYes, responses: { [consentField]: { label: '?', value: false } } }, 'no_consent'],
    ['no zone', { ...saidYes, attendees: [{ ...person, timeZone: null }] }, 'no_zone'],
  ])('sends nothing to somebody who said %s', async (_, payload, reason) => {
    const { book, through, texts, stateOf } = texting();
    await book(payload);
    await through(due72, due24, due2);
    expect(texts()).toEqual([]);
    expect(await stateOf('2h')).toEqual(['skipped', reason]);
  });

  it('believes the last word about being texted', async () => {
    const { book, through, texts, world } = texting();
    await book();
    const no = { ...saidYes, responses: { [consentField]: { label: '?', value: false } } };
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-24T12:00:00Z'));
    await book(no, { said: '2026-11-24T12:00:00Z' });
    await through(due2);
    expect(texts()).toEqual([]);
  });

  it('falls due by half past eight the evening before, and is of no use after it', async () => {
    // 08:30 in Paris, so that two hours before is 06:30.
    const early = { start: '2026-12-03T07:30:00Z' };
    const { book, through, texts, stateOf } = texting();
    const { reminders } = await book(saidYes, early);
    expect(reminders.find(({ rule }) => rule === '2h')?.dueAt.toString()).toBe('2026-12-02T19:15:00Z');
    await through('2026-12-02T19:30:00Z');
    expect(await stateOf('2h')).toEqual(['missed', 'too_late']);
    expect(texts()).toEqual([]);

    const other = texting();
    await other.book(saidYes, early);
    await other.through('2026-12-02T19:29:59Z');
    expect(other.texts()).toEqual([`${number} 2026-12-02T19:29:59Z`]);
  });

  it('may go at any hour where the policy has no hours', async () => {
    const { book, through, texts } = texting({ policy: { smsQuietHours: null } });
    await book(saidYes, { start: '2026-12-03T05:00:00Z' });
    await through('2026-12-03T03:00:00Z');
    expect(texts()).toEqual([`${number} 2026-12-03T03:00:00Z`]);
  });

  it('has hours of its own, and none where they are of no length', async () => {
    const at = Temporal.PlainTime.from('12:00');
    const quietHours = { from: Temporal.PlainTime.from('13:00'), to: Temporal.PlainTime.from('20:00') };
    const { book, through, texts } = texting({ policy: { quietHours, smsQuietHours: { from: at, to: at } } });
    await book();
    await through(due2);
    expect(texts()).toEqual([`${number} ${due2}`]);
  });

  it('is of use until the next quiet hours, also where these are at noon', async () => {
    const noon = { from: Temporal.PlainTime.from('12:00'), to: Temporal.PlainTime.from('13:00') };
    const { book, world } = texting({ policy: { smsQuietHours: noon } });
    await book(saidYes, { start: '2026-12-04T18:00:00Z' });
    const inspected = (await world.precall.desk.inspect(bookingId('calcom', 'u1'))).unwrap();
    const text = inspected?.reminders.find(({ rule }) => rule === '2h');
    expect([text?.dueAt.toString(), text?.usefulUntil.toString()]).toEqual([
      '2026-12-04T16:00:00Z',
      '2026-12-04T18:00:00Z',
    ]);
  });

  it('goes beside a mail of the same moment, which does not overtake it', async () => {
    const both = [
      { ...mail24, name: 'mail' },
      { ...mail24, name: 'text', channel: 'sms' as const },
    ];
    const { book, through, mails, texts } = texting({ rules: both });
    await book();
    await through(due24);
    expect([mails(), texts()]).toEqual([[due24], [`${number} ${due24}`]]);
  });

  it('is useful until its words are', async () => {
    const textContent = {
      needs: [],
      validFor: Temporal.Duration.from({ minutes: 5 }),
      render: () => 'Soon.',
    };
    const { book, through, stateOf } = texting({ rules: [{ ...text2, textContent }] });
    await book();
    await through('2026-12-03T13:05:00Z');
    expect(await stateOf('2h')).toEqual(['missed', 'too_late']);
  });

  it('is refused with a word to a person when its text cannot be made', async () => {
    const fail = () => {
      throw new Error('no');
    };
    const { book, through, stateOf, world } = texting({
      rules: [{ ...text2, textContent: { needs: [], render: fail } }],
    });
    await book();
    await through(due2);
    expect(await stateOf('2h')).toEqual(['refused', 'content_failed']);
    expect(world.troubles.map(({ kind }) => kind)).toEqual(['reminder_refused']);
  });
});

describe('a post of the texter', () => {
  it('is verified with the query of its address, and read as the texter reads', async () => {
    const { world } = texting();
    const post = (text: string, query?: string) =>
      world.precall.deliveryEvents({ headers: {}, body: Buffer.from(text), ...(query && { query }) }, 'sms');
    expect(await post('events[]', 'a=1')).toEqual({ kind: 'taken', events: 0 });
    expect(await post('events[]', 'a=2')).toEqual({ kind: 'forged' });
    expect(await post('[]')).toMatchObject({ kind: 'not_understood' });
  });
});

describe('the wish of whoever has a number', () => {
  it('stops texts and not mails, whichever booking names the number, until it is taken back', async () => {
    const { book, wish, through, mails, texts, stateOf, world } = texting();
    await book();
    expect(await wish('stop', '2026-11-25T12:00:00Z')).toEqual({ kind: 'taken', events: 1 });
    await wish('stop', '2026-11-25T13:00:00Z');
    expect(await stateOf('2h')).toEqual(['dropped', 'suppressed']);
    expect(await stateOf('24h')).toEqual(['planned', null]);
    await book({ ...saidYes, attendees: [{ ...person, email: 'other@example.com' }] }, { uid: 'u2' });
    await through(due72, due24, due2);
    expect(mails()).toHaveLength(4);
    expect(texts()).toEqual([]);
    expect(await stateOf('2h', 'u2')).toEqual(['dropped', 'suppressed']);
    const history = (await world.booking('u1'))?.history.map(({ what }) => what);
    expect(history?.filter((what) => what === 'texts_stopped')).toHaveLength(1);
    const inspected = (await world.precall.desk.inspect(bookingId('calcom', 'u1'))).unwrap();
    expect(inspected?.suppressed).toMatchObject([{ email: number, why: 'stop' }]);

    await wish('start', '2026-12-03T14:00:00Z');
    await wish('start', '2026-12-03T14:00:01Z');
    await book(saidYes, { uid: 'u3', start: '2026-12-10T15:00:00Z', said: '2026-12-03T14:00:00Z' });
    await through('2026-12-10T13:00:00Z');
    expect(texts()).toEqual([`${number} 2026-12-10T13:00:00Z`]);
  });

  it('does not take back an operator’s word, and is nothing to take back where none was given', async () => {
    const { book, wish, through, texts, world } = texting();
    await book();
    await wish('start', '2026-11-25T11:00:00Z');
    await world.precall.desk.suppress(number, { by: 'op' });
    await wish('start', '2026-11-25T12:00:00Z');
    await through(due2);
    expect(texts()).toEqual([]);
  });

  it('is kept as their own where the number was bad before: a stop is more than that nothing reached it', async () => {
    const { book, wish, report, through, world } = texting();
    await book();
    await through(due72, due24, due2);
    await report('2h', 'bounced', 'sms');
    await wish('stop', '2026-12-03T13:10:00Z');
    const inspected = (await world.precall.desk.inspect(bookingId('calcom', 'u1'))).unwrap();
    expect(inspected?.suppressed).toMatchObject([{ email: number, why: 'stop' }]);
  });

  it('takes nothing back once an operator has stopped the number, too', async () => {
    const { book, wish, through, texts, world } = texting();
    await book();
    await wish('stop', '2026-11-23T11:00:00Z');
    await world.precall.desk.suppress(number, { by: 'op' });
    await wish('start', '2026-11-23T12:01:00Z');
    await through(due2);
    expect(texts()).toEqual([]);
  });

  it('is not touched by who wants no more mails', async () => {
    const { book, through, mails, texts, world } = texting();
    await book();
    await world.precall.desk.suppress(guest, { by: 'op' });
    await through(due72, due24, due2);
    expect([mails(), texts()]).toEqual([[], [`${number} ${due2}`]]);
  });

  it('is heard also where the provider says it of one message', async () => {
    const { book, report, through, texts } = texting({
      rules: [{ ...mail24, channel: 'sms' as const }, text2],
    });
    await book();
    await through(due24);
    await report('24h', 'unsubscribed', 'sms');
    await through(due2);
    expect(texts()).toEqual([`${number} ${due24}`]);
  });

  it.each(['sms', 'mail'] as const)('is heard also where the provider refuses %s for it', async (channel) => {
    const { book, through, world, texts } = texting({
      rules: [
        { ...mail24, channel },
        { ...text2, channel },
      ],
    });
    await book();
    const sender = channel === 'sms' ? world.texter : world.mailer;
    sender.answerNext({ kind: 'rejected', reason: '21610', optedOut: true });
    await through(due24, due2);
    expect([sender.calls.length, texts()]).toEqual([1, []]);
    expect((await world.booking('u1'))?.history.map(({ what }) => what)).toContain('texts_stopped');
  });

  it('is theirs alone where others were texted in the same moment', async () => {
    const other = '+12125550199';
    const { book, through, world, stateOf } = texting({ rules: [{ ...mail24, channel: 'sms' }, text2] });
    await book();
    await book(
      { ...saidYes, attendees: [{ ...person, email: 'ben@example.com', phoneNumber: other }] },
      { uid: 'u2' },
    );
    world.texter.answerNext({ kind: 'rejected', reason: '21610', optedOut: true });
    await through(due24, due2);
    expect([await stateOf('24h', 'u1'), await stateOf('2h', 'u1')]).toEqual([
      ['refused', 'mailer_rejected'],
      ['dropped', 'suppressed'],
    ]);
    expect([await stateOf('24h', 'u2'), await stateOf('2h', 'u2')]).toEqual([
      ['sent', null],
      ['sent', null],
    ]);
  });

  it('gives a text back that was claimed while it was said (invariant 8)', async () => {
    let said = false;
    const made = texting({
      store: (store) => ({
        ...store,
        async save(writes) {
          if (!said && writes.length > 1 && writes.some((one) => 'put' in one && one.put.kind === 'person')) {
            said = true;
            await made.wish('stop', due2);
          }
          return store.save(writes);
        },
      }),
      rules: [text2],
    });
    await made.book();
    await made.through(due2);
    expect(made.world.texter.calls).toEqual([]);
    expect(await made.stateOf('2h')).toEqual(['dropped', 'suppressed']);
  });

  it.each(['find', 'save'] as const)('is asked for again when the store does not %s', async (method) => {
    let failing = false;
    const { book, wish } = texting({
      store: (store) => ({
        ...store,
        [method]: (...asked: never[]) =>
          failing ? Promise.resolve(away) : (store[method] as (...asked: never[]) => unknown)(...asked),
      }),
    });
    await book();
    failing = true;
    expect(await wish('stop', due72)).toMatchObject({ kind: 'away' });
  });

  it('is asked for again when others keep changing the record', async () => {
    let contended = false;
    const { book, wish } = texting({
      store: (store) => ({
        ...store,
        save: (writes) =>
          contended ? Promise.resolve(Ok(writes.map(() => 'conflict' as const))) : store.save(writes),
      }),
    });
    await book();
    contended = true;
    expect(await wish('stop', due72)).toMatchObject({ kind: 'away' });
  });
});

describe('erasure', () => {
  it('stops mails and texts, and leaves neither the number nor the consent', async () => {
    const { book, through, mails, texts, world, stateOf } = texting();
    await book();
    await world.precall.erase(guest);
    await world.say('BOOKING_CREATED', { payload: saidYes });
    await through(due72, due24, due2);
    expect([mails(), texts()]).toEqual([[], []]);
    expect(await stateOf('2h')).toEqual(['dropped', 'erased']);
    const [stored] = (await world.memory.find([bookingRecord(bookingId('calcom', 'u1'))])).unwrap();
    expect(stored?.body).not.toContain(number);
    expect(stored?.body).not.toContain('May we text you?');
  });
});

describe('a texter that is taken away', () => {
  it('leaves a text that was under way in doubt, and all mails as they are', async () => {
    const { book, world } = texting({
      texter: (texter) => ({ ...texter, send: () => new Promise(() => {}) }),
    });
    await book(saidYes);
    await world.at(due2);
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ milliseconds: 0 }));
    expect((await world.booking('u1'))?.reminders.at(-1)?.state).toBe('sending');

    const mailsOnly = { rules: [mail72, mail24, { ...text2, channel: 'mail' as const }] };
    const next = createWorld({ scheduler: 'none', store: () => world.memory, now: due2, policy: mailsOnly });
    await next.tickAt('2026-12-03T13:00:30Z');
    const inDoubt = { state: 'unknown', attempts: [{ channel: 'sms', outcome: 'unknown' }] };
    expect((await next.booking('u1'))?.reminders.at(-1)).toMatchObject(inDoubt);
    await next.tickAt('2026-12-03T13:02:00Z');
    expect(next.sent()).toEqual([`${guest} 2026-12-03T13:02:00Z`]);
  });
});

it('is put aside where a function asks for it and there is no texter, and a person is told', async () => {
  const { book, world } = texting({ rules: () => rules });
  await book(saidYes);
  const next = createWorld({
    ...{ scheduler: 'none', store: () => world.memory },
    policy: { rules: () => rules },
  });
  await next.tickAt(due2);
  expect((await next.booking('u1'))?.reminders.at(-1)).toMatchObject({ state: 'planned', attempts: [] });
  expect(next.troubles.map(({ sentence }) => sentence)).toContainEqual(
    expect.stringContaining('give createPrecall its `texter`'),
  );
});

describe('a rule that falls back to sms', () => {
  const falling = [
    { ...mail24, fallback: 'sms' as const },
    { ...text2, name: 'last', channel: 'mail' as const, fallback: 'sms' as const },
  ];

  it('texts when the mail is refused for good, and is sent', async () => {
    const { book, through, texts, reminder, world } = texting({ rules: falling });
    await book();
    world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await through(due24);
    expect(texts()).toEqual([`${number} ${due24}`]);
    expect(await reminder('24h')).toMatchObject({
      state: 'sent',
      attempts: [
        { channel: 'mail', outcome: 'refused' },
        { channel: 'sms', outcome: 'accepted' },
      ],
    });
    const told = (await world.booking('u1'))?.history.filter(({ what }) => what.startsWith('reminder_'));
    expect(told?.map(({ what, detail }) => [what, detail.channel])).toEqual([
      ['reminder_refused', undefined],
      ['reminder_sent', 'sms'],
    ]);
  });

  it('stops the way by which somebody said stop, and not the one that only failed before it', async () => {
    const { book, through, mails, texts, world } = texting({ rules: falling });
    await book();
    world.mailer.answerNext({ kind: 'rejected', reason: 'too large' });
    world.texter.answerNext({ kind: 'rejected', reason: '21610', optedOut: true });
    await through(due24, due2);
    expect([texts(), mails()]).toEqual([[], [due2]]);
  });

  it('texts when the mail comes back, and by text at once the next time', async () => {
    const { book, through, report, mails, texts } = texting({ rules: falling });
    await book();
    await through(due24);
    await report('24h', 'bounced');
    await through('2026-12-02T15:10:00Z', due2);
    expect(mails()).toEqual([due24]);
    expect(texts()).toEqual([`${number} 2026-12-02T15:10:00Z`, `${number} ${due2}`]);
  });

  it('texts whom no mail can reach', async () => {
    const { book, through, texts } = texting({ rules: falling });
    await book({ attendees: [{ ...person, email: '33612345678@sms.cal.com' }], responses: yes });
    await through(due24, due2);
    expect(texts()).toEqual([`${number} ${due24}`, `${number} ${due2}`]);
  });

  it('does not text who wants no more mails, who may not be texted, or at an hour that is not fit', async () => {
    const unsubscribed = texting({ rules: falling });
    await unsubscribed.book();
    await unsubscribed.through(due24);
    await unsubscribed.report('24h', 'unsubscribed');
    await unsubscribed.through(due2);
    expect(unsubscribed.texts()).toEqual([]);

    const unasked = texting({ rules: falling });
    await unasked.book({ attendees: [person] });
    unasked.world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await unasked.through(due24);
    expect(await unasked.stateOf('24h')).toEqual(['refused', 'mailer_rejected']);

    const late = texting({ rules: falling });
    await late.book();
    await late.through(due24, '2026-12-02T20:00:00Z');
    await late.report('24h', 'bounced');
    await late.through('2026-12-02T20:01:00Z');
    expect(late.texts()).toEqual([]);
    expect(await late.stateOf('24h')).toEqual(['sent', null]);

    const stopped = texting({ rules: falling });
    await stopped.book();
    await stopped.wish('stop', '2026-11-25T12:00:00Z');
    stopped.world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await stopped.through(due24);
    expect(stopped.texts()).toEqual([]);
  });

  it.each([
    ['an operator', 'before'],
    ['an operator', 'after'],
    ['their own wish', 'before'],
    ['their own wish', 'after'],
  ])('does not text whom %s keeps from mails %s it is heard that one came back', async (whose, order) => {
    const links = { baseUrl: 'https://calls.example.com' };
    const { book, through, post, reminder, texts, world } = texting({ rules: falling, links });
    await book();
    await through(due24);
    const attempt = (await reminder('24h'))?.attempts[0]?.id;
    const comesBack = () => post([{ attempt, said: 'bounced', at: due24 }], 'mail');
    await world.clock.advanceTo(Temporal.Instant.from('2026-12-02T20:00:00Z'));
    if (order === 'after') await comesBack();
    const stop = world.mailer.sent[0]?.message.unsubscribe?.split('/').at(-1) ?? '';
    if (whose === 'an operator') await world.precall.desk.suppress(guest, { by: 'jo' });
    else expect((await world.precall.useLink(stop)).unwrap()).toMatchObject({ kind: 'stop', used: true });
    if (order === 'before') await comesBack();
    await through(due2);
    expect(texts()).toEqual([]);
  });

  it('stands in nobody’s way once both ways are closed, and texts after all who wants texts again', async () => {
    const { book, through, report, wish, mails, texts, world } = texting({
      rules: falling,
      policy: { concurrency: 1 },
    });
    await book();
    await book(
      { attendees: [{ ...person, email: 'other@example.com' }] },
      { uid: 'u2', start: '2026-12-03T16:00:00Z' },
    );
    await through(due24);
    await wish('stop', '2026-12-02T15:00:00Z');
    await report('24h', 'bounced');
    await through('2026-12-02T16:00:00Z');
    expect(mails()).toEqual([due24, '2026-12-02T16:00:00Z']);
    await wish('start', '2026-12-02T16:01:00Z');
    expect(texts()).toEqual([]);
    await through('2026-12-02T16:05:00Z');
    expect(texts()).toEqual([`${number} 2026-12-02T16:05:00Z`]);
    expect(world.troubles).toEqual([]);
  });

  it('stands in nobody’s way while its text lacks a fact that the mail does without', async () => {
    const named = { ...defaultPolicy.textContent, needs: ['firstName'] as const };
    const { book, through, report, mails, stateOf } = texting({
      rules: falling,
      policy: { concurrency: 1, textContent: named },
    });
    await book({ ...saidYes, attendees: [{ ...person, name: '' }] });
    await book(
      { attendees: [{ ...person, email: 'other@example.com' }] },
      { uid: 'u2', start: '2026-12-03T16:00:00Z' },
    );
    await through(due24, '2026-12-02T16:00:00Z');
    await report('24h', 'bounced');
    await through(due2, '2026-12-03T14:00:00Z');
    expect(mails()).toEqual([due24, '2026-12-02T16:00:00Z', '2026-12-03T14:00:00Z']);
    expect(await stateOf('last')).toEqual(['planned', 'fact_missing']);
    await through('2026-12-03T15:00:00Z');
    expect(await stateOf('last')).toEqual(['missed', 'fact_missing']);
  });

  it('ends when the text is refused too, after mail that came back', async () => {
    const { book, through, report, stateOf, world } = texting({ rules: falling });
    await book();
    await through(due24);
    world.texter.answerNext({ kind: 'rejected', reason: 'a landline' });
    await report('24h', 'bounced');
    await through('2026-12-02T15:10:00Z', '2026-12-02T16:10:00Z');
    expect(world.texter.calls).toHaveLength(1);
    expect(await stateOf('24h')).toEqual(['sent', null]);
    expect(world.troubles.map(({ sentence }) => sentence)).toEqual([
      'The texter refused a reminder for good: a landline',
    ]);
  });

  it('makes no third attempt where two may have reached them (invariant 9)', async () => {
    const { book, through, report, texts, world } = texting({ rules: falling, doubt: 'silent' });
    await book();
    world.mailer.answerNext({ kind: 'unknown', reason: 'reset' });
    await through(due24, '2026-12-02T15:02:00Z');
    await report('24h', 'bounced');
    await through('2026-12-02T15:10:00Z');
    expect(world.mailer.calls).toHaveLength(2);
    expect(texts()).toEqual([]);

    const other = texting({ rules: falling, doubt: 'silent' });
    await other.book();
    await other.through(due24);
    other.world.texter.answerNext({ kind: 'unknown', reason: 'reset' });
    await other.report('24h', 'bounced');
    await other.through('2026-12-02T15:10:00Z', '2026-12-02T15:20:00Z');
    expect(other.world.texter.calls).toHaveLength(1);
  });

  it('is no way back to itself', () => {
    expect(() => texting({ rules: [{ ...text2, fallback: 'sms' }] })).toThrow(/falls back to its own way/);
  });
});

describe('each channel', () => {
  const both = [
    { ...mail24, name: 'mail' },
    { ...mail24, name: 'text', channel: 'sms' as const },
  ];

  it('has a patience of its own', async () => {
    const { book, through, mails, texts, world } = texting({ rules: both });
    world.texter.answerNext({
      kind: 'unavailable',
      reason: '429',
      retryAfter: Temporal.Duration.from({ minutes: 5 }),
    });
    await book();
    await through(due24);
    await book({ ...saidYes, attendees: [{ ...person, email: 'other@example.com' }] }, { uid: 'u2' });
    await through('2026-12-02T15:01:00Z');
    expect(mails()).toEqual([due24, '2026-12-02T15:01:00Z']);
    expect(texts()).toEqual([]);
    await through('2026-12-02T15:05:00Z');
    expect(texts()).toHaveLength(2);
  });

  it('is asked itself what became of a send whose process died (invariant 9)', async () => {
    const dying = texting({
      rules: [text2],
      texter: (texter) => ({ ...texter, events, send: () => new Promise(() => undefined) }),
    });
    await dying.book();
    await dying.world.at(due2);
    void dying.world.precall.tick();
    await dying.world.at('2026-12-03T13:00:01Z');
    expect(await dying.stateOf('2h')).toEqual(['sending', null]);
    const next = texting({
      rules: [text2],
      store: () => dying.world.store,
      now: '2026-12-03T13:00:19Z',
      texter: (texter) => ({ ...texter, events, find: async () => Ok({ messageId: 'found' }) }),
      mailer: (mailer) => ({ ...mailer, events, find: async () => Ok(null) }),
    });
    await next.through('2026-12-03T13:00:20Z');
    expect(await next.stateOf('2h')).toEqual(['sent', null]);
    expect(next.world.texter.calls).toEqual([]);
  });

  it('lets the other rest, and with it the lane', async () => {
    const { book, through, world } = texting({ rules: both });
    const wait = {
      kind: 'unavailable',
      reason: '429',
      retryAfter: Temporal.Duration.from({ minutes: 5 }),
    } as const;
    world.texter.answerNext(wait);
    world.mailer.answerNext(wait);
    await book();
    await through(due24, '2026-12-02T15:01:00Z', '2026-12-02T15:04:59Z');
    expect([world.mailer.calls.length, world.texter.calls.length]).toEqual([1, 1]);
    await through('2026-12-02T15:05:00Z');
    expect([world.mailer.sent.length, world.texter.sent.length]).toEqual([1, 1]);
  });

  it('is told by its name when it keeps refusing', async () => {
    const { book, through, world } = texting({ rules: [{ ...mail24, channel: 'sms' }] });
    await book();
    for (let n = 0; n < 3; n += 1) world.texter.answerNext({ kind: 'unavailable', reason: '503' });
    await through(due24, '2026-12-02T15:01:00Z', '2026-12-02T15:02:00Z');
    expect(world.troubles.map(({ sentence }) => sentence)).toEqual([
      'The texter keeps refusing a reminder: 503',
    ]);
  });

  it('keeps a number from more than its share, whoever it is of', async () => {
    const { book, through, texts, stateOf } = texting({ rules: [text2], policy: { messagesPerDay: 1 } });
    await book();
    await book({ ...saidYes, attendees: [{ ...person, email: 'other@example.com' }] }, { uid: 'u2' });
    await through(due2);
    expect(texts()).toHaveLength(1);
    expect([await stateOf('2h'), await stateOf('2h', 'u2')]).toContainEqual(['dropped', 'daily_cap']);
  });

  it('is needed for the rules that name it', async () => {
    const { world } = texting();
    const options = {
      source: {
        name: 'x',
        verify: () => 'forged' as const,
        parse: () => Ok({ ignored: 'test_ping' as const }),
      },
      store: world.memory,
      mailer: world.mailer,
      clock: world.clock,
      entropy: { id: () => 'id', keyedHash: () => 'hash' },
    } as const;
    expect(() => createPrecall({ ...options, policy: { ...defaultPolicy, rules } })).toThrow(
      /"2h".*`texter`/,
    );
    const falling = [{ ...mail24, fallback: 'sms' as const }];
    expect(() => createPrecall({ ...options, policy: { ...defaultPolicy, rules: falling } })).toThrow(
      /`texter`/,
    );
    expect(
      await createPrecall({ ...options, policy: defaultPolicy }).deliveryEvents(
        { headers: {}, body: Buffer.from('[]') },
        'sms',
      ),
    ).toEqual({ kind: 'not_configured' });
  });
});

describe('mayBeTexted', () => {
  it('is true where all who get reminders may be, and there is somebody', () => {
    expect(mayBeTexted(nothingKnown)).toBe(false);
    expect(
      mayBeTexted(
        agreedCall({ startAt: Temporal.Instant.from(due2), agreedAt: Temporal.Instant.from(due72) }),
      ),
    ).toBe(false);
  });

  it('chooses rules', async () => {
    const { book, through, mails, texts } = texting({
      rules: (facts) => (mayBeTexted(facts) ? [text2] : [mail24]),
    });
    await book();
    await through(due24, due2);
    expect([mails(), texts()]).toEqual([[], [`${number} ${due2}`]]);
  });

  it('asks guests where they get reminders, too, and not where they get none', async () => {
    const withGuest = { ...saidYes, attendees: [person, { ...person, email: 'ben@example.com' }] };
    const remindGuests = true;
    const alone = texting({ rules: (facts) => (mayBeTexted(facts) ? [text2] : [mail24]) });
    await alone.book(withGuest);
    await alone.through(due24, due2);
    expect([alone.mails(), alone.texts()]).toEqual([[], [`${number} ${due2}`]]);
    const both = texting({
      policy: { remindGuests },
      rules: (facts) => (mayBeTexted(facts, { remindGuests }) ? [text2] : [mail24]),
    });
    await both.book(withGuest);
    await both.through(due24, due2);
    expect([both.mails(), both.texts()]).toEqual([[due24, due24], []]);
  });

  it('asks nobody who gave up their seat', async () => {
    const { book, through, mails, texts, world } = texting({
      rules: (facts) => (mayBeTexted(facts) ? [text2] : [mail24]),
    });
    const ben = { attendees: [{ ...person, email: 'ben@example.com' }], seatsPerTimeSlot: 5 };
    await book({ ...saidYes, seatsPerTimeSlot: 5 });
    await book(ben);
    await world.change('BOOKING_CANCELLED', { said: '2026-11-23T12:10:00Z', payload: ben });
    await through(due24, due2);
    expect([mails(), texts()]).toEqual([[], [`${number} ${due2}`]]);
  });

  it('mails everybody where one of two seats may not be texted', async () => {
    const { book, through, mails, texts } = texting({
      rules: (facts) => (mayBeTexted(facts) ? [text2] : [mail24]),
    });
    await book({ ...saidYes, seatsPerTimeSlot: 5 });
    await book({ attendees: [{ ...person, email: 'ben@example.com' }], seatsPerTimeSlot: 5 });
    await through(due24, due2);
    expect([mails(), texts()]).toEqual([[due24, due24], []]);
  });
});

describe('a look at a text', () => {
  it('shows the number of who may be texted, and whom each goes to', async () => {
    const { book, world } = texting();
    await book();
    expect((await world.booking('u1'))?.attendees).toMatchObject([{ email: guest, phone: number }]);
    const upcoming = (await world.precall.upcoming({ limit: 9, cursor: null })).unwrap().items;
    expect(upcoming.map(({ rule, recipient, name }) => [rule, recipient, name])).toEqual([
      ['72h', guest, 'Ana Ruiz'],
      ['24h', guest, 'Ana Ruiz'],
      ['2h', number, 'Ana Ruiz'],
    ]);
    await world.precall.erase(guest);
    expect((await world.booking('u1'))?.attendees).toMatchObject([{ email: null, phone: null }]);
  });

  it('shows its words before and after it was sent', async () => {
    const { book, through, world } = texting();
    await book();
    const look = async () =>
      (await world.precall.desk.inspect(bookingId('calcom', 'u1')))
        .unwrap()
        ?.reminders.find(({ rule }) => rule === '2h');
    expect(await look()).toMatchObject({ message: null, text: { to: number } });
    await through(due2);
    expect(await look()).toMatchObject({ message: null, text: { to: number } });
  });

  it('shows the mail, too, in whose place it goes, and nothing that may not be texted', async () => {
    const rules = [{ ...mail24, fallback: 'sms' as const }];
    const look = async ({ world }: ReturnType<typeof texting>) =>
      (await world.precall.desk.inspect(bookingId('calcom', 'u1'))).unwrap()?.reminders[0];
    const asked = texting({ rules });
    await asked.book();
    expect(await look(asked)).toMatchObject({ message: { to: guest }, text: { to: number } });
    asked.world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await asked.through(due24);
    expect(await look(asked)).toMatchObject({
      state: 'sent',
      message: { to: guest },
      text: { text: asked.world.texter.sent[0]?.message.text },
    });

    const unasked = texting({ rules });
    await unasked.book({ attendees: [person] });
    expect(await look(unasked)).toMatchObject({ message: { to: guest }, text: null });
  });

  it('shows each way in the words of its own moment', async () => {
    const { book, through, world } = texting({
      rules: [{ ...mail24, fallback: 'sms' as const }],
      policy: {
        content: content({
          needs: [],
          render: ({ now }) => ({ subject: 'At', text: now.toString(), html: '' }),
        }),
        textContent: textContent({ needs: [], render: ({ now }) => now.toString() }),
      },
    });
    await book();
    world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    world.texter.answerNext({
      kind: 'unavailable',
      reason: '429',
      retryAfter: Temporal.Duration.from({ minutes: 5 }),
    });
    await through(due24, '2026-12-02T15:05:00Z');
    const found = await world.precall.desk.inspect(bookingId('calcom', 'u1'));
    expect(found.unwrap()?.reminders).toMatchObject([
      { state: 'sent', message: { text: due24 }, text: { text: '2026-12-02T15:05:00Z' } },
    ]);
  });

  it('shows what went by a way that the rules ask for no more, and by no other', async () => {
    const { book, through, world } = texting({ rules: [mail72, { ...mail24, fallback: 'sms' }] });
    await book();
    await through(due72);
    world.mailer.answerNext({ kind: 'rejected', reason: 'no such mailbox' });
    await through(due24);
    await world.restart({ ...defaultPolicy, rules: [mail72, mail24] });
    const found = await world.precall.desk.inspect(bookingId('calcom', 'u1'));
    expect(found.unwrap()?.reminders).toMatchObject([
      { rule: '72h', message: { to: guest }, text: null },
      { rule: '24h', message: { to: guest }, text: { to: number } },
    ]);
  });

  it('is had for a call that nobody made', () => {
    const { world } = texting();
    const tried = world.precall.desk.tryPolicy({
      startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
      agreedAt: Temporal.Instant.from('2026-11-23T12:00:00Z'),
      timeZone: 'Europe/Paris',
    });
    expect(tried.reminders.map(({ channel }) => channel)).toEqual(['mail', 'mail', 'sms']);
    expect(tried.reminders.at(-1)?.subject).toContain('STOP');
    expect(tried.reminders.map(({ fallback }) => fallback)).toEqual([null, null, null]);
  });

  it('says what a rule by mail would fall back to', () => {
    const { world } = texting({ rules: [{ ...mail24, fallback: 'sms' }] });
    const [tried] = world.precall.desk.tryPolicy({
      startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
      agreedAt: Temporal.Instant.from('2026-11-23T12:00:00Z'),
      timeZone: 'Europe/Paris',
    }).reminders;
    expect(tried).toMatchObject({ channel: 'mail', subject: expect.not.stringContaining('STOP') });
    expect(tried?.fallback).toContain('STOP');
  });
});

describe('an operator’s word', () => {
  it('sends a text before its moment, at an hour that is fit', async () => {
    const { book, reminder, texts, world } = texting();
    await book();
    const key = (await reminder('2h'))?.key;
    if (!key) throw new Error('a text is planned');
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-24T20:00:00Z'));
    const send = () => world.precall.desk.sendNow(bookingId('calcom', 'u1'), { key, by: 'op' });
    expect((await send()).unwrap()).toEqual({ refused: 'texting_hours' });
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-25T10:00:00Z'));
    expect((await send()).unwrap()).toBe('done');
    expect(texts()).toEqual([`${number} 2026-11-25T10:00:00Z`]);
  });
});
