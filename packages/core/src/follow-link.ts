// What a link in a mail shows, and what it does once its button is pressed.
import { type BookingRecord, type Loaded, readBookingIfSound } from './booking-record.ts';
import type { Facts } from './facts.ts';
import { personRecord, type RecipientId, type ReminderKey, recipientKey } from './ids.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { ledgerWrite } from './park.ts';
import { isBadNews, newPerson } from './person.ts';
import { personWrite, readPersonIfSound, unreadablePerson } from './person-record.ts';
import type { PortResult } from './ports.ts';
import { Err, Ok } from './result.ts';
import { type AttendanceWord, createSayWhoCame, type WhoCame } from './say-who-came.ts';
import { sentIn } from './sent-in.ts';
import type { Shell } from './shell.ts';
import type { LinkUse } from './signed-links.ts';
import { attending, standingOf } from './standing.ts';
import { type Instant, isBefore } from './temporal.ts';
import { zoneOf } from './wall-clock.ts';

/** What a link is about, and whether it was used. `locale` is the recipient's, where one is known. */
export type LinkSeen =
  | { readonly kind: 'stop'; readonly used: boolean; readonly locale: string | null }
  | {
      readonly kind: 'attend';
      readonly used: boolean;
      readonly locale: string | null;
      readonly startAt: Instant;
      readonly timeZone: string;
    }
  | WhoCame
  /** The call has begun, was moved or cancelled, or they do not take part any more. */
  | { readonly kind: 'over'; readonly locale: string | null }
  /** Not a link of ours, or one about a message that is not remembered any more. */
  | { readonly kind: 'unknown' };

/** Tries at a compare-and-set. */
const tries = 5;

export interface FollowLink {
  /** Changes nothing: mail programs open links by themselves. */
  look(token: string): PortResult<LinkSeen>;
  /** Does what the link is for, once however often it is pressed. `word`: of the link to say who came. */
  use(token: string, word?: AttendanceWord): PortResult<LinkSeen>;
}

export function createFollowLink(shell: Shell): FollowLink {
  const { store, clock, links, policy } = shell;
  const whoCame = createSayWhoCame(shell);
  const tellsCrm = shell.crmWanted && policy.projection.properties.confirmed !== null;

  async function follow(token: string, pressed: 'no' | 'yes' | AttendanceWord): PortResult<LinkSeen> {
    const use = links?.read(token);
    if (!use || use.act === 'feed') return Ok({ kind: 'unknown' });
    for (let n = 0; n < tries; n += 1) {
      const seen = await followOnce(use, pressed);
      if (seen.isErr()) return seen;
      if (seen.value !== 'conflict') return Ok(seen.value);
    }
    return Err({ kind: 'unavailable', reason: 'others kept changing the record' });
  }

  function followOnce(
    use: Exclude<LinkUse, { act: 'feed' }>,
    pressed: 'no' | 'yes' | AttendanceWord,
  ): PortResult<LinkSeen | 'conflict'> {
    if (use.act === 'stop') return stop(use.recipient, pressed !== 'no');
    if (use.act === 'attend') return attend(use, pressed !== 'no');
    return whoCame(use, typeof pressed === 'string' ? null : pressed);
  }

  async function stop(recipient: RecipientId, pressed: boolean): PortResult<LinkSeen | 'conflict'> {
    const found = await store.find([personRecord(recipient)]);
    if (found.isErr()) return found;
    const locale = await localeOf(recipient);
    if (locale.isErr()) return locale;
    const [stored = null] = found.value;
    const person = stored ? readPersonIfSound(stored)?.value : newPerson;
    if (!person) return unreadablePerson;
    // That mail came back does not say that they want none.
    const used = person.suppressed !== null && !isBadNews(person.suppressed.why);
    if (used || !pressed) return Ok({ kind: 'stop', used, locale: locale.value });
    const now = clock.now();
    const history = [{ at: now, what: 'stopped_by_link', detail: {} }];
    const stopped = { ...person, suppressed: { at: now, why: 'link' } };
    const saved = await store.save([personWrite(recipient, stopped, { over: stored, now, history })]);
    return saved.map(([answer]) =>
      answer === 'conflict' ? answer : { kind: 'stop', used: true, locale: locale.value },
    );
  }

  async function localeOf(recipient: RecipientId): PortResult<string | null> {
    const found = await store.findByKey(recipientKey(recipient), { limit: 1, cursor: null });
    return found.map(({ items: [stored] }) => {
      const booking = stored && readBookingIfSound(stored);
      return booking ? localeIn(booking.facts, recipient) : null;
    });
  }

  async function attend(
    { attempt }: Extract<LinkUse, { act: 'attend' }>,
    pressed: boolean,
  ): PortResult<LinkSeen | 'conflict'> {
    const found = await sentIn(store, attempt);
    if (found.isErr()) return found;
    if (!found.value) return Ok({ kind: 'unknown' });
    const { loaded, key, entry } = found.value;
    const { facts } = loaded.value;
    const locale = localeIn(facts, entry.recipient);
    const now = clock.now();
    if (!isAhead(facts, entry, now)) return Ok({ kind: 'over', locale });
    const { startAt, recipient } = entry;
    const timeZone = zoneOf(facts.people[recipient]?.details?.value.timeZone, facts.host?.value.timeZone);
    const seen = { kind: 'attend', locale, startAt, timeZone } as const;
    if (entry.attendingAt || !pressed) return Ok({ ...seen, used: entry.attendingAt !== undefined });
    const saved = await store.save([confirmed(loaded, { key, entry, now })]);
    if (tellsCrm) shell.wake(now);
    return saved.map(([answer]) => (answer === 'conflict' ? answer : { ...seen, used: true }));
  }

  function confirmed(
    { stored, value }: Loaded<BookingRecord>,
    { key, entry, now }: { readonly key: ReminderKey; readonly entry: LedgerEntry; readonly now: Instant },
  ): ReturnType<typeof ledgerWrite> {
    const ledger = { ...value.ledger, [key]: { ...entry, attendingAt: now } };
    const history = [{ at: now, what: 'attendance_confirmed', detail: { key } }];
    const crm = tellsCrm ? 'now' : 'keep';
    return ledgerWrite(shell, { ...value, ledger }, { over: stored, now, crm, history });
  }

  return { look: (token) => follow(token, 'no'), use: (token, word) => follow(token, word ?? 'yes') };
}

function localeIn(facts: Facts, recipient: RecipientId): string | null {
  return facts.people[recipient]?.details?.value.locale ?? null;
}

function isAhead(facts: Facts, { startAt, recipient }: LedgerEntry, now: Instant): boolean {
  return (
    standingOf(facts) === 'agreed' &&
    facts.time?.value.startAt.epochMilliseconds === startAt.epochMilliseconds &&
    attending(facts).includes(recipient) &&
    isBefore(now, startAt)
  );
}
