// What an intake says: from each booking before and after to the answer, the history and the reminders that dropped.
import type { IntakeAnswer, Taken } from './answer.ts';
import { type BookingRecord, casesOf, liveKeys } from './booking-record.ts';
import { canonicalText } from './canonical.ts';
import { type Facts, nothingKnown } from './facts.ts';
import { dropReason, isLive } from './gate.ts';
import type { RecipientId, ReminderKey } from './ids.ts';
import type { Policy } from './policy.ts';
import type { HistoryEntry } from './ports.ts';
import type { DropReason, IgnoreReason } from './reasons.ts';
import { attending, standingOf } from './standing.ts';
import { type Instant, isoText, Temporal } from './temporal.ts';
import type { UpdateKind } from './update.ts';

/** One booking that an update touched. */
export interface Change {
  readonly before: BookingRecord | null;
  readonly after: BookingRecord;
  /** What the update offered. */
  readonly offered: Facts;
}

/** The store did not take it in: the sender is asked to come again. */
export const away: IntakeAnswer = { kind: 'away', retryAfter: Temporal.Duration.from({ seconds: 5 }) };

interface Context {
  readonly policy: Policy;
  readonly now: Instant;
}

/** Whether anything changed that a person could see. */
export function isVisible({ before, after }: Change, context: Context): boolean {
  return before === null || visible(before, context) !== visible(after, context);
}

function visible(record: BookingRecord, context: Context): string {
  const { facts } = record;
  const people = Object.entries(facts.people).map(
    ([recipient, { details, links, noShow, phone, consent }]) => [
      recipient,
      details?.value,
      links?.value,
      noShow?.value,
      phone?.value,
      consent?.value,
    ],
  );
  return canonicalText([
    standingOf(facts),
    facts.time?.value,
    facts.place?.value,
    facts.host?.value,
    facts.about?.value,
    facts.cancelled?.value.moving,
    Object.keys(facts.replaces),
    attending(facts),
    people,
    facts.hostNoShow?.value,
    [...liveKeys(record, context.policy, context.now)],
  ]);
}

/** Whether the booking was ever more than the mark of a cancellation, a decline, a payment or an end. */
export function wasSeen(record: BookingRecord | null): boolean {
  const facts = record?.facts;
  if (!facts) return false;
  return (
    Boolean(facts.place ?? facts.host ?? facts.about ?? facts.requestedAt) ||
    Object.keys(facts.agreed).length > 0
  );
}

/** Kinds that say nothing to anybody about a booking never seen. */
const needsBooking = new Set<UpdateKind>(['cancelled', 'declined', 'paid', 'ended', 'no_show']);

export function saysNothing(subject: Change, kind: UpdateKind): boolean {
  return needsBooking.has(kind) && !wasSeen(subject.before);
}

export function ignoredBecause(lost: boolean): IgnoreReason {
  return lost ? 'older_than_known' : 'already_known';
}

/** The answer about the first change, with what dropped in all of them. */
export function takenAnswer(changes: readonly Change[], subject: Change, context: Context): Taken {
  const { after, before } = subject;
  const cases = casesOf(after, context);
  const reminders = cases.filter(isLive).map(({ key, reminder }) => ({
    key,
    rule: reminder.rule.name,
    dueAt: reminder.dueAt,
  }));
  const skipped = cases.flatMap(({ key, reminder, entry }) => {
    const reason = reminder.skip ?? (entry?.final?.state === 'skipped' ? entry.final.reason : null);
    return reason ? [{ key, rule: reminder.rule.name, dueAt: reminder.dueAt, reason }] : [];
  });
  const dropped = changes.flatMap((change) => droppedBy(change, context));
  const known = new Set(before ? casesOf(before, context).map(({ key }) => key) : []);
  const answer = {
    kind: 'taken' as const,
    booking: after.id,
    startAt: after.facts.time?.value.startAt ?? null,
    reminders,
    skipped,
    dropped,
  };
  const standing = standingOf(after.facts);
  if (standing === 'awaiting') return { ...answer, status: 'awaiting' };
  if (standing !== 'agreed') return { ...answer, status: 'updated' };
  const wasOff = before === null || standingOf(before.facts) !== 'agreed';
  if (reminders.some(({ key }) => wasOff || !known.has(key))) return { ...answer, status: 'scheduled' };
  const passedOver = skipped.filter(({ key }) => wasOff || !known.has(key));
  const [first] = passedOver;
  return first ? { ...answer, status: 'skipped', reason: first.reason } : { ...answer, status: 'updated' };
}

/** Reminders that were wanted before and are not any more, each with the reason. */
export function droppedBy(
  { before, after }: Change,
  context: Context,
): readonly { readonly key: ReminderKey; readonly reason: DropReason }[] {
  if (!before) return [];
  const live = liveKeys(after, context.policy, context.now);
  const reasons = new Map(
    casesOf(after, context).map(({ key, reminder }) => [key, dropReason(reminder, after.facts)]),
  );
  return [...liveKeys(before, context.policy, context.now)]
    .filter((key) => !live.has(key))
    .map((key) => ({ key, reason: reasons.get(key) ?? 'superseded' }));
}

/** What the booking's history gains. */
export function historyOf(change: Change, context: Context): readonly HistoryEntry[] {
  if (!isVisible(change, context)) return [];
  const dropped = droppedBy(change, context).map(({ key, reason }) => ({
    at: context.now,
    what: 'reminder_dropped',
    detail: { key, reason },
  }));
  return [{ at: context.now, what: whatHappened(change), detail: detailOf(change.after.facts) }, ...dropped];
}

/** That somebody did not come, or came after all, where that is new. */
function attendanceSaid(before: Facts, after: Facts): 'no_show' | 'attended' | null {
  const said = Object.entries(after.people).flatMap(([recipient, { noShow }]) => {
    const was = before.people[recipient as RecipientId]?.noShow?.value;
    return noShow && noShow.value !== was ? [noShow.value] : [];
  });
  if (said.includes(true)) return 'no_show';
  return said.length > 0 ? 'attended' : null;
}

function whatHappened({ before, after }: Change): string {
  const was = before && standingOf(before.facts);
  const is = standingOf(after.facts);
  if (is === 'agreed' && was !== 'agreed') return 'booked';
  if (is !== was && (is === 'cancelled' || is === 'declined')) return is;
  const moved =
    before?.facts.time?.value.startAt.epochMilliseconds !== after.facts.time?.value.startAt.epochMilliseconds;
  if (is !== was ? is === 'superseded' : is === 'agreed' && moved) return 'moved';
  return attendanceSaid(before?.facts ?? nothingKnown, after.facts) ?? 'updated';
}

function detailOf(facts: Facts): { readonly [name: string]: unknown } {
  return { status: standingOf(facts), startAt: facts.time ? isoText(facts.time.value.startAt) : null };
}
