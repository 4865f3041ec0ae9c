// A booking as the Cal.com of a test has it in its database.
import type { Instant } from '@precall/core';

/** Somebody who comes to a booking. */
export interface CalcomPerson {
  readonly email: string;
  readonly name: string;
  readonly timeZone: string;
  /** Of a seat. */
  readonly seatUid: string | null;
}
/** A booking as the Cal.com of a test has it in its database. */
export interface CalcomBooking {
  readonly id: number;
  readonly uid: string;
  readonly status: 'accepted' | 'pending' | 'cancelled' | 'rejected';
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly people: readonly CalcomPerson[];
  readonly seats: number | null;
  /** Names the series it belongs to. */
  readonly series: string | null;
  readonly location: string;
  readonly cancelledBy: string | null;
  readonly movedFrom: string | null;
  readonly movedTo: string | null;
}

export const calcomHost = { id: 1, name: 'Jane Doe', email: 'jane@example.org', timeZone: 'Europe/Vienna' };
