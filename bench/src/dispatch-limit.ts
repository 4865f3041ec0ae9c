// The least that anybody's dispatch does on this machine: what is due read and parsed, put into words again for the claim and for
// the confirmation, and the same rows saved; then with the words of the mail as well. No plan, no judgement, no address to write
// to: what is missed of the target beyond this is Precall's own doing, what it misses is nobody's.
import type { MailFacts, Write } from '@precall/core';
import { defaultReminder, Temporal } from '@precall/core';
import { seedDue, startDueNow } from './due-bookings.ts';
import { dispatched, inCopy, keepingSaves, opened } from './embedded-dispatch.ts';
import { compare, perSecond, type Row, timeOf } from './measure.ts';
import { ofBookings, type RawSave, replay, saveAll, toRawSaves } from './raw-dispatch.ts';
import { openRawStore } from './raw-store.ts';
import { inFolder, scaled } from './rig.ts';

const count = scaled(10_000);

export async function dispatchLimit(name: string): Promise<readonly Row[]> {
  return inFolder(async (seed) => {
    const store = opened(seed);
    await seedDue(store, { count, startMs: startDueNow() });
    await store.close();
    const saves: (readonly Write[])[] = [];
    await dispatched(seed, (inner) => keepingSaves(inner, saves));
    const baseline = {
      name: 'libsql claiming and confirming the bookings only',
      run: () => inCopy(seed, async (folder) => perSecond(count, await replay(folder, ofBookings(saves)))),
    };
    const prepared = toRawSaves(saves).map(withBodies);
    const row = (what: string, say: (booking: Booking) => void): Promise<Row> =>
      compare(
        { name, what: `${count} reminders due at once: ${what}`, unit: 'reminders/s', rounds: 7 },
        { ours: () => least(seed, prepared, say), baseline },
      );
    return [
      await row('JSON.parse, JSON.stringify twice and all the same rows', () => {}),
      await row('the same and the default mail put into words', mailAbout),
    ];
  });
}

/** What a body holds, as far as the words of a mail want it. */
interface Booking {
  readonly facts?: {
    readonly time: { readonly value: { readonly startAt: number; readonly endAt: number } };
  };
}

interface Prepared extends RawSave {
  /** What a confirmation holds since the claim. */
  readonly held: readonly Booking[];
}

function withBodies(save: RawSave): Prepared {
  return { ...save, held: save.changes.map(({ record }) => JSON.parse(`${record.at(-1)}`)) };
}

function least(seed: string, saves: readonly Prepared[], say: (booking: Booking) => void) {
  return inCopy(seed, async (folder) => {
    const raw = openRawStore(folder);
    const took = await timeOf(async () => {
      for (const save of saves) await saveAll(raw, [inWords(save, say)]);
    });
    raw.close();
    return perSecond(count, took);
  });
}

/** A claim parses its booking and says something about it, a confirmation has it; both put it into words. */
function inWords({ changes, held, ...save }: Prepared, say: (booking: Booking) => void): RawSave {
  const written = changes.map((change, index) => {
    const values = [...change.record];
    const body = values.pop();
    const booking = save.due > 0 ? (JSON.parse(`${body}`) as Booking) : (held[index] ?? {});
    if (save.due > 0 && booking.facts) say(booking);
    return { ...change, record: [...values, JSON.stringify(booking)] };
  });
  return { ...save, changes: written };
}

function mailAbout({ facts }: Booking): void {
  if (!facts) throw new Error('a booking is about something');
  const { startAt, endAt } = facts.time.value;
  const said: MailFacts = {
    rule: '2h',
    startAt: Temporal.Instant.fromEpochMilliseconds(startAt),
    endAt: Temporal.Instant.fromEpochMilliseconds(endAt),
    now: Temporal.Instant.fromEpochMilliseconds(Date.now()),
    timeZone: 'America/New_York',
    locale: 'en',
    firstName: 'Ada',
    name: 'Ada Lovelace',
    host: { name: 'Grace Hopper', timeZone: 'America/New_York' },
    about: { title: 'Diagnostic call', eventType: null },
    place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
    placeIsTrusted: true,
    links: null,
    segment: null,
    responses: {},
    answers: null,
  };
  if (!defaultReminder.render(said).text.includes('Ada')) throw new Error('a mail speaks to somebody');
}
