import { type DeliveryEvent, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createDeliveryEvents } from '../src/delivery-events.ts';
import samples from './fixtures/events.json' with { type: 'json' };
import signed from './fixtures/signed-samples.json' with { type: 'json' };
import { call, message, onBench } from './sending.ts';

const [sample] = signed.samples;
const events = createDeliveryEvents(sample?.publicKey ?? '');
const attempt = 'Zq3_attempt-of-22-signs';
const parse = (json: unknown): readonly DeliveryEvent[] => events.parse(json).unwrap();
const said = (event: { readonly [field: string]: unknown }) =>
  parse([{ attempt, timestamp: 1539462305, ...event }]).map((one) => one.said);

describe('parse', () => {
  it('understands an event of every documented type, once it is about an attempt', () => {
    expect(
      samples.flatMap((event) => said({ ...event, attempt }).map((word) => [event.event, word])),
    ).toEqual([
      ['processed', 'accepted'],
      ['deferred', 'accepted'],
      ['delivered', 'delivered'],
      ['bounce', 'bounced'],
      ['dropped', 'dropped'],
      ['spamreport', 'complained'],
      ['unsubscribe', 'unsubscribed'],
      ['group_unsubscribe', 'unsubscribed'],
    ]);
  });

  it('leaves out every event that is not about an attempt', () => {
    expect(parse(samples)).toEqual([]);
  });

  it('takes the attempt and the moment as they stand', () => {
    const [event] = parse([{ event: 'delivered', attempt, timestamp: 1539462305 }]);
    expect(event?.attempt).toBe(attempt);
    expect(event?.at.equals(Temporal.Instant.from('2018-10-13T20:25:05Z'))).toBe(true);
  });

  it('tells a blocked message from a bounced address by the type', () => {
    expect(said({ event: 'bounce', type: 'blocked' })).toEqual(['blocked']);
    expect(said({ event: 'bounce', type: 'bounce' })).toEqual(['bounced']);
    expect(said({ event: 'bounce' })).toEqual(['bounced']);
  });

  it.each([
    ['Bounced Address', 'dropped'],
    ['Unsubscribed Address', 'dropped'],
    ['Spam Reporting Address', 'dropped'],
    ['Invalid', 'dropped'],
    ['Invalid SMTPAPI header', 'blocked'],
    ['Spam Content', 'blocked'],
    ['Recipient List over Package Quota', 'blocked'],
    ['a reason to come', 'blocked'],
    [undefined, 'blocked'],
  ] as const)('takes a drop for %j as %s: only some say anything of the address', (reason, word) => {
    expect(said({ event: 'dropped', reason })).toEqual([word]);
  });

  it("takes no number of tries for an attempt: a deferred event's own field has the same name", () => {
    expect(said({ event: 'deferred', attempt: '5' })).toEqual([]);
    expect(said({ event: 'deferred' })).toEqual(['accepted']);
  });

  it.each([
    { event: 'open' },
    { event: 'click' },
    { event: 'group_resubscribe' },
    { event: 'account_status_change' },
    { event: 7 },
    { event: 'delivered', timestamp: '1539462305' },
    { event: 'delivered', timestamp: -1 },
    { event: 'delivered', timestamp: 1e300 },
    { event: 'delivered', attempt: '' },
    { event: 'delivered', attempt: 'two words' },
    { event: 'delivered', attempt: ['a'] },
    { event: 'delivered', attempt: 'x'.repeat(201) },
  ])('leaves out %j, and nothing beside it', (odd) => {
    const good = { event: 'delivered', attempt: 'another', timestamp: 1539462305 };
    expect(parse([{ attempt, timestamp: 1539462305, ...odd }, null, 7, good])).toHaveLength(1);
  });

  it('keeps repeated and unordered events as they came: whoever takes them in is not moved backwards', () => {
    const repeated = ['delivered', 'processed', 'delivered'].map((event) => ({
      event,
      attempt,
      timestamp: 1539462305,
    }));
    expect(parse(repeated).map((one) => one.said)).toEqual(['delivered', 'accepted', 'delivered']);
  });

  it.each([null, {}, 'text', { length: 1 }])('refuses what is no list: %j', (json) => {
    expect(events.parse(json).isErr()).toBe(true);
  });
});

describe('events', () => {
  it('are there, and the doubt is reported, only with the key', async () => {
    await onBench({}, async ({ mailer }) => {
      expect([mailer.events, mailer.doubt]).toEqual([undefined, 'silent']);
    });
    await onBench({ eventsPublicKey: sample?.publicKey ?? '' }, async ({ mailer }) => {
      expect([typeof mailer.events?.verify, mailer.doubt]).toEqual(['function', 'reported']);
    });
  });

  it('come back about the attempt that was sent, whatever name the custom argument meets there', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      const own = createDeliveryEvents(standIn.publicKey);
      await mailer.send(message, call);
      const about = standIn.accepted.flatMap((mail) =>
        ['processed', 'deferred', 'delivered', 'bounce'].map((event) => standIn.eventAbout(mail, event)),
      );
      expect(own.parse(about).unwrap()).toMatchObject([
        { attempt: call.attemptId, said: 'accepted' },
        { attempt: call.attemptId, said: 'delivered' },
        { attempt: call.attemptId, said: 'bounced' },
      ]);
    });
  });
});
