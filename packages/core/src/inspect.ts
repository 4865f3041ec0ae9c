// One booking as an operator looks at it: what was decided and why, in which words, and what the CRM should say.
import { type BookingCase, casesOf, casesOfEarlierStarts, readBookingIfSound } from './booking-record.ts';
import { knownAs, reminderView } from './booking-view.ts';
import { addressOf } from './channel.ts';
import type { Answers } from './content.ts';
import type { InspectedReminder, Inspection } from './desk.ts';
import type { BookingId } from './ids.ts';
import { channelOf } from './ledger.ts';
import { hostOf, mailFacts } from './mail-facts.ts';
import { type Outgoing, renderMessage } from './outgoing.ts';
import { movedFrom } from './plan.ts';
import type { Channel, PortResult } from './ports.ts';
import { desiredFields, textOf } from './projection.ts';
import type { Looked, Reads } from './reads.ts';
import { bookingsBearingOn } from './recipient-bookings.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { concerned } from './standing.ts';
import { Temporal } from './temporal.ts';
import { phonesIn, whyNotTexted } from './texting.ts';

export function createInspect(
  shell: Shell,
  reads: Pick<Reads, 'look'>,
): (id: BookingId) => PortResult<Inspection | null> {
  const { store, clock, policy } = shell;

  return async (id) => {
    const looked = await reads.look(id);
    if (looked.isErr() || !looked.value) return looked.map(() => null);
    const { value: record, persons, bookings, detail } = looked.value;
    const { facts } = record;
    const wantedFields = await fieldsWanted(looked.value);
    if (wantedFields.isErr()) return wantedFields;
    const context = { policy, now: clock.now(), persons, bookings };
    const host = facts.host?.value.address;
    const others = new Map(phonesIn(facts).map(({ id, number }) => [id, number]));
    if (host) others.set(host.id, host.email);
    return Ok({
      booking: detail,
      shortHash: shell.names.short(id),
      about: facts.about?.value ?? null,
      place: facts.place?.value ?? null,
      host: hostOf(facts),
      agreements: Object.entries(facts.agreed)
        .map(([start, { saidAt }]) => ({ startAt: Temporal.Instant.from(start), saidAt }))
        .sort((a, b) => a.saidAt.epochMilliseconds - b.saidAt.epochMilliseconds),
      reminders: [...casesOf(record, context), ...casesOfEarlierStarts(record, context)].map((one) =>
        inspected(one, shell.links?.shown() ?? null),
      ),
      suppressed: [...persons].flatMap(([recipient, { suppressed }]) => {
        const email = facts.people[recipient]?.details?.value.email ?? others.get(recipient);
        return suppressed && email ? [{ email, ...suppressed }] : [];
      }),
      wantedFields: wantedFields.value,
    });
  };

  async function fieldsWanted({ value: { facts } }: Looked): PortResult<Inspection['wantedFields']> {
    const [first] = concerned(facts, false);
    // Of whom no address is known nothing can be written.
    if (!first || !addressOf(facts, first, 'mail') || !shell.crmWanted) return Ok({});
    const found = await bookingsBearingOn(store, first);
    return found.map((items) => {
      const bookings = items.flatMap((stored) => readBookingIfSound(stored) ?? []);
      const wanted = desiredFields(first, bookings, { settings: policy.projection, now: clock.now() });
      return Object.fromEntries(
        Object.entries(wanted).map(([property, value]) => [property, textOf(value)] as const),
      );
    });
  }
}

function inspected(one: BookingCase, answers: Answers | null): InspectedReminder {
  const { reminder } = one;
  const [mail, text] = [madeFor(one, 'mail', answers), madeFor(one, 'sms', answers)];
  return {
    ...reminderView(one),
    startAt: reminder.startAt,
    usefulUntil: reminder.usefulUntil,
    movedFrom: movedFrom(reminder),
    ...knownAs(one),
    message: mail?.channel === 'mail' ? mail.message : null,
    text: text?.channel === 'sms' ? text.message : null,
  };
}

/** Null: it does not go by this way, or the message cannot be made. */
function madeFor(one: BookingCase, channel: Channel, answers: Answers | null): Outgoing | null {
  const { reminder, facts, entry, policy } = one;
  const isPresent = facts.time?.value.startAt.epochMilliseconds === reminder.startAt.epochMilliseconds;
  if (!isPresent || !mayGoBy(one, channel) || !addressOf(facts, reminder.recipient, channel)) return null;
  const sent = entry?.attempts.findLast(
    (attempt) => attempt.outcome === 'accepted' && channelOf(attempt) === channel,
  );
  const words = mailFacts(reminder, facts, policy, sent?.at ?? reminder.dueAt);
  const message = renderMessage(one, channel, { ...words, answers });
  return message.isOk() ? message.value : null;
}

/** It is meant to, it did, or it would if its own way failed. */
function mayGoBy({ reminder, facts, entry }: BookingCase, channel: Channel): boolean {
  const { rule, recipient } = reminder;
  const fallsBack = rule.fallback === channel && whyNotTexted(facts, recipient) === null;
  const wasTried = entry?.attempts.some((attempt) => channelOf(attempt) === channel);
  return reminder.channel === channel || fallsBack || wasTried === true;
}
