// How the CRM's properties are called and what is written into them.
import { type Duration, Temporal } from './temporal.ts';

/** Property and value names in the CRM. A property set to null is not written. */
export interface Projection {
  /** The campaign whose membership is looked up; null: none. */
  readonly campaign: string | null;
  /**
   * IANA zone in which the date of the call is read: a call at 01:00 UTC on the 4th is one of the 3rd in America/Toronto. Null:
   * the organizer's zone as the booking says it, else UTC. Never the recipient's.
   */
  readonly timeZone: string | null;
  readonly properties: {
    readonly status: string | null;
    readonly callDate: string | null;
    readonly campaignStatus: string | null;
    /** Shows that the person said they will be there: a date, a checkbox, or a choice if `values.confirmed` says which. */
    readonly confirmed: string | null;
    /** Never written: what stands there is the person's segment, by which rules and words may differ. Null: there are none. */
    readonly segment: string | null;
    /**
     * Never written: a tick, or the text `yes` or `true`, says that the person may be texted; taken away later, that they may
     * not any more. Null: the CRM is not asked.
     */
    readonly smsConsent: string | null;
  };
  readonly values: {
    readonly booked: string;
    readonly notBooked: string;
    readonly preCall: string;
    /** Null: the moment at which they said it is written. */
    readonly confirmed: string | null;
    /** The status of somebody who did not come; null: it is left as it is. */
    readonly noShow: string | null;
    /** The status after a call that was held; null: it is left as it is. */
    readonly completed: string | null;
  };
  /**
   * How long after its end a call counts as held, where nobody said before that they came: so that nothing in the CRM
   * starts on a call of which it is about to be said that they did not.
   */
  readonly completedAfter: Duration;
}

/** The first owner's databases. */
export const defaultProjection: Projection = {
  campaign: 'Christmas 2025',
  timeZone: null,
  properties: {
    status: 'Booking Status',
    callDate: 'Diagnostic Call Date',
    campaignStatus: 'Christmas Campaign Status',
    confirmed: null,
    segment: null,
    smsConsent: null,
  },
  values: {
    booked: 'Booked',
    notBooked: 'Not Booked',
    preCall: 'Pre-Call Prep',
    confirmed: null,
    noShow: 'No-Show',
    completed: 'Completed',
  },
  completedAfter: Temporal.Duration.from({ hours: 1 }),
};
