// Names made of keyed hashes: nobody can tell from them who or what they name, and the same words always give the same.
import type { Names } from './contribution.ts';
import { type BookingId, bookingId, recipientId } from './ids.ts';
import type { Entropy } from './ports.ts';

export interface KeyedNames extends Names {
  /** Names a quarantined delivery by its bytes. */
  delivery(text: string): string;
  /** What a provider sees of a reminder: the same for every attempt at it. */
  onceKey(reminder: string): string;
  /** Signs the words of a link. */
  link(words: string): string;
  /** Names a booking's event in the calendar: 39 characters of a to v and 0 to 9, which is what calendars take. */
  event(id: BookingId): string;
  /** Tells whether a text is another than the one before, and nothing about it. */
  digest(text: string): string;
  /** The first 12 hex digits: how logs name a booking, since its uid can cancel it. */
  short(id: BookingId): string;
}

export function createNames(source: string, entropy: Entropy, key: string): KeyedNames {
  const hash = (purpose: string, text: string): string => entropy.keyedHash(key, `${purpose}\n${text}`);
  const recipientHash = (email: string): string => hash('recipient', comparable(email));
  return {
    booking: (uid) => bookingId(source, uid),
    bookingWithoutUid: (startAt, email) =>
      bookingId(
        source,
        `at-${hash('booking', `${startAt.epochMilliseconds} ${recipientHash(email)}`).slice(0, 32)}`,
      ),
    recipient: (email) => recipientId(recipientHash(email)),
    delivery: (text) => hash('delivery', text).slice(0, 32),
    onceKey: (reminder) => hash('once', reminder).slice(0, 32),
    link: (words) => hash('link', words).slice(0, 32),
    event: (id) => `precall${hash('event', id).slice(0, 32)}`,
    digest: (text) => hash('digest', text).slice(0, 32),
    short: (id) => hash('short', id).slice(0, 12),
  };
}

/** An address in whatever case, and however an accent is written. */
export function comparable(text: string): string {
  // Composed again after lowering: some letters have a composed form only when they are small.
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}
