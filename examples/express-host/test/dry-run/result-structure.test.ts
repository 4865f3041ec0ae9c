// The bodies of INTERFACE.md section 2.
import { describe, expect, it } from 'vitest';
import { readSample } from '../../scripts/sample-webhooks.ts';
import { createMemoryHost, saying } from './memory-host.ts';

const key = expect.stringContaining('calcom:u1|2026-12-03T15:00:00Z|');
const scheduled = {
  status: 'scheduled',
  booking: 'calcom:u1',
  startAt: '2026-12-03T15:00:00Z',
  reminders: [
    { key, rule: '72h', dueAt: '2026-11-30T15:00:00Z' },
    { key, rule: '24h', dueAt: '2026-12-02T15:00:00Z' },
    { key, rule: '2h', dueAt: '2026-12-03T13:00:00Z' },
  ],
  skipped: [],
  dropped: [],
};
const ignored = (reason: string) => ({ status: 200, body: { status: 'ignored', reason } });
const rules = (reason: string) =>
  ['72h', '24h', '2h'].map((rule) => expect.objectContaining({ rule, reason }));

describe('Result structure', () => {
  it('answers a booking with its plan, and nothing besides', async () => {
    expect(await createMemoryHost().say('BOOKING_CREATED')).toEqual({ status: 202, body: scheduled });
  });

  it('lists a reminder that was too late for itself only as skipped', async () => {
    const { body } = await createMemoryHost().say('BOOKING_CREATED', { startTime: '2026-11-24T15:00:00Z' });
    expect(body).toMatchObject({
      status: 'scheduled',
      reminders: [{ rule: '24h' }, { rule: '2h' }],
      skipped: [{ rule: '72h', dueAt: '2026-11-21T15:00:00Z', reason: 'moment_passed' }],
    });
    expect(Object.keys(body.skipped[0])).toEqual(['key', 'rule', 'dueAt', 'reason']);
  });

  it.each([
    ['meeting_too_soon', '2026-11-23T13:00:00Z'],
    ['meeting_passed', '2026-11-23T11:00:00Z'],
  ])('answers skipped for the whole plan: %s', async (reason, startTime) => {
    expect(await createMemoryHost().say('BOOKING_CREATED', { startTime })).toEqual({
      status: 202,
      body: {
        status: 'skipped',
        reason,
        booking: 'calcom:u1',
        startAt: startTime,
        reminders: [],
        skipped: rules(reason),
        dropped: [],
      },
    });
  });

  it('answers skipped, moment_passed when every reminder had lost its use', async () => {
    const said = { startTime: '2026-11-23T12:00:30Z' };
    const answer = await createMemoryHost({ TESTING_MODE: 'true' }).say('BOOKING_CREATED', said);
    expect(answer).toMatchObject({
      status: 202,
      body: { status: 'skipped', reason: 'moment_passed', reminders: [], skipped: rules('moment_passed') },
    });
  });

  it('lists what a move drops, under the name of the new booking', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED');
    const moved = { uid: 'u2', rescheduleUid: 'u1', startTime: '2026-12-10T15:00:00Z' };
    const { status, body } = await host.say('BOOKING_RESCHEDULED', moved);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      status: 'scheduled',
      booking: 'calcom:u2',
      startAt: '2026-12-10T15:00:00Z',
    });
    expect(body.reminders).toHaveLength(3);
    expect(body.dropped).toEqual(Array(3).fill({ key, reason: 'superseded' }));
  });

  it('answers updated with what a cancellation drops', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED');
    const { status, body } = await host.say('BOOKING_CANCELLED');
    expect({ status, ...body }).toMatchObject({ status: 'updated', reminders: [], skipped: [] });
    expect(body.dropped).toEqual(Array(3).fill({ key, reason: 'cancelled' }));
  });

  it.each(['BOOKING_REQUESTED', 'BOOKING_PAYMENT_INITIATED'])('answers awaiting to %s', async (trigger) => {
    const answer = await createMemoryHost().say(trigger);
    expect(answer).toMatchObject({ status: 202, body: { status: 'awaiting', reminders: [] } });
  });

  it('answers updated to a change of host of a booking never seen', async () => {
    expect(await createMemoryHost().say('BOOKING_REASSIGNED')).toMatchObject({
      status: 202,
      body: { status: 'updated', booking: 'calcom:u1', reminders: [] },
    });
  });

  it('answers updated to a booking that was cancelled before it was heard of', async () => {
    const host = createMemoryHost();
    expect(await host.say('BOOKING_CANCELLED')).toEqual(ignored('unknown_booking'));
    const answer = await host.say('BOOKING_CREATED');
    expect(answer).toMatchObject({ status: 202, body: { status: 'updated', reminders: [] } });
  });

  it.each(['BOOKING_CANCELLED', 'BOOKING_REJECTED', 'BOOKING_PAID'])(
    'ignores %s of a booking never seen',
    async (trigger) => {
      expect(await createMemoryHost().say(trigger)).toEqual(ignored('unknown_booking'));
    },
  );

  it('ignores a second copy, also one made a moment later', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED', {}, '2026-11-23T11:59:59.000Z');
    expect(await host.say('BOOKING_CREATED', {}, '2026-11-23T11:59:59.000Z')).toEqual(
      ignored('already_known'),
    );
    expect(await host.say('BOOKING_CREATED', {}, '2026-11-23T11:59:59.007Z')).toEqual(
      ignored('already_known'),
    );
  });

  it('ignores what something newer has replaced', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED', { startTime: '2026-12-04T15:00:00Z' });
    const older = await host.say(
      'BOOKING_REASSIGNED',
      { organizer: { name: 'Somebody' } },
      '2026-11-22T12:00:00Z',
    );
    expect(older).toEqual(ignored('older_than_known'));
  });

  it.each(['MEETING_STARTED', 'OOO_CREATED', 'RECORDING_READY', 'INSTANT_MEETING'])(
    'does not use %s',
    async (name) => {
      expect(await createMemoryHost().post(readSample(name))).toEqual(ignored('trigger_not_used'));
    },
  );

  it('knows a test ping, and a webhook that is too old', async () => {
    const host = createMemoryHost();
    expect(await host.post(readSample('PING.constructed'))).toEqual(ignored('test_ping'));
    expect(await host.post(readSample('BOOKING_CREATED'))).toEqual(ignored('too_old'));
  });

  it('names what is wrong with a payload, and where it is kept', async () => {
    const { attendees: _, ...payload } = Object(Object(saying('BOOKING_CREATED', {})).payload);
    const answer = await createMemoryHost().post({ triggerEvent: 'BOOKING_CREATED', payload });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        status: 400,
        errors: [{ path: 'payload.attendees', message: expect.any(String) }],
        quarantineId: expect.any(String),
      },
    });
  });

  it('says the same to every wrong signature', async () => {
    const host = createMemoryHost();
    const webhook = saying('BOOKING_CREATED', {});
    const answers = await Promise.all(
      ['', '0'.repeat(64), 'f'.repeat(63)].map((tag) => host.post(webhook, tag)),
    );
    expect(answers[0]?.status).toBe(401);
    expect(new Set(answers.map((one) => JSON.stringify(one)))).toHaveLength(1);
  });

  it('never repeats a name or an address', async () => {
    const host = createMemoryHost();
    const secretive = {
      attendees: [{ email: 'ada@example.com', name: 'Ada', timeZone: 'UTC' }, { email: 'Ada' }],
    };
    const answers = [
      await host.say('BOOKING_CREATED', secretive),
      await host.say('BOOKING_CREATED'),
      await host.say('BOOKING_CANCELLED'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 202, 202]);
    expect(JSON.stringify(answers)).not.toMatch(/ada|guest|@/i);
  });
});
