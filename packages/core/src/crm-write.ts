// One person's write to the CRM: find the contact, compare what is wanted with what was last written, write the rest.
import type { BookingRecord } from './booking-record.ts';
import type { CrmCalls } from './crm-patience.ts';
import { type Doubles, doublesAmong } from './crm-troubles.ts';
import type { RecipientId } from './ids.ts';
import type { WriteOutcome } from './keep-true.ts';
import type { ContactRead } from './note-read.ts';
import type { PersonRecord, Sought } from './person.ts';
import type { Clock, Fields } from './ports.ts';
import { changedFields, desiredFields, sentSteps, textOf } from './projection.ts';
import type { Projection } from './projection-settings.ts';
import { after, type Duration, type Instant, isBefore, Temporal } from './temporal.ts';
import { within } from './within.ts';

/** A call that takes longer is given up; doing it again is harmless. */
const callTimeout = Temporal.Duration.from({ seconds: 20 });
/** A form or a person often makes the contact soon after the booking: it is sought again so long after each look. */
const soughtAgainAfter: readonly Duration[] = [1, 10, 60].map((minutes) =>
  Temporal.Duration.from({ minutes }),
);
/** Marks written at one go; the rest follow at the next, so that a write ends well within its lease. */
const marksAtOnce = 3;

export interface CrmWriter {
  readonly crm: CrmCalls;
  readonly clock: Clock;
  readonly settings: Projection;
}

/** What a write learnt and did; to be put over the person's record as it is by then. */
export interface CrmOutcome extends WriteOutcome {
  readonly contact: PersonRecord['contact'];
  readonly membership: PersonRecord['membership'];
  /** Null: the contact is there. */
  readonly sought: Sought | null;
  readonly doubles: Doubles;
  /** Properties written now. */
  readonly wrote: Fields;
  /** Properties of which it is not known whether they were written now. */
  readonly doubtful: readonly string[];
  /** Rules marked now. */
  readonly marked: readonly string[];
  /** What the contact says, if it was read. */
  readonly read?: ContactRead;
}

export async function writePerson(
  { crm, clock, settings }: CrmWriter,
  {
    id,
    person,
    bookings,
  }: { readonly id: RecipientId; readonly person: PersonRecord; readonly bookings: readonly BookingRecord[] },
): Promise<CrmOutcome> {
  const limits = { clock, limit: callTimeout, who: 'the CRM' };
  const wanted = desiredFields(id, bookings, { settings, now: clock.now() });
  const steps = sentSteps(id, bookings).filter(({ rule }) => !person.marked.includes(rule));
  const email = addressOf(id, bookings);
  let outcome: CrmOutcome = {
    contact: person.contact,
    membership: person.membership,
    sought: person.sought ?? null,
    doubles: doublesAmong(bookings, { id, now: clock.now() }),
    wrote: {},
    doubtful: [],
    marked: [],
    more: false,
    error: null,
  };
  if (email === null || (Object.keys(wanted).length === 0 && steps.length === 0)) return outcome;

  if (outcome.contact.state !== 'found') {
    const found = await within(limits, crm.findContact(email));
    if (found.isErr()) return { ...outcome, error: found.error };
    const states = { one: 'found', none: 'not_found', many: 'ambiguous' } as const;
    outcome = {
      ...outcome,
      contact:
        found.value.kind === 'one'
          ? { state: 'found', ref: found.value.ref }
          : { state: states[found.value.kind] },
      ...(found.value.kind === 'none' ? soughtInVain(person, clock.now()) : { sought: null }),
    };
  }
  const { contact } = outcome;
  if (contact.state !== 'found') return outcome;
  if (settings.campaign !== null && outcome.membership.state !== 'member') {
    const found = await within(limits, crm.findMembership(email, settings.campaign));
    if (found.isErr()) return { ...outcome, error: found.error };
    const states = { one: 'member', none: 'not_a_member', many: 'ambiguous' } as const;
    outcome = {
      ...outcome,
      membership:
        found.value.kind === 'one'
          ? { state: 'member', ref: found.value.ref }
          : { state: states[found.value.kind] },
    };
  }
  const changed = changedFields(wanted, person.written);
  const { ref } = contact;
  if (Object.keys(changed).length > 0) {
    const updated = await within(limits, crm.update(ref, changed));
    // A refused contact may have been replaced by another: it is looked for again the next time.
    if (updated.isErr()) {
      const doubtful = updated.error.kind === 'unknown' ? Object.keys(changed) : [];
      return { ...outcome, contact: { state: 'pending' }, doubtful, error: updated.error };
    }
    outcome = { ...outcome, wrote: changed };
  }
  const { membership } = outcome;
  if (membership.state === 'member') {
    for (const { rule, sentAt } of steps.slice(0, marksAtOnce)) {
      const marked = await within(limits, crm.recordSent(membership.ref, rule, sentAt));
      if (marked.isErr()) return { ...outcome, membership: { state: 'pending' }, error: marked.error };
      outcome = { ...outcome, marked: [...outcome.marked, rule] };
    }
    outcome = { ...outcome, more: steps.length > marksAtOnce };
  }
  const { segment, smsConsent } = settings.properties;
  const names = [segment, smsConsent].filter((name) => name !== null);
  if (names.length === 0 || !crm.read) return outcome;
  // Last: a property that is not there must hold up nothing else.
  const found = await within(limits, crm.read(ref, names));
  if (found.isErr()) return { ...outcome, contact: { state: 'pending' }, error: found.error };
  const textIn = (name: string) => found.value[name] ?? null;
  const read = {
    ...(segment !== null && { segment: textIn(segment) }),
    ...(smsConsent !== null && { consent: { property: smsConsent, given: isYes(textIn(smsConsent)) } }),
  };
  return { ...outcome, read };
}

/** What changed meanwhile begins the looks anew; of one that is not there a person is told once. */
function soughtInVain(
  { sought, wanted, seen }: PersonRecord,
  now: Instant,
): Pick<CrmOutcome, 'sought' | 'againAt'> {
  const before = wanted > seen ? 0 : (sought?.times ?? 0);
  const wait = soughtAgainAfter[before];
  return {
    sought: { times: before + 1, told: (sought?.told ?? false) || !wait },
    ...(wait && { againAt: after(now, wait) }),
  };
}

function isYes(text: string | null): boolean {
  return text !== null && /^(?:true|yes)$/i.test(text.trim());
}

/** The person's record with an outcome put over it. */
export function withOutcome(person: PersonRecord, outcome: CrmOutcome): PersonRecord {
  const wrote = Object.entries(outcome.wrote).map(([property, value]) => [property, textOf(value)] as const);
  const sure = Object.entries(person.written).filter(([property]) => !outcome.doubtful.includes(property));
  const { sought: _, doubles: __, ...known } = person;
  const doubles = outcome.doubles.flat();
  return {
    ...known,
    ...(outcome.sought && { sought: outcome.sought }),
    ...(doubles.length > 0 && { doubles }),
    contact: outcome.contact,
    membership: outcome.membership,
    written: Object.fromEntries([...sure, ...wrote]),
    marked: [...new Set([...person.marked, ...outcome.marked])],
  };
}

/** The newest address that was said and not erased, of one that takes mail. */
function addressOf(id: RecipientId, bookings: readonly BookingRecord[]): string | null {
  let newest: { readonly email: string; readonly saidAt: Instant | null } | null = null;
  for (const { facts } of bookings) {
    const details = facts.people[id]?.details;
    if (!details?.value.email || !details.value.mailable) continue;
    const { saidAt } = details.stamp;
    if (!newest?.saidAt || (saidAt && isBefore(newest.saidAt, saidAt)))
      newest = { email: details.value.email, saidAt };
  }
  return newest?.email ?? null;
}
