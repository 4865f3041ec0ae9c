import { type Place, Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendlySource } from '../src/index.ts';
import {
  type Case,
  pathsOf,
  receivedAt,
  sample,
  sampleFiles,
  sampleWith,
  secret,
  source,
  updateOf,
  uri,
} from './samples.ts';

const at = (text: string) => Temporal.Instant.from(text);
const cases = [
  'created',
  'canceled',
  'created.reschedule',
  'canceled.reschedule',
] as const satisfies readonly Case[];
const canary = 'canary7f3a';

describe('parse on the samples', () => {
  it('leaves out none', () => {
    expect(sampleFiles).toHaveLength(cases.length);
  });

  it("keeps the host's address only where it was told to, and none that is no address", () => {
    const keeping = createCalendlySource({
      secrets: [secret],
      clock: { now: () => receivedAt },
      hostAddress: 'keep',
    });
    const hostOf = (event: object) => {
      const parsed = keeping.parse(sampleWith('created', { event: { ...event } }), receivedAt).unwrap();
      return 'updates' in parsed ? parsed.updates[0]?.host : null;
    };
    const host = { name: 'Host', timeZone: null };
    expect(hostOf({})).toEqual({ ...host, address: { email: 'host@example.test', locale: null } });
    for (const user_email of [null, 'nobody'])
      expect(hostOf({ event_memberships: [{ user_name: 'Host', user_email }] })).toEqual(host);
  });

  it('reads every field of a new booking', () => {
    expect(updateOf(sample('created'))).toEqual({
      kind: 'agreed',
      uid: '1a2b3c4d-5e6f-4a7b-8c9d-000000000001',
      saidAt: at('2026-10-12T15:04:05Z'),
      receivedAt,
      time: { startAt: at('2026-10-14T21:00Z'), endAt: at('2026-10-14T21:30Z') },
      place: { kind: 'address', text: 'Somewhere' },
      host: { name: 'Host', timeZone: null },
      about: { title: 'Discovery call', eventType: '7d8e9f0a-1b2c-4d3e-9f4a-5b6c7d8e9f0a' },
      seated: false,
      attendees: [
        {
          email: 'nina@example.test',
          mailable: true,
          name: 'Lena Novak',
          firstName: 'Lena',
          timeZone: 'America/Chicago',
          locale: null,
          links: {
            move: 'https://calendly.com/reschedulings/1a2b3c4d-5e6f-4a7b-8c9d-000000000001',
            cancel: 'https://calendly.com/cancellations/1a2b3c4d-5e6f-4a7b-8c9d-000000000001',
          },
        },
      ],
      needsConfirmation: false,
      by: 'unknown',
      moving: false,
      replaces: null,
      noShows: [],
    });
  });

  it('reads the new half of a move as the booking that takes the place of the old', () => {
    expect(updateOf(sample('created.reschedule'))).toMatchObject({
      kind: 'moved',
      uid: '1a2b3c4d-5e6f-4a7b-8c9d-000000000002',
      replaces: { uid: '1a2b3c4d-5e6f-4a7b-8c9d-000000000001', time: null },
    });
  });

  it('reads the old half of a move as called off for another time', () => {
    expect(updateOf(sample('canceled.reschedule'))).toMatchObject({
      kind: 'cancelled',
      uid: '1a2b3c4d-5e6f-4a7b-8c9d-000000000001',
      by: 'attendee',
      moving: true,
      replaces: null,
    });
  });

  it.each([
    ['invitee', 'attendee'],
    ['host', 'host'],
    ['robot', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('reads a cancellation by %s as by %s', (canceler_type, by) => {
    const webhook = sampleWith('canceled', { payload: { cancellation: { canceler_type } } });
    expect(updateOf(webhook)).toMatchObject({ kind: 'cancelled', by, moving: false });
  });
});

describe('parse', () => {
  it.each([
    ['created', true],
    ['deleted', false],
  ] as const)('reads invitee_no_show.%s as a mark of %s on that invitee', (word, noShow) => {
    const webhook = sampleWith('created', { webhook: { event: `invitee_no_show.${word}` } });
    expect(updateOf(webhook)).toMatchObject({
      kind: 'no_show',
      uid: '1a2b3c4d-5e6f-4a7b-8c9d-000000000001',
      time: { startAt: { epochMilliseconds: at('2026-10-14T21:00Z').epochMilliseconds } },
      attendees: [],
      noShows: [{ email: 'nina@example.test', noShow }],
    });
    const bare = { ...webhook, payload: { uri: uri('i1'), email: 'ada@example.com' } };
    expect(updateOf(bare)).toMatchObject({ uid: 'i1', time: null, noShows: [{ email: 'ada@example.com' }] });
  });

  it.each([
    'routing_form_submission.created',
    'event_type.created',
    'contact.updated',
    'invitee.confirmed',
    'toString',
  ])('has no use for %s, whatever is in it', (event) => {
    expect(source.parse({ event, payload: 7 }, receivedAt).unwrap()).toEqual({ ignored: 'trigger_not_used' });
  });

  it('makes a booking of each invitee of a group, with nobody else in it', () => {
    const group = (invitee: string, email: string) =>
      updateOf(
        sampleWith('created', {
          payload: { uri: uri(invitee), email },
          event: {
            invitees_counter: { total: 2, active: 2, limit: 10 },
            event_guests: [{ email: 'guest@example.com' }],
          },
        }),
      );
    const both = [group('i1', 'ada@example.com'), group('i2', 'bob@example.com')];
    expect(
      both.map(({ uid, seated, attendees }) => [uid, seated, attendees.map(({ email }) => email)]),
    ).toEqual([
      ['i1', false, ['ada@example.com']],
      ['i2', false, ['bob@example.com']],
    ]);
  });

  it('puts the guests of a call behind the invitee, without links, and without those who have no address', () => {
    const event_guests = [
      { email: ' guest@example.com ' },
      { email: 'a@b@c' },
      null,
      { email: 7 },
      'x@example.com',
    ];
    const { attendees } = updateOf(sampleWith('created', { event: { event_guests } }));
    expect(attendees.map(({ email, links }) => [email, links !== null])).toEqual([
      ['nina@example.test', true],
      ['guest@example.com', false],
    ]);
    expect(updateOf(sampleWith('created', { event: { event_guests: 'none' } })).attendees).toHaveLength(1);
  });

  it.each<[string, unknown, Place | null]>([
    ['nothing about it', undefined, null],
    ['no location', null, { kind: 'none' }],
    ['what is none', 'Somewhere', null],
    [
      'an address',
      { type: 'physical', location: ' 1 Main\nStreet ' },
      { kind: 'address', text: '1 Main Street' },
    ],
    [
      'a number to call',
      { type: 'inbound_call', location: '+1 404-555-0100' },
      { kind: 'phone', number: '+1 404-555-0100' },
    ],
    [
      'a number with words',
      { type: 'inbound_call', location: 'ext. 5' },
      { kind: 'address', text: 'ext. 5' },
    ],
    [
      'the number to be called',
      { type: 'outbound_call', location: '+1 404-555-0101' },
      { kind: 'phone', number: '+1 404-555-0101' },
    ],
    [
      'a call to the number for texts',
      { type: 'outbound_call', location: null },
      { kind: 'phone', number: '+1 404-555-0102' },
    ],
    [
      'words of the invitee',
      { type: 'ask_invitee', location: 'My office' },
      { kind: 'address', text: 'My office' },
    ],
    [
      'a link in words',
      { type: 'custom', location: 'https://meet.example.com/1' },
      { kind: 'link', url: 'https://meet.example.com/1' },
    ],
    [
      'a text with a link in it',
      { type: 'custom', location: 'https://meet.example.com/1 pin 5' },
      { kind: 'address', text: 'https://meet.example.com/1 pin 5' },
    ],
    ['no words', { type: 'custom', location: null }, { kind: 'none' }],
    [
      'a link',
      { type: 'zoom', status: 'pushed', join_url: 'https://zoom.example.com/j/1' },
      { kind: 'link', url: 'https://zoom.example.com/j/1' },
    ],
    [
      'a link that is still being made',
      { type: 'google_conference', status: 'processing', join_url: null },
      { kind: 'pending' },
    ],
    ['a conference without a word of its link', { type: 'microsoft_teams_conference' }, { kind: 'pending' }],
    ['a link that is no https', { type: 'zoom', join_url: 'javascript:alert(1)' }, { kind: 'pending' }],
    [
      'a link too long',
      { type: 'zoom', join_url: `https://zoom.example.com/${'x'.repeat(2_000)}` },
      { kind: 'pending' },
    ],
  ])('reads %s', (_case, location, place) => {
    const webhook = sampleWith('created', {
      event: { location },
      payload: { text_reminder_number: '+1 404-555-0102' },
    });
    expect(updateOf(webhook).place).toEqual(place);
  });

  it.each([
    ['http://calendly.com/cancellations/1', null],
    ['https://me:secret@calendly.com/cancellations/1', null],
    ['https://calendly.com/cancellations/1 2', null],
    [`https://calendly.com/${'x'.repeat(2_000)}`, null],
    ['https://', null],
    [7, null],
    ['https://calendly.com/cancellations/1', 'https://calendly.com/cancellations/1'],
  ])('takes %s as the link to cancel: %s', (cancel_url, cancel) => {
    const webhook = sampleWith('created', { payload: { cancel_url, reschedule_url: null } });
    expect(updateOf(webhook).attendees[0]?.links ?? null).toEqual(cancel && { move: null, cancel });
  });

  it('goes without what is nice to know and not there', () => {
    const webhook = sampleWith('created', {
      payload: {
        name: null,
        first_name: 'Ada',
        last_name: 'L',
        timezone: '+01:00',
        cancel_url: 7,
        reschedule_url: 7,
      },
      event: { name: null, event_type: null, event_memberships: [], location: undefined },
    });
    expect(updateOf(webhook)).toMatchObject({ about: null, host: null, place: null });
    expect(updateOf(webhook).attendees).toMatchObject([{ name: 'Ada L', timeZone: null, links: null }]);
    expect(
      updateOf(sampleWith('created', { payload: { timezone: 'Europe/Nowhere' } })).attendees,
    ).toMatchObject([{ timeZone: null }]);
  });

  it.each([
    ['no event', { webhook: { event: undefined } }, 'event'],
    ['no moment of saying', { webhook: { created_at: undefined } }, 'created_at'],
    ['a moment of no year of ours', { webhook: { created_at: '+010000-01-01T00:00:00Z' } }, 'created_at'],
    ['another invitee than any', { payload: { uri: 'https://api.calendly.com/users/1' } }, 'payload.uri'],
    ['an old invitee that is none', { payload: { old_invitee: 'i1' } }, 'payload.old_invitee'],
    ['two addresses', { payload: { email: 'a@example.com, b@example.com' } }, 'payload.email'],
    ['an address with a line break', { payload: { email: 'a@example.com\r\nBcc: b' } }, 'payload.email'],
    ['a word for whether it was moved', { payload: { rescheduled: 'yes' } }, 'payload.rescheduled'],
    ['no start', { event: { start_time: 'tomorrow' } }, 'payload.scheduled_event.start_time'],
    [
      'an end before the start',
      { event: { end_time: '2026-10-14T20:59:00Z' } },
      'payload.scheduled_event.end_time',
    ],
  ])('refuses %s, and names the field', (_case, change, path) => {
    expect(pathsOf(sampleWith('created', change))).toEqual([path]);
  });
});

describe('parse, always', () => {
  it('answers any JSON, and any sample with any of its values replaced, and never throws', () => {
    const events = fc.constantFrom('invitee.created', 'invitee.canceled', 'invitee_no_show.created', 'x');
    const json = fc.record({
      event: events,
      created_at: fc.constant('2026-10-12T15:04:05Z'),
      payload: fc.jsonValue(),
    });
    const places = cases.map(sample).flatMap((one) => pathsIn(one).map((path) => ({ one, path })));
    const nasty = fc.constantFrom(
      'https://x.example ',
      'https://',
      'a\ud83d',
      '9999-12-31T23:59Z',
      '-05:00',
      1e300,
    );
    const value = fc.oneof(nasty, fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double());
    const mutant = fc
      .tuple(fc.constantFrom(...places), value)
      .map(([{ one, path }, other]) => withValueAt(one, path, other));
    fc.assert(
      fc.property(fc.oneof(json, mutant, fc.jsonValue()), (webhook) => {
        const result = source.parse(webhook, receivedAt);
        if (result.isErr()) for (const { message } of result.error) expect(message).not.toBe('');
        else if ('updates' in result.value) expect(result.value.updates).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('lets nothing through that it has no use for: answers, notes, numbers, who cancelled and why', () => {
    const webhook = sampleWith('canceled', {
      webhook: { created_by: canary, [canary]: canary },
      payload: {
        questions_and_answers: [{ question: canary, answer: canary, position: 0 }],
        cancellation: { canceled_by: canary, reason: canary, canceler_type: 'invitee' },
        text_reminder_number: canary,
        tracking: { utm_campaign: canary, salesforce_uuid: canary },
        payment: { external_id: canary },
        last_name: canary,
        new_invitee: uri(canary),
      },
      event: {
        meeting_notes_plain: canary,
        location: { type: 'zoom', join_url: 'https://zoom.example.com/j/1', data: { password: canary } },
        event_memberships: [{ user_name: 'Host', user_email: `${canary}@example.com`, user: canary }],
      },
    });
    expect(JSON.stringify(updateOf(webhook))).not.toContain(canary);
  });

  it('repeats nothing of the webhook in its issues', () => {
    const payload = { uri: canary, email: canary, old_invitee: canary, rescheduled: canary };
    const event = { start_time: canary, end_time: canary };
    const result = source.parse(
      sampleWith('created', { webhook: { created_at: canary }, payload, event }),
      receivedAt,
    );
    expect(result.unwrapErr()).toHaveLength(7);
    expect(JSON.stringify(result.unwrapErr())).not.toContain(canary);
  });
});

/** Every way to a value within a JSON value. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function withValueAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  Object.assign(copy, { [key]: withValueAt(Reflect.get(value, key), rest, other) });
  return copy;
}
