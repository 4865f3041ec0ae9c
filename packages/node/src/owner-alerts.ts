// A mail to the owner when a person should look: one for a kind of trouble, then none of that kind for hours.
import {
  attemptId,
  type Clock,
  html,
  htmlText,
  type Mailer,
  type Message,
  type PortError,
  Temporal,
  type Trouble,
} from '@precall/core';
import { createSystemEntropy } from './system-entropy.ts';

/** Whom to tell of trouble, and by which mailer. */
export interface OwnerAlertsOptions {
  /** The owner's address. */
  readonly to: string;
  /** The one that sends the reminders will do: an alert is no reminder, and no record knows of it. */
  readonly mailer: Pick<Mailer, 'send'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Where the owner can look, said in the mail; null: in the log only. */
  readonly page: string | null;
  /** For the log: a mail that did not go out, or may not have. Nobody tries again before the next trouble. */
  readonly onUnsent: (kind: Trouble['kind'], error: PortError) => void;
}

/** Of one kind of trouble: until when no mail goes out, and how often it came since the last one. */
interface Told {
  readonly quietUntil: Temporal.Instant;
  readonly untold: number;
}

const quiet = Temporal.Duration.from({ hours: 6 });
/** After a mail that certainly did not go out. */
const quietUnsent = Temporal.Duration.from({ minutes: 10 });
const giveUpAfter = Temporal.Duration.from({ seconds: 20 });

/**
 * What is returned takes every trouble, as `onTrouble` has them. The first of a kind is mailed at once, the next of that
 * kind after six hours at the earliest, with the number of those between. What was mailed is known to this process only.
 * Nobody waits for the mail, and it holds what a Trouble holds: no personal data.
 */
export function createOwnerAlerts(options: OwnerAlertsOptions): (trouble: Trouble) => void {
  const { to, mailer, clock, page, onUnsent } = options;
  const entropy = createSystemEntropy();
  const toldByKind = new Map<Trouble['kind'], Told>();

  return (trouble) => {
    const now = clock.now();
    const told = toldByKind.get(trouble.kind) ?? { quietUntil: now, untold: 0 };
    if (Temporal.Instant.compare(now, told.quietUntil) < 0) {
      toldByKind.set(trouble.kind, { ...told, untold: told.untold + 1 });
      return;
    }
    // Before the mailer answers: a hundred may come at once.
    toldByKind.set(trouble.kind, { quietUntil: now.add(quiet), untold: 0 });
    void mail(trouble, told.untold);
  };

  async function mail(trouble: Trouble, untold: number): Promise<void> {
    const calledAt = clock.now();
    const sent = await mailer.send(messageOf(trouble, { to, page, untold }), {
      attemptId: attemptId(entropy.id()),
      onceKey: entropy.id(),
      deadline: calledAt.add(giveUpAfter),
    });
    if (sent.isOk()) return;
    if (sent.error.kind === 'unavailable') {
      const since = toldByKind.get(trouble.kind)?.untold ?? 0;
      toldByKind.set(trouble.kind, {
        quietUntil: calledAt.add(quietUnsent),
        untold: untold + since + 1,
      });
    }
    onUnsent(trouble.kind, sent.error);
  }
}

function messageOf(
  { kind, booking, other, sentence }: Trouble,
  { to, page, untold }: { readonly to: string; readonly page: string | null; readonly untold: number },
): Message {
  const lines = [
    sentence,
    ...namedIn(booking, other),
    ...(untold === 0 ? [] : [`Of this kind ${untold} more since the last mail.`]),
    `More: ${page ?? 'in the log'}. For six hours no further mail about this kind (${kind}).`,
  ];
  return {
    to,
    toName: null,
    subject: `Precall: ${subjects[kind]}`,
    text: lines.map((line) => `${line}\n`).join(''),
    html: htmlText(html`${lines.map((line) => html`<p>${line}</p>`)}`),
  };
}

/** As in the log; the operator's search finds a booking by it. */
function namedIn(booking: string | null, other: string | undefined): readonly string[] {
  if (booking === null) return [];
  const named = other === undefined ? `The booking: ${booking}` : `The bookings: ${booking} and ${other}`;
  return [`${named}, as in the log and for the operator's search.`];
}

const subjects: { readonly [K in Trouble['kind']]: string } = {
  reminder_missed: 'a reminder was missed',
  reminder_refused: 'a reminder was refused',
  reminder_unknown: 'nobody knows whether a reminder arrived',
  mailer_refuses_us: 'the mailer refuses us',
  crm_refused: 'the CRM refuses us',
  calendar_refused: 'the calendar refuses us',
  crm_away: 'the CRM takes nothing',
  calendar_away: 'the calendar takes nothing',
  contact_not_found: 'somebody who booked is not in the CRM',
  possible_duplicate: 'two bookings may be one',
  quarantined: 'a webhook was not understood',
  record_failed: 'a record cannot be worked on',
  source_away: 'the booking source cannot be asked',
  text_unusable: 'a text of yours cannot be used',
  webhooks_silent: 'no webhook for unusually long',
  bad_signatures: 'webhooks are wrongly signed',
  reminders_late: 'reminders are late',
};
