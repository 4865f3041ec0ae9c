// What the CRM must say about each person at the end: the oracle's own reading of all their bookings.
import type { EndContext, Settled } from './end-checks.ts';
import type { Word } from './reading.ts';

/** What a booking means for a person, and since when. */
interface Meaning {
  readonly atMs: number;
  readonly status: 'Booked' | 'Not Booked' | 'No-Show' | 'Completed' | null;
  readonly date: string | null;
}

/** The documented default. */
const completedAfterMs = 3_600_000;

export function checkCrm(settled: readonly Settled[], context: EndContext): void {
  const { contacts, oracle, refusedByCrm, heard, wasRestored, policy } = context;
  // The CRM is not restored with the store, and knows more than it.
  if (wasRestored) return;
  const all = heard.uids();
  for (const contact of contacts) {
    const email = contact.email.toLowerCase();
    const twins = contacts.filter((other) => other.email.toLowerCase() === email);
    const hasDoubts = settled.length < all.length;
    // Of a call that is only asked for nobody knows who books it: those invited along count, too.
    const isInvited = all.some((uid) =>
      isInvitedAlong(
        email,
        heard.words(uid).map(({ word }) => word),
      ),
    );
    // What is not taken in as it cannot be planned is not passed on.
    const isUnplannable =
      policy.isPoisoned &&
      all.some((uid) =>
        isPoison(
          email,
          heard.words(uid).map(({ word }) => word),
        ),
      );
    if (
      isUnplannable ||
      isInvited ||
      twins.length > 1 ||
      refusedByCrm.has(email) ||
      oracle.wasErased(email) ||
      hasDoubts
    )
      continue;
    const meanings = settled.flatMap((one) => meaningFor(email, one, context) ?? []);
    const upcoming = meanings.filter(({ status, atMs }) => status === 'Booked' && atMs > context.nowMs);
    const [next] = [...upcoming].sort((a, b) => a.atMs - b.atMs);
    const [last] = [...meanings].sort((a, b) => b.atMs - a.atMs);
    const wanted = next ?? last;
    if (!wanted || isTied(meanings, wanted)) continue;
    const { 'Booking Status': status = null, 'Diagnostic Call Date': date = null } = contact.fields;
    if ((wanted.status !== null && status !== wanted.status) || date !== wanted.date) {
      oracle.violate(
        17,
        `the CRM says ${status} ${date} about ${email} and should say ${wanted.status} ${wanted.date}`,
      );
    }
    if (contact.isMember) checkMarks(email, contact.marks, settled, context);
  }
}

function isTied(meanings: readonly Meaning[], wanted: Meaning): boolean {
  return meanings.some((one) => one !== wanted && one.atMs === wanted.atMs && one.date !== wanted.date);
}

/** For a call that is on its end counts, for the rest the moment at which it was said. */
function meaningFor(email: string, { uid, reading }: Settled, { heard, nowMs }: EndContext): Meaning | null {
  const words = heard.words(uid).map(({ word }) => word);
  const own = words.filter(({ update }) => update.uid === uid);
  if (!own.some(({ update }) => update.attendees.some((one) => one.email.toLowerCase() === email)))
    return null;
  const { standing, attending, absent, seated, startMs, endMs } = reading;
  const isConcerned = seated || isBooker(email, own);
  if (
    standing === 'agreed' &&
    isConcerned &&
    attending.includes(email) &&
    startMs !== null &&
    endMs !== null
  ) {
    const date = new Date(startMs).toISOString().slice(0, 10);
    if (absent.includes(email)) return { atMs: endMs, status: 'No-Show', date };
    return { atMs: endMs, status: nowMs < endMs + completedAfterMs ? 'Booked' : 'Completed', date };
  }
  const replaces = own.some(({ update }) => update.replaces !== null && update.replaces.uid !== uid);
  const wasAgreed = own.some(
    ({ update: { kind, needsConfirmation } }) =>
      kind === 'agreed' || kind === 'moved' || (kind === 'paid' && !needsConfirmation),
  );
  if (!replaces && !wasAgreed) return null;
  if (standing === 'awaiting') return meaning(own, ['requested', 'payment_opened'], Math.min, null);
  if (standing === 'declined') return meaning(own, ['declined'], Math.max, 'Not Booked');
  // Whoever was only invited along is not spoken of.
  if (standing === 'superseded' || !(seated ? hasJoined(email, own) : isBooker(email, own))) return null;
  const leaving = own.filter(({ update }) => update.kind === 'cancelled');
  const mine = leaving.filter(({ update }) =>
    update.attendees.some((one) => one.email.toLowerCase() === email),
  );
  const [newest] = [...leaving].sort((a, b) => (b.saidMs ?? -Infinity) - (a.saidMs ?? -Infinity));
  if (!newest) return null;
  const status = newest.update.moving ? null : 'Not Booked';
  return meaning(
    mine.length > 0 ? mine : leaving,
    ['cancelled'],
    mine.length > 0 ? Math.max : Math.min,
    status,
  );
}

function meaning(
  words: readonly Word[],
  kinds: readonly string[],
  choose: (...moments: number[]) => number,
  status: Meaning['status'],
): Meaning {
  const moments = words.filter(({ update }) => kinds.includes(update.kind)).map(({ momentMs }) => momentMs);
  return { atMs: choose(...moments), status, date: null };
}

function isInvitedAlong(email: string, words: readonly Word[]): boolean {
  return words.some(
    ({ update: { kind, attendees } }) =>
      (kind === 'requested' || kind === 'payment_opened') &&
      attendees.slice(1).some((one) => one.email.toLowerCase() === email),
  );
}

function isPoison(email: string, words: readonly Word[]): boolean {
  return words.some(
    ({ update: { about, attendees } }) =>
      about?.eventType === 'poison' && attendees.some((one) => one.email.toLowerCase() === email),
  );
}

function hasJoined(email: string, own: readonly Word[]): boolean {
  return own.some(
    ({ update: { kind, attendees } }) =>
      (kind === 'agreed' || kind === 'moved') && attendees.some((one) => one.email.toLowerCase() === email),
  );
}

function isBooker(email: string, own: readonly Word[]): boolean {
  const lists = own.filter(({ update: { kind } }) => kind === 'agreed' || kind === 'moved');
  return lists.some(({ update }) => update.attendees[0]?.email.toLowerCase() === email);
}

/** Each rule by which the person was reminded is marked, and no other. */
function checkMarks(
  email: string,
  marks: ReadonlyMap<string, number>,
  settled: readonly Settled[],
  { oracle }: EndContext,
): void {
  const wanted = new Set<string>();
  for (const { kept } of settled) {
    for (const entry of Object.values(kept.ledger)) {
      const address = kept.facts.people[entry.recipient]?.details?.value.email?.toLowerCase();
      if (address === email && entry.attempts.some(({ outcome }) => outcome === 'accepted'))
        wanted.add(entry.rule);
    }
  }
  const missing = [...wanted].filter((rule) => !marks.has(rule));
  if (missing.length > 0)
    oracle.violate(17, `reminders sent to ${email} are not marked: ${missing.join(', ')}`);
}
