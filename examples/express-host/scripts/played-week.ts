// A week of bookings played on the ports in memory, and a server that shows it: for the pictures of the operator's pages,
// and for the tests that look at them in a browser.
import type { Server } from 'node:http';
import {
  createMemoryCalendar,
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryScheduler,
  createMemoryStore,
  createMemoryTexter,
  type MemoryClock,
  type MemoryMailer,
} from '@precall/adapter-memory';
import {
  bookingId,
  createPrecall,
  defaultPolicy,
  defaultReminder,
  type Facts,
  mayBeTexted,
  type Precall,
  type Rule,
  Temporal,
} from '@precall/core';
import { createPrecallRouter } from '@precall/http-express';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import express from 'express';
import { bookedBody, cancelledBody, type DemoCall, movedBody } from '../src/demo/sample-booking.ts';
import { closeServer, listen } from '../src/listen.ts';

const secret = 'a secret of the pictures';

export interface PlayedWeek {
  readonly baseUrl: string;
  readonly precall: Precall;
  readonly clock: MemoryClock;
  readonly mailer: MemoryMailer;
  /** Until all calls are over: two people did not come. */
  playToTheEnd(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Calls that are to come, moved, cancelled, over; mails sent, held back and dropped, texts to some; a CRM that refuses one write,
 * and a calendar.
 */
export async function showPlayedWeek(): Promise<PlayedWeek> {
  const clock = createMemoryClock(Temporal.Instant.from('2026-11-23T08:00:00Z'));
  const mailer = createMemoryMailer({ clock });
  const crm = createMemoryCrm({ unknown: 'add' });
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret], consentField: 'texts' }),
    store: createMemoryStore(),
    mailer,
    crm,
    clock,
    entropy: createMemoryEntropy('pictures'),
    texter: createMemoryTexter({ clock }),
    calendar: createMemoryCalendar(),
    policy: { ...defaultPolicy, rules: lastByText },
    scheduler: createMemoryScheduler({ clock }),
    links: { baseUrl: 'https://calls.example.com' },
  });
  (await precall.start()).expect('the store in memory answers');
  await playAWeek();
  const app = express().use(createPrecallRouter({ precall, clock, operator: { authorize: () => 'yes' } }));
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const { server, baseUrl }: { server: Server; baseUrl: string } = listening.expect('a free port');
  return {
    baseUrl,
    precall,
    clock,
    mailer,
    async playToTheEnd() {
      await at('2026-12-01T08:00:00Z');
      for (const name of ['chloe', 'emma']) {
        const email = `${name}@example.com`;
        await precall.desk.mark(bookingId('calcom', `${name}-1`), { email, came: false, by: 'operator' });
      }
      await at('2026-12-05T08:00:00Z');
    },
    async stop() {
      await closeServer(server);
      await precall.stop();
    },
  };

  async function playAWeek(): Promise<void> {
    const names = ['ana', 'ben', 'chloe', 'dario', 'emma', 'farid', 'grace', 'hugo', 'ines', 'jonas'];
    const calls = names.map((name, n): DemoCall => {
      const startAt = Temporal.Instant.from('2026-11-27T09:30:00Z').add({ hours: 17 * n });
      return { uid: `${name}-1`, bookedAt: clock.now(), startAt, guest: `${name}@example.com` };
    });
    for (const call of calls) {
      await clock.advance(Temporal.Duration.from({ minutes: 7 }));
      const body = named(bookedBody(call, clock.now()), call);
      await say(mayText.has(call.guest) ? withConsent(body) : body);
    }
    const [ana, ben, , dario, emma] = calls;
    if (!ana || !ben || !dario || !emma) throw new Error('ten people have booked');
    await at('2026-11-24T10:00:00Z');
    crm.answerNext({
      kind: 'rejected',
      reason: 'The property "Booking Status" has no option named "Booked".',
    });
    const moved = { ...ana, uid: 'ana-2', startAt: ana.startAt.add({ hours: 72 }) };
    await at('2026-11-25T10:00:00Z');
    await say(named(movedBody(moved, clock.now(), { from: ana }), moved));
    await at('2026-11-25T16:00:00Z');
    await say(named(cancelledBody(ben, clock.now()), ben));
    await at('2026-11-26T14:00:00Z');
    mailer.answerNext({ kind: 'unavailable', reason: '503' });
    await say(
      '{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-11-26T14:00:00Z","payload":{"title":"?"}}',
    );
    const page = { limit: 1, cursor: null };
    const found = (await precall.bookings({ email: dario.guest, page })).expect('the store answers');
    const [booking] = found.items;
    const [first] = booking?.reminders.filter(({ state }) => state === 'planned') ?? [];
    if (booking && first) await precall.desk.drop(booking.id, { key: first.key, by: 'operator' });
    await precall.desk.suppress(emma.guest, { by: 'operator' });
    await at('2026-11-28T18:00:00Z');
  }

  async function at(text: string): Promise<void> {
    await clock.advanceTo(Temporal.Instant.from(text));
  }

  async function say(body: string): Promise<void> {
    const bytes = new TextEncoder().encode(body);
    const headers = {
      'content-type': ['application/json'],
      'x-cal-signature-256': [signCalcom(secret, bytes)],
    };
    await precall.receive({ headers, body: bytes });
  }
}

/** The samples' one guest under a name of their own. */
function named(body: string, { guest }: DemoCall): string {
  const [name = ''] = guest.split('@');
  const firstName = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return body
    .replaceAll('"Guest User"', JSON.stringify(`${firstName} Example`))
    .replaceAll('"firstName":"Guest"', `"firstName":${JSON.stringify(firstName)}`);
}

/** Who said in the booking that they may be texted. */
const mayText: ReadonlySet<string> = new Set(['grace@example.com', 'hugo@example.com']);

/** And brings no guest along, who did not say so. */
function withConsent(body: string): string {
  const webhook = JSON.parse(body);
  webhook.payload.attendees.splice(1);
  const texts = { label: 'Send me a text before the call. STOP ends it.', value: true };
  Object.assign(webhook.payload.responses, {
    attendeePhoneNumber: { label: 'Phone', value: '+447400123456' },
    texts,
  });
  return JSON.stringify(webhook);
}

const usual: readonly Rule[] = typeof defaultPolicy.rules === 'function' ? [] : defaultPolicy.rules;
const byMail = usual.map((rule) => (rule.name === '24h' ? { ...rule, otherContent: defaultReminder } : rule));
const withText = byMail.map((rule): Rule => {
  if (rule.name === '24h') return { ...rule, fallback: 'sms' };
  return rule.name === '2h' ? { ...rule, channel: 'sms' } : rule;
});

function lastByText(facts: Facts): readonly Rule[] {
  return mayBeTexted(facts, defaultPolicy) ? withText : byMail;
}
