// How the CRM's properties are called and what is written into them.

/** Property and value names in the CRM. A property set to null is not written. */
export interface Projection {
  /** The campaign whose membership is looked up; null: none. */
  readonly campaign: string | null;
  /** IANA zone of the date written; null: the organizer's, else UTC. */
  readonly timeZone: string | null;
  readonly properties: {
    readonly status: string | null;
    readonly callDate: string | null;
    readonly campaignStatus: string | null;
    /** Shows that the person said they will be there: a date, a checkbox, or a choice if `values.confirmed` says which. */
    readonly confirmed: string | null;
  };
  readonly values: {
    readonly booked: string;
    readonly notBooked: string;
    readonly preCall: string;
    /** Null: the moment at which they said it is written. */
    readonly confirmed: string | null;
  };
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
  },
  values: { booked: 'Booked', notBooked: 'Not Booked', preCall: 'Pre-Call Prep', confirmed: null },
};
