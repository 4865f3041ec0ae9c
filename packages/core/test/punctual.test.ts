// A reminder leaves at its moment, whatever else keeps Precall busy: invariant 15 of reliability section 7 without an outage.
import { createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const first = Temporal.Instant.from('2026-11-30T15:00:00Z');

/** Each so many milliseconds after the first; gives the moments at which they should leave. */
async function remindersAt(world: ReturnType<typeof createWorld>, ...offsets: readonly number[]) {
  const moments = offsets.map((ms) => first.add({ milliseconds: ms }));
  for (const [n, dueAt] of moments.entries())
    await world.change('BOOKING_CREATED', { uid: `u${n}`, start: dueAt.add({ hours: 72 }).toString() });
  return moments.map((at) => `${guest} ${at}`);
}

function started(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ policy: { messagesPerDay: null }, ...options });
  return { world, start: world.start() };
}

const never = () => new Promise<never>(() => undefined);

describe('a reminder leaves at its moment', () => {
  it('however soon after the one before', async () => {
    const { world, start } = started();
    await start;
    const due = await remindersAt(world, 0, 100, 250, 900);
    await world.at('2026-11-30T15:00:02Z');
    expect(world.sent()).toEqual(due);
  });

  it('though the store took so long to say what is next that it fell due meanwhile', async () => {
    const { world, start } = started({
      store: (store) => ({
        ...store,
        async nextDueAt(lane) {
          await new Promise<void>((resolve) => {
            world.clock.at(world.clock.now().add({ milliseconds: 5 }), resolve);
          });
          return store.nextDueAt(lane);
        },
      }),
    });
    await start;
    await remindersAt(world, 0, 3);
    await world.at('2026-11-30T15:00:00.010Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('while the CRM keeps everybody waiting', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    let away = false;
    const { world, start } = started({
      crm: { ...crm, findContact: (email) => (away ? never() : crm.findContact(email)) },
    });
    await start;
    const due = await remindersAt(world, 0, 5_000);
    await world.at('2026-11-30T14:59:59Z');
    away = true;
    const attendees = ['another@example.com'];
    await world.change('BOOKING_CREATED', { uid: 'later', start: '2026-12-24T15:00:00Z', attendees });
    await world.at('2026-11-30T15:00:05Z');
    expect(world.sent()).toEqual(due);
  });

  it('while the mailer keeps the one before waiting', async () => {
    const calls: Temporal.Instant[] = [];
    const { world, start } = started({
      mailer: (mailer) => ({
        ...mailer,
        send: (...args) => {
          calls.push(world.clock.now());
          return calls.length === 1 ? never() : mailer.send(...args);
        },
      }),
    });
    await start;
    const due = await remindersAt(world, 0, 5_000);
    await world.at('2026-11-30T15:00:05Z');
    expect(calls.map((at) => `${guest} ${at}`)).toEqual(due);
  });

  it('but that all wait until the moment for which the mailer asked, and leave at that one', async () => {
    let looks = 0;
    const { world, start } = started({
      store: (store) => ({
        ...store,
        nextDueAt(lane) {
          looks += 1;
          return store.nextDueAt(lane);
        },
      }),
    });
    await start;
    await remindersAt(world, 0, 5_000);
    await world.at('2026-11-30T14:59:59Z');
    const retryAfter = Temporal.Duration.from({ seconds: 90 });
    world.mailer.answerNext({ kind: 'unavailable', reason: 'too many', retryAfter });
    const before = looks;
    await world.at('2026-11-30T15:01:29.999Z');
    expect(world.mailer.calls).toHaveLength(1);
    expect(looks - before).toBeLessThan(20);
    await world.at('2026-11-30T15:01:30Z');
    expect(world.sent()).toEqual([`${guest} 2026-11-30T15:01:30Z`, `${guest} 2026-11-30T15:01:30Z`]);
  });
});
