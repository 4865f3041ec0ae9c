// SendGrid's signed event webhook, from SendGrid's side: a key pair, events in the documented form, and the post.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { SendgridMail } from './sendgrid-mail.ts';

/** One event, in the documented form. */
export interface SendgridEvent {
  readonly email: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** SendGrid's side of its event webhook. */
export interface SendgridEvents {
  /** Base64 of SPKI, as SendGrid shows it. */
  readonly publicKey: string;
  /**
   * What SendGrid would post about that mail, such as `delivered`; custom arguments stand among its own fields. `fields`
   * is for `reason`, `type` and the like.
   */
  eventAbout(mail: SendgridMail, event: string, fields?: { readonly [name: string]: unknown }): SendgridEvent;
  /** The two headers that sign these bytes; `timestamp` in seconds, now unless said otherwise. */
  sign(body: string | Uint8Array, timestamp?: string): { readonly [name: string]: string };
  /** Posts them together, signed; the status of the answer. */
  postEvents(url: string, events: readonly SendgridEvent[]): Promise<number>;
}

export function createSendgridEvents(): SendgridEvents {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  function signed(
    body: string | Uint8Array,
    timestamp = String(nowSeconds()),
  ): { readonly [name: string]: string } {
    const bytes = Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]);
    return {
      'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', bytes, privateKey).toString('base64'),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    };
  }

  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    eventAbout,
    sign: signed,
    async postEvents(url, events) {
      // as SendGrid does: a line for each event, and a line break at the end that is signed too
      const body = `[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`;
      const headers = { 'content-type': 'application/json', ...signed(body) };
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
      await answer.body?.cancel();
      return answer.status;
    },
  };
}

function eventAbout(
  { to, customArgs, messageId }: SendgridMail,
  event: string,
  fields: { readonly [name: string]: unknown } = {},
): SendgridEvent {
  return {
    ...customArgs,
    email: to,
    timestamp: nowSeconds(),
    event,
    'smtp-id': `<${messageId}@geopod-ismtpd-0>`,
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${messageId}.recvd-stand-in-0.0`,
    ...ownFields[event],
    ...fields,
  };
}

/** An event's own fields, where it always has some. A deferred one counts its tries under `attempt`. */
const ownFields: { readonly [event: string]: { readonly [name: string]: unknown } } = {
  deferred: { response: '400 try again later', attempt: '5' },
  delivered: { response: '250 OK' },
  bounce: { type: 'bounce', status: '5.0.0', reason: '500 unknown recipient' },
  dropped: { status: '5.0.0', reason: 'Bounced Address' },
};

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
