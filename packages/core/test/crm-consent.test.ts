// Consent to be texted from a property of the contact: when it counts, what it stands beside, and that it can be taken back.
import { createMemoryCrm } from '@precall/adapter-memory';
import { defaultPolicy, type Rule } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { hours } from './agreed-call.ts';
import { consentField, createWorld, guest, secret } from './world.ts';

const property = 'May Be Texted';
const { projection } = defaultPolicy;
const rules: readonly Rule[] = [
  { name: '24h', when: { before: hours(24) } },
  { name: '2h', when: { before: hours(2) }, channel: 'sms' },
];
const reading = { ...projection, properties: { ...projection.properties, smsConsent: property } };
const person = {
  email: guest,
  name: 'Guest',
  timeZone: 'Europe/Paris',
  language: { locale: 'en' },
  phoneNumber: '+14155550100',
};
const answered = (value: boolean) => ({ [consentField]: { label: 'May we text you?', value } });

async function booked(said: boolean | string | null, answers = {}) {
  const crm = createMemoryCrm({ unknown: 'add' });
  const [first] = [await crm.findContact(guest)];
  const ref = first.isOk() && first.value.kind === 'one' ? first.value.ref : '';
  const say = (value: boolean | string | null) =>
    crm.update(ref, {
      [property]: typeof value === 'boolean' ? { type: 'flag', value } : { type: 'text', value },
    });
  await say(said);
  const world = createWorld({
    scheduler: 'none',
    policy: { rules, projection: reading },
    texter: (texter) => texter,
    crm,
    source: createCalcomSource({ secrets: [secret], consentField }),
  });
  await world.change('BOOKING_CREATED', { payload: { attendees: [person], responses: answers } });
  await world.precall.tick();
  return { world, say, crm };
}

type World = Awaited<ReturnType<typeof booked>>['world'];
const texted = (world: World) => world.texter.sent.length;
const state = async (world: World, rule = '2h') => {
  const one = (await world.booking('u1'))?.reminders.find((known) => known.rule === rule);
  return one?.reason ?? one?.state;
};
async function consentIn(world: World) {
  const [record] = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap().items;
  const { people } = JSON.parse(record?.body ?? '').facts;
  return Object.values<{ consent?: { value: unknown; stamp: unknown } }>(people)[0]?.consent;
}

describe('consent in a property of the contact', () => {
  it('counts once it was read: with its words, its source and the moment of reading', async () => {
    const { world } = await booked(true);
    expect(await consentIn(world)).toEqual({
      value: { given: true, text: property, source: `crm:${property}` },
      stamp: { saidAt: Date.parse('2026-11-23T12:00:00Z'), rank: 0 },
    });
    await world.tickAt('2026-12-03T13:00:00Z');
    expect(texted(world)).toBe(1);
    expect((await world.booking('u1'))?.history.find(({ what }) => what === 'consent_read')?.detail).toEqual(
      {},
    );
  });

  it.each([
    ['yes', undefined],
    [' True ', undefined],
    ['no', 'no_consent'],
    ['maybe', 'no_consent'],
    [false, 'no_consent'],
    [null, 'no_consent'],
  ])('is given by a plain yes alone: %j', async (said, reason) => {
    const { world } = await booked(said);
    expect(await state(world)).toBe(reason ?? 'planned');
    if (reason) expect(await consentIn(world)).toBeUndefined();
  });

  it('that is taken back after a reminder was sent keeps the text from going', async () => {
    const { world, say } = await booked(true);
    await say(false);
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(await state(world)).toBe('no_consent');
    await world.tickAt('2026-12-03T13:00:00Z');
    expect(texted(world)).toBe(0);
    expect((await consentIn(world))?.value).toMatchObject({ given: false, source: `crm:${property}` });
  });

  it('that is taken back takes back what was answered on the booking form, too', async () => {
    const { world, say } = await booked(true, answered(true));
    await say(null);
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(await state(world)).toBe('no_consent');
  });

  it('given once more after it was taken back counts again', async () => {
    const { world, say } = await booked(true);
    await say(false);
    await world.tickAt('2026-12-02T15:00:00Z');
    await say(true);
    await world.precall.desk.writeCrm('calcom:u1' as never, { by: 'operator' });
    await world.precall.tick();
    expect(await state(world)).toBe('planned');
  });

  it('that never stood there leaves a yes on the booking form as it is, and a no as well', async () => {
    const yes = await booked(null, answered(true));
    expect(await state(yes.world)).toBe('planned');
    const no = await booked(true, answered(false));
    expect(await state(no.world)).toBe('no_consent');
    expect((await consentIn(no.world))?.value).toMatchObject({ given: false, source: consentField });
  });

  it('is written down once, however often it is read, and not into the past of a word that came ahead of time', async () => {
    const { world } = await booked(true);
    await world.tickAt('2026-12-02T15:00:00Z');
    const read = (await world.booking('u1'))?.history.filter(({ what }) => what === 'consent_read');
    expect(read).toHaveLength(1);
    // The source's clock is four minutes ahead: the CRM's word answers that one all the same.
    await world.change('BOOKING_RESCHEDULED', {
      said: '2026-12-02T15:04:00Z',
      start: '2026-12-05T15:00:00Z',
      payload: { rescheduleUid: 'u1', attendees: [person], responses: answered(true) },
    });
    await world.precall.tick();
    expect((await consentIn(world))?.value).toMatchObject({ source: `crm:${property}` });
  });

  it('is read together with the segment, and each is noted for itself', async () => {
    const properties = { ...reading.properties, segment: 'Segment' };
    const crm = createMemoryCrm({
      contacts: [
        {
          email: guest,
          fields: {
            Segment: { type: 'choice', value: 'CRITICAL' },
            [property]: { type: 'flag', value: true },
          },
        },
      ],
    });
    const world = createWorld({
      scheduler: 'none',
      policy: { rules, projection: { ...projection, properties } },
      texter: (texter) => texter,
      crm,
    });
    await world.change('BOOKING_CREATED', { payload: { attendees: [person] } });
    await world.precall.tick();
    expect(crm.seen.filter(([method]) => method === 'read')).toEqual([
      ['read', expect.any(String), ['Segment', property]],
    ]);
    const history = (await world.booking('u1'))?.history.map(({ what }) => what);
    expect(history).toEqual(expect.arrayContaining(['segment_read', 'consent_read']));
  });

  it('is gone with the person', async () => {
    const { world } = await booked(true);
    await world.precall.erase(guest);
    expect(JSON.stringify(await consentIn(world))).not.toContain(property);
  });
});
