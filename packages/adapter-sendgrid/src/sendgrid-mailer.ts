// Mailer on SendGrid's v3 API.
import {
  type Clock,
  Err,
  type Instant,
  isToken,
  type Mailer,
  type PortError,
  type PortResult,
  type SchemaFault,
  Temporal,
} from '@precall/core';
import { createDeliveryEvents, type SendgridEvents } from './delivery-events.ts';
import { mailData, type Sender, sendMail } from './mail.ts';
import { outcomeOf } from './outcome.ts';
import { findFaults } from './set-up.ts';
import { createTransport, NoAnswer } from './transport.ts';

/** The account, the sender, and where SendGrid is. */
export interface SendgridMailerOptions {
  readonly apiKey: string;
  /** A verified sender, or an address of an authenticated domain. */
  readonly from: Sender;
  readonly clock: Clock;
  /** Where the account's data stays; `global` unless said otherwise. */
  readonly region?: 'global' | 'eu';
  /** Instead of SendGrid's own address. Plain http only to this machine: the key goes along. */
  readonly baseUrl?: string | null;
  /** Messages are checked by SendGrid and go to nobody. */
  readonly sandbox?: boolean;
  /** The verification key of the signed event webhook, base64 as SendGrid shows it. Turns `events` on. */
  readonly eventsPublicKey?: string | null;
}

/**
 * Mailer on SendGrid. Ok means that SendGrid took the message; what became of it comes as delivery events.
 */
export interface SendgridMailer extends Mailer {
  readonly events?: SendgridEvents;
  /** What keeps the account from sending, as far as the key may see it: what the key may do, and the sender. */
  describe(): PortResult<readonly SchemaFault[]>;
  /** Refuses what comes after, waits for what is under way (until its deadline at most), closes the connections. */
  close(): Promise<void>;
}

const describeTimeout = Temporal.Duration.from({ seconds: 10 });

/**
 * Its doubt is `reported` where delivery events are on, else `silent`: SendGrid knows no key against doubles. Throws for
 * options that cannot be right, naming the option and how to mend it.
 */
export function createSendgridMailer(options: SendgridMailerOptions): SendgridMailer {
  const { apiKey, from, clock, sandbox = false, eventsPublicKey = null } = options;
  checkSender(from);
  if (!isToken(apiKey)) throw new Error('apiKey is no key of SendGrid; give one such as SG.xxxx.yyyy.');
  const transport = createTransport({ baseUrl: baseUrlOf(options), apiKey, clock });
  const events = eventsPublicKey === null ? null : createDeliveryEvents(eventsPublicKey);
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  function whileOpen<T>(deadline: Instant, run: () => PortResult<T>): PortResult<T> {
    if (isClosed) return refuse('The mailer was closed.');
    if (clock.now().epochMilliseconds >= deadline.epochMilliseconds) {
      return refuse('The deadline had passed before anything was sent.');
    }
    const answer = run().catch((cause: unknown) => Err(toPortError(cause)));
    running.add(answer);
    return answer.finally(() => running.delete(answer));
  }

  return {
    doubt: events ? 'reported' : 'silent',
    send(message, { attemptId, deadline }) {
      return whileOpen(deadline, async () => {
        const answer = await sendMail(mailData(message, { attemptId, from, sandbox }), (path, body) =>
          transport.request({ method: 'POST', path, body, deadline }),
        );
        return outcomeOf(answer, { now: clock.now, sandbox });
      });
    },
    ...(events && { events }),
    describe() {
      const deadline = clock.now().add(describeTimeout);
      return whileOpen(deadline, () =>
        findFaults(from, (path) => transport.request({ method: 'GET', path, deadline })),
      );
    },
    async close() {
      isClosed = true;
      await Promise.all(running);
      transport.close();
    },
  };
}

function refuse(reason: string): PortResult<never> {
  return Promise.resolve(Err({ kind: 'unavailable', reason }));
}

/** Without the cause's own words: those of the package may repeat what it was given. */
function toPortError(cause: unknown): PortError {
  if (!(cause instanceof NoAnswer))
    return { kind: 'rejected', reason: 'No mail could be made of the message.' };
  return cause.mayBeDone
    ? { kind: 'unknown', reason: `SendGrid did not answer: ${cause.message}.` }
    : { kind: 'unavailable', reason: `SendGrid was not reached: ${cause.message}.` };
}

function baseUrlOf({ region, baseUrl = null }: SendgridMailerOptions): string {
  if (baseUrl === null) return region === 'eu' ? 'https://api.eu.sendgrid.com' : 'https://api.sendgrid.com';
  if (region !== undefined)
    throw new Error('region and baseUrl exclude each other; leave out one of the two.');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (
    !url ||
    (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) ||
    url.search ||
    url.hash
  ) {
    throw new Error(
      'baseUrl is no address that the key may be sent to; give one that begins with https:// (http:// for this machine only).',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function checkSender({ email }: Sender): void {
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(email)) {
    throw new Error(
      'from.email is no address; give one such as calls@example.com, and its name as from.name.',
    );
  }
}
