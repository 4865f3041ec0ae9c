// What is told to whoever counts and traces, and what can be measured.
import { describe, expect, it } from 'vitest';
import {
  type BookingId,
  type DeliveryEvents,
  defaultPolicy,
  Err,
  type Observation,
  Ok,
  type Policy,
  type PortError,
  type Store,
  Temporal,
} from '../src/index.ts';
import { nothingSaid } from '../src/source-words.ts';
import { createWorld, guest } from './world.ts';

const due72 = '2026-11-30T15:00:00Z';
const away: PortError = { kind: 'unavailable', reason: 'away' };

function watched(options: Parameters<typeof createWorld>[0] = {}) {
  const seen: Observation[] = [];
  const world = createWorld({
    scheduler: 'none',
    ...options,
    observe: (observation) => seen.push(observation),
  });
  /** Those of one kind. */
  const told = (kind: Observation['kind']) => seen.filter((one) => one.kind === kind);
  const drop = async () => {
    const [reminder] = (await world.booking('u1'))?.reminders ?? [];
    const act = { key: reminder?.key ?? fail(), by: 'operator' };
    return world.precall.desk.drop('calcom:u1' as BookingId, act);
  };
  return { world, seen, told, drop };
}

function fail(): never {
  throw new Error('there is no reminder');
}

/** The moments as text: they are compared, and all Temporal instants look alike to some comparisons. */
function shown(observations: readonly Observation[]): unknown {
  return JSON.parse(JSON.stringify(observations));
}

describe('observe', () => {
  it('hears of each webhook and how it was answered', async () => {
    const { world, told } = watched();
    await world.change('BOOKING_CREATED');
    await world.say('BOOKING_CREATED');
    await world.post({});
    const body = new Uint8Array();
    await world.precall.receive({ headers: {}, body });
    const at = { startedAt: '2026-11-23T12:00:00Z', endedAt: '2026-11-23T12:00:00Z' };
    expect(shown(told('webhook'))).toEqual(
      ['taken', 'ignored', 'not_understood', 'forged'].map((answer) => ({ kind: 'webhook', answer, ...at })),
    );
    await world.precall.stop();
    await world.say('BOOKING_CREATED');
    expect(told('webhook').at(-1)).toMatchObject({ answer: 'away' });
  });

  it('hears of each post of delivery events', async () => {
    const events: DeliveryEvents = { verify: () => 'authentic', parse: () => Ok([]) };
    const { world, told } = watched({ mailer: (mailer) => ({ ...mailer, events }) });
    await world.precall.deliveryEvents({ headers: {}, body: new TextEncoder().encode('[]') });
    expect(told('delivery_events')).toMatchObject([{ answer: 'taken' }]);
  });

  it('hears of a page, of a send by its moments, and of what the CRM made of it', async () => {
    const { world, seen } = watched();
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    const at = (kind: Observation['kind']) => shown(seen.filter((one) => one.kind === kind));
    expect(at('dispatch_page')).toEqual([
      { kind: 'dispatch_page', bookings: 1, error: null, startedAt: due72, endedAt: due72 },
    ]);
    expect(at('send')).toEqual([
      {
        kind: 'send',
        outcome: 'accepted',
        error: null,
        again: false,
        dueAt: due72,
        startedAt: due72,
        endedAt: due72,
      },
    ]);
    expect(at('crm_write')).toMatchObject([{ kind: 'crm_write', error: null }]);
  });

  it('hears how many bookings of a page moved on, those put aside among them', async () => {
    let broken = false;
    const rules: Policy['rules'] = (facts) => {
      if (broken && facts.about?.value.title === 'Poison') throw new Error('a broken rule');
      return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
    };
    const { world, told } = watched({ policy: { rules } });
    await world.change('BOOKING_CREATED', { payload: { eventTitle: 'Poison' } });
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['b@x.org'] });
    broken = true;
    await world.tickAt(due72);
    expect(told('dispatch_page')).toMatchObject([{ bookings: 2, error: null }]);
  });

  it.each([
    [{ kind: 'rejected', reason: 'no such address' }, 'refused'],
    [away, 'refused'],
    [{ kind: 'unknown', reason: 'no answer' }, 'unknown'],
  ] as const)('hears of a send that failed as %o', async (error, outcome) => {
    const { world, told } = watched();
    world.mailer.answerNext(error);
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect(told('send')[0]).toMatchObject({ outcome, error: error.kind });
  });

  it('hears that a send is one more after an unknown outcome', async () => {
    const { world, told } = watched();
    world.mailer.answerNext({ kind: 'unknown', reason: 'no answer' });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    await world.tickAt('2026-11-30T15:05:00Z');
    expect(told('send')).toMatchObject([
      { outcome: 'unknown', again: false },
      { outcome: 'accepted', again: true },
    ]);
  });

  it.each([
    ['has the message', Ok({ messageId: 'found' }), { outcome: 'accepted', error: null }],
    ['does not have it', Ok(null), { outcome: 'released', error: null }],
    ['cannot say', Err(away), { outcome: 'unknown', error: 'unknown' }],
  ])('hears of a send whose process died, where the mailer %s', async (_, found, conclusion) => {
    const { world } = watched({
      mailer: (mailer) => ({ ...mailer, send: () => new Promise(() => undefined) }),
    });
    await world.change('BOOKING_CREATED');
    await world.clock.advanceTo(Temporal.Instant.from(due72));
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const next = watched({
      now: '2026-11-30T15:00:19Z',
      store: () => world.store,
      mailer: (mailer) => ({ ...mailer, find: async () => found }),
    });
    await next.world.tickAt('2026-11-30T15:00:20Z');
    expect(next.told('send_abandoned')).toEqual([{ kind: 'send_abandoned', again: false, ...conclusion }]);
  });

  it('hears how many reminders a cancellation, the gate and an operator drop', async () => {
    const cancelled = watched();
    await cancelled.world.change('BOOKING_CREATED');
    await cancelled.world.change('BOOKING_CANCELLED');
    expect(cancelled.told('reminders_dropped')).toEqual([{ kind: 'reminders_dropped', count: 3 }]);

    const suppressed = watched();
    await suppressed.world.change('BOOKING_CREATED');
    await suppressed.world.precall.desk.suppress(guest, { by: 'operator' });
    await suppressed.world.tickAt(due72);
    const each = { kind: 'reminders_dropped', count: 1 };
    expect(suppressed.told('reminders_dropped')).toEqual([each]);

    const byHand = watched();
    await byHand.world.change('BOOKING_CREATED');
    expect(await byHand.drop()).toEqual(Ok('done'));
    expect(byHand.told('reminders_dropped')).toEqual([{ kind: 'reminders_dropped', count: 1 }]);
  });

  it('hears of a CRM that fails, of a page that could not be read, and of troubles by their kind', async () => {
    let isAway = false;
    const { world, told } = watched({
      store: (store) => ({
        ...store,
        due: (lane, ...rest) =>
          isAway && lane === 'mail' ? Promise.resolve(Err(away)) : store.due(lane, ...rest),
      }),
    });
    world.crm.answerNext({ kind: 'rejected', reason: 'no such option' });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(told('crm_write')).toMatchObject([{ error: 'rejected' }]);
    expect(told('trouble')).toEqual([{ kind: 'trouble', trouble: 'crm_refused' }]);
    expect(told('dispatch_page')).toEqual([]);
    isAway = true;
    await world.precall.tick();
    expect(told('dispatch_page')).toMatchObject([{ bookings: 0, error: 'unavailable' }]);
  });

  it('hears when the source and this process disagree about a zone', async () => {
    const start = Temporal.Instant.from('2026-12-03T15:00:00Z');
    const source = (minutes: readonly number[], time: boolean) => ({
      name: 'test',
      verify: () => 'authentic' as const,
      parse: (_: unknown, receivedAt: Temporal.Instant) =>
        Ok({
          updates: [
            {
              ...nothing,
              receivedAt,
              time: time ? { startAt: start, endAt: start.add({ minutes: 30 }) } : null,
              offsets: minutes.map((one) => ({ timeZone: 'Asia/Kolkata', minutes: one })),
            },
            { ...nothing, receivedAt },
          ] as const,
        }),
    });
    for (const [minutes, time, count] of [
      [[], true, 0],
      [[330], true, 0],
      [[0], true, 1],
      [[330, 0], true, 1],
      [[0], false, 0],
    ] as const) {
      const { world, told } = watched({ source: source(minutes, time) });
      await world.post({});
      expect(told('zone_mismatch')).toHaveLength(count);
    }
  });

  it('disturbs nothing by throwing', async () => {
    const world = createWorld({
      scheduler: 'none',
      observe: () => {
        throw new Error('a broken observer');
      },
    });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect(world.sent()).toEqual([`${guest} ${due72}`]);
  });

  it('hears nothing about anybody', async () => {
    const { world, seen } = watched({ policy: defaultPolicy });
    world.mailer.answerNext({ kind: 'rejected', reason: `${guest} is unknown here` });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-12-02T15:00:00Z');
    await world.change('BOOKING_CANCELLED');
    expect(seen.length).toBeGreaterThan(6);
    expect(JSON.stringify(seen)).not.toMatch(/guest|u1|calcom|@/);
  });
});

const nothing = { kind: 'agreed', uid: 'u1', ...nothingSaid } as const;

describe('measure', () => {
  it('tells how much there is to do, and since when nothing was heard', async () => {
    const { world } = watched();
    const measured = async () => shown([(await world.precall.measure()).unwrap() as never]);
    const none = { nextMailAt: null, plans: 0, crmWaiting: 0, quarantined: 0, sending: 0, unsaved: 0 };
    const bornAt = '2026-11-23T12:00:00Z';
    expect(await measured()).toEqual([{ at: bornAt, heardAt: bornAt, ...none }]);

    await world.clock.advanceTo(Temporal.Instant.from('2026-11-23T13:00:00Z'));
    await world.change('BOOKING_CREATED');
    await world.post({});
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-30T15:00:30Z'));
    expect(await measured()).toEqual([
      {
        ...none,
        at: '2026-11-30T15:00:30Z',
        heardAt: '2026-11-23T13:00:00Z',
        nextMailAt: due72,
        plans: 1,
        crmWaiting: 1,
        quarantined: 1,
      },
    ]);
    const health = (await world.precall.desk.health()).unwrap();
    expect([health.nextMailAt?.toString(), health.crmWaiting]).toEqual([due72, 1]);
  });

  it.each(['nextDueAt', 'due', 'list'] as const)(
    'is an error where the store does not answer %s',
    async (call) => {
      const refuse = () => Promise.resolve(Err(away));
      const { world } = watched({ store: (store): Store => ({ ...store, [call]: refuse }) });
      expect((await world.precall.measure()).unwrapErr()).toEqual(away);
    },
  );
});
