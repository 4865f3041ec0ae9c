// A mail to the host after the call, and what they say by its link: the same as an operator's button says.
import {
  askWhoCame,
  defaultPolicy,
  Err,
  Ok,
  type Policy,
  type RecipientId,
  Temporal,
  whoCameMail,
} from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it, vi } from 'vitest';
import { nothingKnown } from '../src/facts.ts';
import { inTestMode, rulesFor } from '../src/policy.ts';
import { ana } from './agreed-call.ts';
import { attributesOf, wordsOf } from './naughty.ts';
import { createWorld, guest, secret } from './world.ts';

const host = 'jane@example.com';
const organizer = {
  name: 'Jane Doe',
  email: host,
  timeZone: 'Europe/Paris',
  language: { locale: 'fr' },
};
const asking: Partial<Policy> = {
  rules: [...rulesFor(nothingKnown, defaultPolicy, ana).slice(3), askWhoCame],
};
const askedAt = '2026-12-03T15:45:00Z';
type World = ReturnType<typeof createWorld>;
type Options = NonNullable<Parameters<typeof createWorld>[0]>;

const wired: Options = {
  policy: asking,
  links: { baseUrl: 'https://calls.example.com' },
  source: createCalcomSource({ secrets: [secret], hostAddress: 'keep' }),
};

async function booked(options: Options = {}, payload: Record<string, unknown> = {}): Promise<World> {
  const world = createWorld({ scheduler: 'none', ...wired, ...options });
  await world.change('BOOKING_CREATED', { payload: { organizer, ...payload } });
  return world;
}

async function asked(options: Options = {}, payload: Record<string, unknown> = {}) {
  const world = await booked(options, payload);
  await world.tickAt(askedAt);
  const text = world.mailer.sent.at(-1)?.message.text ?? '';
  const [say = '', stop = ''] = [...text.matchAll(/\/link\/(\S+)/g)].map(([, token]) => token ?? '');
  return { world, say, stop };
}

async function people(world: World, token: string) {
  const seen = (await world.precall.lookAtLink(token)).unwrap();
  return seen.kind === 'who_came' ? seen.people : [];
}

const question = async (world: World, uid = 'u1') => {
  const found = (await world.booking(uid))?.reminders.find(({ rule }) => rule === 'who-came');
  return found && `${found.recipient} ${found.reason ?? found.state}`;
};
const history = async (world: World) =>
  (await world.booking('u1'))?.history.filter(({ what }) => what === 'no_show' || what === 'attended') ?? [];
const status = (world: World) => world.fields()[guest]?.['Booking Status'];

const marked = (world: World, attendees: readonly object[]) =>
  world.change('BOOKING_NO_SHOW_UPDATED', { said: '2026-12-03T15:40:00Z', payload: { attendees } });
const hostMissed = (world: World) =>
  world.post({
    triggerEvent: 'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
    createdAt: '2026-12-03T15:40:00Z',
    payload: {
      bookingUid: 'u1',
      startTime: '2026-12-03T15:00:00Z',
      endTime: '2026-12-03T15:30:00Z',
      attendees: [{ email: guest }],
      noShowHost: true,
    },
  });

describe('the host of a call', () => {
  it('is asked once, a quarter of an hour after its end, in their own language, about whom they met', async () => {
    const { world } = await asked();
    await world.tickAt('2026-12-05T15:45:00Z');
    expect(world.sent()).toEqual([`${host} ${askedAt}`]);
    const [mail] = world.mailer.sent;
    expect(mail?.message).toMatchObject({
      toName: 'Jane Doe',
      subject: 'Qui était présent à votre appel du jeudi 3 décembre 2026 ?',
    });
    expect(mail?.message.text).toContain('Votre appel avec Guest');
    expect(mail?.message.unsubscribe).toContain('/link/s.');
    expect(mail?.message.text).not.toContain(guest);
  });

  it('says that somebody did not come: the same as an operator, with who it was that said so', async () => {
    const { world, say } = await asked();
    const [one] = await people(world, say);
    expect(one).toMatchObject({ name: 'Guest User', came: null });
    expect(await history(world)).toEqual([]);
    const word = { person: one?.id as RecipientId, came: false };
    const seen = (await world.precall.useLink(say, word)).unwrap();
    expect(seen).toMatchObject({
      kind: 'who_came',
      locale: 'fr',
      timeZone: 'Europe/Paris',
      people: [{ came: false }],
    });
    await world.precall.useLink(say, word);
    expect(await history(world)).toMatchObject([{ what: 'no_show', detail: { by: 'the host by link' } }]);
    await world.tickAt('2026-12-03T16:45:00Z');
    expect(status(world)).toBe('No-Show');
    expect(world.sent()).toEqual([`${host} ${askedAt}`, `${guest} 2026-12-03T16:45:00Z`]);
    expect(JSON.stringify(world.mailer.sent[1]?.message)).not.toContain(host);
  });

  it('may change their mind: nothing goes to who came after all', async () => {
    const { world, say } = await asked();
    const [one] = await people(world, say);
    const person = one?.id as RecipientId;
    await world.precall.useLink(say, { person, came: false });
    expect((await world.precall.useLink(say, { person, came: true })).unwrap()).toMatchObject({
      people: [{ came: true }],
    });
    await world.tickAt('2026-12-03T16:45:00Z');
    expect(status(world)).toBe('Completed');
    expect(world.sent()).toHaveLength(1);
  });

  it('says nothing by opening the link, by a form without a word, or about a stranger', async () => {
    const { world, say } = await asked();
    await world.precall.lookAtLink(say);
    await world.precall.useLink(say);
    for (const person of ['f'.repeat(32), '__proto__'] as RecipientId[])
      await world.precall.useLink(say, { person, came: false });
    expect(await history(world)).toEqual([]);
    expect(await people(world, say)).toMatchObject([{ came: null }]);
  });

  it('is asked in English where their language is not known, about people whose names are not', async () => {
    const nameless = { email: guest, timeZone: 'Europe/Paris' };
    const payload = { organizer: { ...organizer, language: null }, attendees: [nameless] };
    const { world, say } = await asked({}, payload);
    expect(world.mailer.sent[0]?.message.text).toContain('Your call is over.');
    const seen = (await world.precall.lookAtLink(say)).unwrap();
    expect(seen).toMatchObject({ locale: null, people: [{ name: null, came: null }] });
  });

  it('is asked about each seat that is taken, one word each', async () => {
    const seats = [guest, 'ben@example.com'].map((email) => ({
      email,
      name: email,
      timeZone: 'Europe/Paris',
    }));
    const { world, say } = await asked({}, { seatsPerTimeSlot: 5, attendees: seats });
    const listed = await people(world, say);
    expect(listed.map(({ came }) => came)).toEqual([null, null]);
    await world.precall.useLink(say, { person: listed[1]?.id as RecipientId, came: false });
    expect((await people(world, say)).map(({ came }) => came)).toEqual([null, false]);
  });

  it('is asked while it is known of one seat and not of the other', async () => {
    const attendees = [guest, 'ben@example.com'].map((email) => ({ email, timeZone: 'Europe/Paris' }));
    const world = await booked({}, { seatsPerTimeSlot: 5, attendees });
    await world.at('2026-12-03T15:40:00Z');
    await marked(world, [{ email: guest, noShow: false }]);
    await world.tickAt(askedAt);
    expect(world.sent()).toEqual([`${host} ${askedAt}`]);
  });

  it.each([
    [
      'it is known already',
      'attendance_known',
      (world: World) => marked(world, [{ email: guest, noShow: false }]),
    ],
    ['the host did not come', 'host_absent', (world: World) => hostMissed(world)],
    ['it was cancelled', 'cancelled', (world: World) => world.change('BOOKING_CANCELLED')],
  ])('is not asked where %s', async (_, reason, happens) => {
    const world = await booked();
    await world.at('2026-12-03T15:40:00Z');
    await happens(world);
    await world.tickAt(askedAt);
    expect(world.sent()).toEqual([]);
    expect(await question(world)).toBe(`${host} ${reason}`);
  });

  it('is asked about the new time of a call that was moved, not about the old', async () => {
    const world = await booked();
    await world.change('BOOKING_RESCHEDULED', {
      uid: 'u2',
      start: '2026-12-04T15:00:00Z',
      payload: { rescheduleUid: 'u1', organizer },
    });
    await world.tickAt(askedAt);
    expect(world.sent()).toEqual([]);
    await world.tickAt('2026-12-04T15:45:00Z');
    expect(world.sent()).toEqual([`${host} 2026-12-04T15:45:00Z`]);
  });

  it('is not asked where their address is not kept, and it is kept only where that was asked for', async () => {
    const world = await booked({ source: createCalcomSource({ secrets: [secret] }) });
    await world.tickAt(askedAt);
    expect(world.sent()).toEqual([]);
    expect(await question(world)).toBe('null no_address');
    expect(
      JSON.stringify((await world.store.list('booking', { limit: 9, cursor: null })).unwrap()),
    ).not.toContain(host);
  });

  it('is asked by as few mails a day as the policy allows to anybody, counted for their address', async () => {
    const world = await booked({ policy: { ...asking, messagesPerDay: 1 } });
    await world.change('BOOKING_CREATED', {
      uid: 'u2',
      start: '2026-12-03T17:00:00Z',
      payload: { organizer },
    });
    await world.tickAt(askedAt);
    await world.tickAt('2026-12-03T17:45:00Z');
    expect(await question(world, 'u2')).toBe(`${host} daily_cap`);
    const persons = (await world.store.list('person', { limit: 99, cursor: null })).unwrap().items;
    expect(persons.map(({ id }) => id)).not.toContain('person:host');
  });

  it('is no recipient too many, however few the policy allows', async () => {
    const { world } = await asked({ policy: { ...asking, recipientsPerBooking: 1 } });
    expect(world.sent()).toEqual([`${host} ${askedAt}`]);
  });

  it('is asked though the link to the call was never told', async () => {
    const { world } = await asked(
      {},
      { location: 'integrations:daily', metadata: {}, videoCallData: undefined },
    );
    expect(world.sent()).toEqual([`${host} ${askedAt}`]);
  });

  it('gets no more of these mails once they press stop, or their address is erased', async () => {
    const { world, stop } = await asked();
    await world.precall.useLink(stop);
    await world.change('BOOKING_CREATED', {
      uid: 'u2',
      start: '2026-12-04T15:00:00Z',
      payload: { organizer },
    });
    await world.tickAt('2026-12-04T15:45:00Z');
    expect(await question(world, 'u2')).toBe(`${host} suppressed`);
    const inspected = (await world.precall.desk.inspect('calcom:u2' as never)).unwrap();
    expect(inspected?.suppressed).toMatchObject([{ email: host, why: 'link' }]);
    expect(inspected?.host).toEqual({ name: 'Jane Doe', timeZone: 'Europe/Paris' });
    expect(inspected?.reminders.find(({ rule }) => rule === 'who-came')).toMatchObject({ name: 'Jane Doe' });

    const other = await booked();
    await other.precall.erase(host);
    await other.tickAt(askedAt);
    expect(await question(other)).toBe(`${host} erased`);
  });

  it('can be asked before the moment by an operator, by the same link', async () => {
    const world = await booked();
    await world.at('2026-12-03T15:31:00Z');
    const found = (await world.booking('u1'))?.reminders.find(({ rule }) => rule === 'who-came');
    await world.precall.desk.sendNow('calcom:u1' as never, { key: found?.key as never, by: 'operator' });
    expect(world.mailer.sent.at(-1)?.message.text).toContain('/link/w.');
  });
});

describe('the link to say who came', () => {
  it.each([
    ['cancelled', (world: World) => world.change('BOOKING_CANCELLED')],
    [
      'moved',
      (world: World) =>
        world.change('BOOKING_RESCHEDULED', {
          uid: 'u2',
          start: '2026-12-09T15:00:00Z',
          payload: { rescheduleUid: 'u1' },
        }),
    ],
    [
      'moved in place',
      (world: World) =>
        world.change('BOOKING_RESCHEDULED', {
          start: '2026-12-09T15:00:00Z',
          said: askedAt,
          payload: { organizer },
        }),
    ],
    ['left by an erasure of the one who took part', (world: World) => world.precall.erase(guest)],
  ])('is over when the call was %s', async (_, happens) => {
    const { world, say } = await asked();
    await happens(world);
    expect((await world.precall.lookAtLink(say)).unwrap()).toEqual({ kind: 'over', locale: 'fr' });
  });

  it('still says who took part after the call went to a host whose address is not known', async () => {
    const { world, say } = await asked();
    await world.say('BOOKING_REASSIGNED', {
      said: askedAt,
      payload: { organizer: { name: 'Bo', timeZone: 'Asia/Tokyo' } },
    });
    expect((await world.precall.lookAtLink(say)).unwrap()).toMatchObject({
      kind: 'who_came',
      locale: null,
      timeZone: 'Asia/Tokyo',
      people: [{ name: 'Guest User' }],
    });
  });

  it('is unknown where nothing is remembered of the mail', async () => {
    const links = { baseUrl: 'https://calls.example.com', secret: 'a-secret-of-the-host' };
    const { say } = await asked({ links });
    expect((await createWorld({ links }).precall.lookAtLink(say)).unwrap()).toEqual({ kind: 'unknown' });
  });

  it('is to be pressed again while the store is away, and tried again where others write', async () => {
    let answer: 'away' | 'conflict' | null = null;
    const { world, say } = await asked({
      store: (store) => ({
        ...store,
        findByKey: async (key, page) =>
          answer === 'away' ? Err({ kind: 'unavailable', reason: 'away' }) : store.findByKey(key, page),
        save: async (writes) => {
          if (answer !== 'conflict') return store.save(writes);
          answer = null;
          return Ok(writes.map(() => 'conflict' as const));
        },
      }),
    });
    const [one] = await people(world, say);
    const word = { person: one?.id as RecipientId, came: true };
    answer = 'away';
    expect((await world.precall.useLink(say, word)).isErr()).toBe(true);
    answer = 'conflict';
    expect((await world.precall.useLink(say, word)).unwrap()).toMatchObject({ people: [{ came: true }] });
    expect(await history(world)).toMatchObject([{ what: 'attended' }]);
  });

  it('wakes what follows: the CRM says so without waiting for the next look', async () => {
    const world = createWorld(wired);
    await world.start();
    await world.change('BOOKING_CREATED', { payload: { organizer } });
    await world.at(askedAt);
    await vi.waitFor(() => expect(world.sent()).toHaveLength(1));
    await world.at('2026-12-03T15:45:01Z');
    const say = /\/link\/(w\S+)/.exec(world.mailer.sent[0]?.message.text ?? '')?.[1] ?? '';
    const [one] = await people(world, say);
    await world.precall.useLink(say, { person: one?.id as RecipientId, came: false });
    await vi.waitFor(() => expect(status(world)).toBe('No-Show'));
    await world.precall.stop();
  });
});

describe('askWhoCame', () => {
  it('is a minute after the end in test mode', () => {
    const { rules } = inTestMode({ ...defaultPolicy, rules: [askWhoCame] });
    expect((rules as readonly { when: { after: object } }[])[0]?.when.after.toString()).toBe('PT1M');
  });

  it.each([
    ['before the call', { ...askWhoCame, when: { before: defaultPolicy.minimumLead } }],
    ['by text', { ...askWhoCame, channel: 'sms' as const }],
    ['with another way', { ...askWhoCame, fallback: 'sms' as const }],
    ['in the words for attendees', { name: 'asks', to: 'host' as const, when: askWhoCame.when }],
  ])('a rule to the host cannot speak %s', (_, rule) => {
    expect(() => rulesFor(nothingKnown, { rules: [rule] }, ana)).toThrow('with content of its own');
  });
});

describe('whoCameMail', () => {
  const facts = {
    rule: 'who-came',
    startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
    endAt: Temporal.Instant.from('2026-12-03T15:30:00Z'),
    now: Temporal.Instant.from(askedAt),
    timeZone: 'Europe/Paris',
    locale: 'en',
    firstName: null,
    name: 'Jane Doe',
    host: { name: 'Jane Doe', timeZone: null },
    about: null,
    place: null,
    placeIsTrusted: false,
    links: null,
    segment: null,
    responses: {},
    answers: { attend: 'https://calls.example.com/link/w.1', stop: 'https://calls.example.com/link/s.1' },
  };

  it.each([
    ['en', 'Ada and Grace'],
    ['fr', 'Ada et Grace'],
    ['de', 'Ada und Grace'],
    ['es', 'Ada y Grace'],
  ])('says in %s, with and without names, what is asked and where to answer', (locale, both) => {
    const named = whoCameMail.render({ ...facts, locale, asked: ['Ada', 'Grace'] });
    expect(named.text).toContain(both);
    expect(named.text).toContain('/link/w.1');
    expect(named.html).toContain(`lang="${locale}"`);
    const bare = whoCameMail.render({ ...facts, locale });
    expect(bare.subject).toBe(named.subject);
    expect(bare.text).not.toBe(named.text);
  });

  it.each([
    [
      'en',
      'Who came to your call on Thursday, December 3, 2026?',
      ['Your call is over.', 'Your call with Ada is over.'],
    ],
    [
      'fr',
      'Qui était présent à votre appel du jeudi 3 décembre 2026 ?',
      ['Votre appel est terminé.', 'Votre appel avec Ada est terminé.'],
    ],
    [
      'de',
      'Wer war bei Ihrem Gespräch am Donnerstag, 3. Dezember 2026 dabei?',
      ['Ihr Gespräch ist vorbei.', 'Ihr Gespräch mit Ada ist vorbei.'],
    ],
    [
      'es',
      '¿Quién asistió a su llamada del jueves, 3 de diciembre de 2026?',
      ['Su llamada ha terminado.', 'Su llamada con Ada ha terminado.'],
    ],
  ])('names in %s the day, and the call by who took part', (locale, subject, [bare, named]) => {
    const first = (asked?: readonly string[]) =>
      whoCameMail.render({ ...facts, locale, ...(asked && { asked }) });
    expect(first().subject).toBe(subject);
    expect(first().text.split('\n')[0]).toBe(bare);
    expect(first(['Ada']).text.split('\n')[0]).toBe(named);
    expect(wordsOf(first(['Ada']).html)).toContain(named);
  });

  it('links in HTML to where to say it and out of these mails, and to nothing where there is no link', () => {
    const { answers } = facts;
    const links = ({ html }: { readonly html: string }) => attributesOf(html, 'href');
    expect(links(whoCameMail.render(facts))).toEqual([answers.attend, answers.stop]);
    const bare = whoCameMail.render({ ...facts, answers: null });
    expect(links(bare)).toEqual([]);
    expect(wordsOf(bare.html).trim().split(/\n+/).slice(-2)).toEqual([
      'Please say on the operator’s page who came.',
      'You get this mail because you host this call.',
    ]);
  });

  it('names all ten of ten', () => {
    const asked = Array.from({ length: 10 }, (_, n) => `N${n}`);
    expect(whoCameMail.render({ ...facts, asked }).text).toContain('N8, and N9 is over');
  });

  it('names ten at most, and leads to the operator’s page where there is no link', () => {
    const asked = Array.from({ length: 11 }, (_, n) => `N${n}`);
    const { text } = whoCameMail.render({ ...facts, asked, answers: null });
    expect(text).toContain('N9, ... is over');
    expect(text).not.toContain('N10');
    expect(text).toContain('operator’s page');
    expect(text).not.toContain('http');
  });
});
