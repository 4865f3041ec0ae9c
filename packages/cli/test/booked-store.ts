// A store into which that many calls were booked, through the webhook's own way.
import { readFileSync } from 'node:fs';
import { createMemoryMailer } from '@precall/adapter-memory';
import type { Crm, Policy, RecordKind, Store, Temporal } from '@precall/core';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';

const fixture = new URL('../../source-calcom/test/fixtures/BOOKING_CREATED.json', import.meta.url);

/** Each of another person, all at the same start; of a CRM that is given each is written to it. */
export async function book(
  store: Store,
  given: {
    readonly bookings: number;
    readonly startAt: Temporal.Instant;
    readonly policy?: Policy;
    readonly crm?: Crm;
  },
): Promise<void> {
  const { bookings, startAt, policy, crm } = given;
  const clock = createSystemClock();
  const precall = createPrecall({
    source: createCalcomSource({ unsigned: 'allow' }),
    store,
    mailer: createMemoryMailer({ clock }),
    clock,
    ...(policy && { policy }),
    ...(crm && { crm }),
  });
  const sample = JSON.parse(readFileSync(fixture, 'utf8'));
  const agreedAt = startAt.subtract({ hours: 24 * 6 });
  for (let from = 0; from < bookings; from += 50) {
    const some = Array.from({ length: Math.min(50, bookings - from) }, (_, index) => from + index);
    const answers = await Promise.all(
      some.map((number) =>
        precall.receive({
          headers: { 'content-type': ['application/json'] },
          body: Buffer.from(JSON.stringify(booking(number))),
        }),
      ),
    );
    const odd = answers.find(({ kind }) => kind !== 'taken');
    if (odd) throw new Error(`a booking was not taken: ${JSON.stringify(odd)}`);
  }
  if (crm) await precall.tick();
  await precall.stop();

  function booking(number: number): object {
    const attendee = { ...sample.payload.attendees[0], email: `person-${number}@example.com` };
    const payload = {
      ...sample.payload,
      uid: `moved-${number}`,
      startTime: startAt.toString(),
      endTime: startAt.add({ minutes: 30 }).toString(),
      attendees: [attendee],
    };
    return { ...sample, createdAt: agreedAt.toString(), payload };
  }
}

export async function countOf(store: Store): Promise<number> {
  let count = 0;
  for (const kind of ['meta', 'person', 'booking', 'calendar', 'delivery'] satisfies RecordKind[]) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Store['list']>> = await store.list(kind, { limit: 100, cursor });
      const { items, next } = page.unwrap();
      count += items.length;
      cursor = next;
    } while (cursor !== null);
  }
  return count;
}
