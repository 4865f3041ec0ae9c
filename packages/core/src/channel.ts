// By which way a reminder goes: its rule's, or, once that has failed for good, the way the rule falls back to.
import type { Facts } from './facts.ts';
import type { Case } from './gate.ts';
import { type RecipientId, theHost } from './ids.ts';
import { channelOf, isSpent, wasAccepted, wasAcceptedBy } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { isBadNews, type PersonRecord } from './person.ts';
import type { PlannedReminder } from './plan.ts';
import type { Policy, Rule } from './policy.ts';
import type { Channel } from './ports.ts';
import { isBefore } from './temporal.ts';
import { mayBeTextedAt, phoneOf, whyNotTexted } from './texting.ts';
import { contentFor } from './texts.ts';

/** What an address of this kind is, and the id under which is kept what its owner wants; null: there is none. */
export function addressOf(
  facts: Facts,
  recipient: RecipientId,
  channel: Channel,
): { readonly address: string; readonly id: RecipientId } | null {
  if (recipient === theHost) {
    const known = facts.host?.value.address;
    return known ? { address: known.email, id: known.id } : null;
  }
  if (channel === 'mail') {
    const address = facts.people[recipient]?.details?.value.email;
    return address ? { address, id: recipient } : null;
  }
  const phone = phoneOf(facts, recipient);
  return phone && { address: phone.number, id: phone.id };
}

/** Whose records tell whether, and how often, this reminder may be sent: the recipient, and the number it may go to. */
export function whomItConcerns(
  { rule, channel, recipient }: PlannedReminder,
  facts: Facts,
): readonly RecipientId[] {
  const phone = channel === 'sms' || rule.fallback === 'sms' ? phoneOf(facts, recipient) : null;
  const whose = ownId(facts, recipient);
  return phone ? [whose, phone.id] : [whose];
}

/** The id under which is kept what a recipient wants: of the host that of their address. */
export function ownId(facts: Facts, recipient: RecipientId): RecipientId {
  return (recipient === theHost ? facts.host?.value.address?.id : null) ?? recipient;
}

/** What is kept about the address that a channel leads to. */
export function ownerOf(one: Pick<Case, 'person' | 'phone'>, channel: Channel): PersonRecord | null {
  return channel === 'mail' ? one.person : one.phone;
}

/** Whether a message may leave by this channel at this moment, as far as hours go. */
export function isOpen(
  channel: Channel,
  { reminder: { recipient }, facts, policy, now }: Pick<Case, 'reminder' | 'facts' | 'policy' | 'now'>,
): boolean {
  return channel === 'mail' || mayBeTextedAt(now, { facts, recipient, quiet: policy.smsQuietHours });
}

/** The hours in which nothing falls due. */
export function quietHoursOf(channel: Channel, policy: Policy): Policy['quietHours'] {
  return channel === 'mail' ? policy.quietHours : policy.smsQuietHours;
}

/** The words of a rule for a channel. */
export function wordsOf(
  { rule, recipient }: { readonly rule: Rule; readonly recipient: RecipientId },
  channel: Channel,
  policy: Pick<Policy, 'content' | 'textContent'>,
): Policy['content'] | Policy['textContent'] {
  return channel === 'mail' ? contentFor(rule, recipient, policy) : (rule.textContent ?? policy.textContent);
}

/** By which way the next attempt goes; null: what was asked for is settled. `wanted`: nothing speaks against the reminder as such. */
export function channelNow(one: Case, wanted: boolean): Channel | null {
  const { reminder, entry, person } = one;
  const { channel: first, rule } = reminder;
  const second = rule.fallback === first ? undefined : rule.fallback;
  if (second && entry?.attempts.some((attempt) => channelOf(attempt) === second)) {
    return entry.final || wasAcceptedBy(entry, second) ? null : second;
  }
  const settled = Boolean(entry && (entry.final || wasAccepted(entry)));
  const failed = settled ? entry !== null && cameToNothing(entry) : isBadNews(person?.suppressed?.why);
  if (second && wanted && failed && mayGo(one, second)) return second;
  return settled ? null : first;
}

/** The mail was refused for good, or came back. */
function cameToNothing({ final, attempts }: LedgerEntry): boolean {
  return (
    final?.reason === 'mailer_rejected' ||
    (final === null &&
      attempts.some(({ outcome, delivery }) => outcome === 'accepted' && isBadNews(delivery)))
  );
}

function mayGo(one: Case, channel: Channel): boolean {
  const { reminder, facts, entry, phone, now } = one;
  return (
    whyNotTexted(facts, reminder.recipient) === null &&
    !phone?.suppressed &&
    isBefore(now, reminder.usefulUntil) &&
    isOpen(channel, one) &&
    !(entry && isSpent(entry))
  );
}
