// A real SMTP server in this process that keeps what it accepts.
import { readFileSync } from 'node:fs';
import type { CalendarFile } from '@precall/core';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { readMime } from './read-mime.ts';

export interface KeptMail {
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  readonly user: string | null;
  readonly isSecure: boolean;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly html: string;
  readonly calendar?: CalendarFile;
}

export interface SmtpInbox {
  readonly port: number;
  readonly mails: readonly KeptMail[];
  /** How many messages have come to their end, taken or not. */
  readonly received: number;
  /** How many connections were opened so far. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  stop(): Promise<void>;
}

export const certificate = readFileSync(new URL('fixtures/localhost.crt', import.meta.url), 'utf8');
const key = readFileSync(new URL('fixtures/localhost.key', import.meta.url), 'utf8');

/** `accept` may say why not, or never answer. */
export async function startSmtpInbox({
  accept = async () => null,
  ...options
}: SMTPServerOptions & { readonly accept?: () => Promise<Error | null> } = {}): Promise<SmtpInbox> {
  const mails: KeptMail[] = [];
  let connections = 0;
  let open = 0;
  let received = 0;
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    key,
    cert: certificate,
    closeTimeout: 200,
    onConnect(_session, done) {
      connections += 1;
      open += 1;
      done();
    },
    onClose() {
      open -= 1;
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received += 1;
        void accept().then((refusal) => {
          if (refusal) return done(refusal);
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            envelopeFrom: mailFrom ? mailFrom.address : '',
            envelopeTo: rcptTo.map(({ address }) => address),
            user: typeof session.user === 'string' ? session.user : null,
            isSecure: session.secure,
            ...readMime(Buffer.concat(chunks)),
          });
          done();
        });
      });
    },
    ...options,
  });
  server.on('error', () => {}); // a client that hangs up
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    get received() {
      return received;
    },
    get open() {
      return open;
    },
    get connections() {
      return connections;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A refusal with that reply. */
export function refusal(responseCode: number): Error {
  return Object.assign(new Error('no'), { responseCode });
}
