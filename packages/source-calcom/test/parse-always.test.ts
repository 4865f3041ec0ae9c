import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receivedAt, sample, sampleFiles, source } from './samples.ts';

const files = sampleFiles.map((name) => name.replace(/\.json$/, ''));
const canary = 'canary7f3a';

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

describe('parse, always', () => {
  it('answers any JSON, with a trigger or without, and never throws', () => {
    const triggers = fc.constantFrom(...files.map((file) => file.split('.')[0]));
    fc.assert(
      fc.property(fc.jsonValue(), fc.option(triggers), (payload, triggerEvent) => {
        const json = triggerEvent === null ? payload : { triggerEvent, payload };
        expect(typeof source.parse(json, receivedAt).isOk()).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers any sample with any of its values replaced, and never throws', () => {
    const places = files.flatMap((file) => {
      const json = sample(file);
      return pathsIn(json).map((path) => ({ json, path }));
    });
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
      .map(([{ json, path }, other]) => withValueAt(json, path, other));
    fc.assert(
      fc.property(mutant, (json) => {
        const result = source.parse(json, receivedAt);
        if (result.isErr()) for (const { message } of result.error) expect(message).not.toBe('');
        else if ('updates' in result.value) expect(result.value.updates).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives a start and an attendee to every booking without uid: core makes its id of them', () => {
    const triggerEvent = fc.constantFrom(
      'BOOKING_CREATED',
      'BOOKING_CANCELLED',
      'BOOKING_PAID',
      'MEETING_ENDED',
    );
    const field = fc.oneof(fc.constant('2026-11-26T15:00Z'), fc.constant([{ email: 'a@b' }]), fc.jsonValue());
    const booking = fc.record({ startTime: field, attendees: field, uid: field }, { requiredKeys: [] });
    fc.assert(
      fc.property(triggerEvent, booking, (trigger, call) => {
        const result = source.parse({ triggerEvent: trigger, payload: { booking: call } }, receivedAt);
        if (result.isErr() || 'ignored' in result.value) return;
        expect(result.value.updates[0]).toMatchObject({ uid: null, attendees: [{}] });
        expect(result.value.updates[0]?.time).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('lets nothing through that it has no use for', () => {
    const unused = {
      oneTimePassword: canary,
      title: canary,
      description: canary,
      additionalNotes: canary,
      eventDescription: canary,
      smsReminderNumber: canary,
      customReplyToEmail: `${canary}@example.com`,
      hashedLink: canary,
      userFieldsResponses: { q: { label: 'q', value: canary } },
      customInputs: { q: canary },
      cancellationReason: canary,
      rejectionReason: canary,
      cancelledBy: `${canary}@example.com`,
      rescheduledBy: `${canary}@example.com`,
      assignmentReason: canary,
      attendeeIcsContent: canary,
      location: 'integrations:daily',
      metadata: { videoCallUrl: 'https://video.example.com/1', note: canary },
      videoCallData: {
        type: 'daily_video',
        id: canary,
        password: canary,
        url: 'https://video.example.com/2',
      },
      responses: {
        notes: { label: 'notes', value: canary },
        location: { label: canary, value: { value: canary, optionValue: canary } },
      },
      team: { id: 1, name: canary, members: [{ email: `${canary}@example.com`, name: canary }] },
      [canary]: canary,
    };
    for (const file of files) {
      const webhook = sample(file);
      const enveloped = Object.hasOwn(webhook, 'payload');
      const payload = enveloped ? webhook.payload : webhook;
      const secretive = {
        ...payload,
        ...unused,
        organizer: { name: 'Host', email: `${canary}@example.com`, id: canary },
      };
      const planted = enveloped ? { ...webhook, [canary]: canary, payload: secretive } : secretive;
      expect(JSON.stringify(source.parse(planted, receivedAt))).not.toContain(canary);
    }
  });

  it('repeats nothing of the webhook in its issues', () => {
    const wrong = {
      uid: `${canary} `,
      startTime: canary,
      endTime: canary,
      attendees: [{ email: canary }],
      seatsPerTimeSlot: canary,
      requiresConfirmation: canary,
      requestReschedule: canary,
      rescheduleUid: `${canary} `,
    };
    const result = source.parse(
      { triggerEvent: 'BOOKING_CREATED', createdAt: canary, payload: wrong },
      receivedAt,
    );
    expect(result.unwrapErr()).toHaveLength(9);
    expect(JSON.stringify(result.unwrapErr())).not.toContain(canary);
  });
});
