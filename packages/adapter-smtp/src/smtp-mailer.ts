// Mailer on any SMTP server, by a pool of connections.
import {
  type Clock,
  Err,
  type Instant,
  type Mailer,
  Ok,
  type PortResult,
  type SchemaFault,
  Temporal,
} from '@precall/core';
import { createTransport } from 'nodemailer';
import { isPlainAddress, mailData, type Sender } from './mail.ts';
import { toPortError } from './outcome.ts';
import { faultOf } from './set-up.ts';
import { readSmtpUrl, type SmtpServer } from './smtp-url.ts';

/** The server, the sender, and how many connections. */
export interface SmtpMailerOptions {
  /** See `readSmtpUrl`: `smtps://user:password@host`, or `smtp://` with STARTTLS. */
  readonly url: string;
  readonly from: Sender;
  readonly clock: Clock;
  /** Connections at once; 5 unless said otherwise. */
  readonly maxConnections?: number;
  /** PEM of the authorities that vouch for the server, in place of the usual ones. */
  readonly ca?: string;
}

/** Mailer on an SMTP server. Ok means that the server took the message; nothing tells what became of it. */
export interface SmtpMailer extends Mailer {
  /** Connects and logs in. What keeps the server from taking our mail, with its cure. */
  describe(): PortResult<readonly SchemaFault[]>;
  /** Refuses what comes after, waits for what is under way (until its deadline at most), closes the connections. */
  close(): Promise<void>;
}

/** Each step of connecting; above the time that the core gives a send, so that it is the deadline that ends one. */
const stepMs = 15_000;
/** Longer idle connections are closed by us, before the server does it in the middle of a message. */
const idleMs = 30_000;
const describeTimeout = Temporal.Duration.from({ seconds: 10 });

/**
 * Its doubt is `silent`: SMTP tells nothing after its reply. Throws for options that cannot be right, naming the option
 * and how to mend it.
 */
export function createSmtpMailer({
  url,
  from,
  clock,
  maxConnections = 5,
  ca,
}: SmtpMailerOptions): SmtpMailer {
  if (!isPlainAddress(from.email)) {
    throw new Error(
      'from.email is no address; give one such as calls@example.com, and its name as from.name.',
    );
  }
  const transport = createTransport({ pool: true, ...poolOptions(readSmtpUrl(url), ca), maxConnections });
  const handedOver = new WeakSet<AbortSignal>();
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  // nodemailer's errors do not tell whether the final dot was written. The message is read to its end just before that,
  // and only once the server has asked for it.
  transport.use('stream', ({ data, message }, done) => {
    message.processFunc((stream) => stream.once('end', () => data.signal && handedOver.add(data.signal)));
    done();
  });

  function untilDeadline<T>(deadline: Instant, run: (signal: AbortSignal) => PortResult<T>): PortResult<T> {
    if (isClosed) return refuse('The mailer was closed.');
    if (clock.now().epochMilliseconds >= deadline.epochMilliseconds) {
      return refuse('The deadline had passed before anything was sent.');
    }
    const giveUp = new AbortController();
    const cancel = clock.at(deadline, () => giveUp.abort());
    const { signal } = giveUp;
    const answer = run(signal)
      .catch((cause: unknown) => Err(toPortError(cause, { wasHandedOver: handedOver.has(signal) })))
      .finally(() => {
        cancel();
        running.delete(answer);
      });
    running.add(answer);
    return answer;
  }

  return {
    doubt: 'silent',
    send(message, { deadline, ...call }) {
      if (!isPlainAddress(message.to)) {
        return Promise.resolve(
          Err({ kind: 'rejected', reason: 'The address is none that mail can be sent to.' }),
        );
      }
      return untilDeadline(deadline, async (signal) => {
        const data = mailData(message, { ...call, from, at: clock.now() });
        const { messageId } = await transport.sendMail({ ...data, signal });
        return Ok({ messageId });
      });
    },
    describe() {
      return untilDeadline(clock.now().add(describeTimeout), async (signal) => {
        const aborted = new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject({ code: 'EABORT' }));
        });
        return Promise.race([transport.verify(), aborted]).then(() => Ok([]), faultOf);
      });
    },
    async close() {
      isClosed = true;
      await Promise.all(running);
      transport.close();
    },
  };
}

function poolOptions({ host, port, user, password, tls }: SmtpServer, ca: string | undefined) {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...((user !== '' || password !== '') && { auth: { user, pass: password } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: 2 * idleMs,
    socketCloseTimeout: 1_000,
    idleTimeout: idleMs,
    // once more where a connection was closed before a byte of the message was sent; never after
    maxRequeues: 1,
    // texts only: nothing in a message is ever taken for a path or an address to fetch
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const;
}

function refuse(reason: string): PortResult<never> {
  return Promise.resolve(Err({ kind: 'unavailable', reason }));
}
