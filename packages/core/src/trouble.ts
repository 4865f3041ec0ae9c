// When a person should look.

/** No personal data in it: a booking is named by a short hash, the same in every log line, by which the operator's search finds it. */
export interface Trouble {
  readonly kind:
    | 'reminder_missed'
    | 'reminder_refused'
    | 'reminder_unknown'
    | 'mailer_refuses_us'
    | 'crm_refused'
    | 'calendar_refused'
    /** It has taken nothing of a write for half an hour: it is down, or does not let us in. */
    | 'crm_away'
    | 'calendar_away'
    /** Somebody who booked is not in it, nor was after an hour and more. */
    | 'contact_not_found'
    | 'possible_duplicate'
    | 'quarantined'
    | 'record_failed'
    /** Its API does not answer, or answers what is not understood. */
    | 'source_away'
    /** A text of one's own cannot be used, or they cannot be read: the default words are sent, or those read before. */
    | 'text_unusable'
    | 'webhooks_silent'
    | 'bad_signatures'
    | 'reminders_late';
  /** The booking's short hash, where it is about one. */
  readonly booking: string | null;
  /** The other booking's short hash, where it is about two. */
  readonly other?: string;
  /** A sentence for the operator. */
  readonly sentence: string;
}
