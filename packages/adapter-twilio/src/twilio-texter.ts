// Texter on Twilio's Messages resource, over fetch: one POST of a form.
import {
  type Clock,
  Err,
  isToken,
  Ok,
  type PortResult,
  type SchemaFault,
  type SendCall,
  type Texter,
} from '@precall/core';
import { createDeliveryEvents } from './delivery-events.ts';
import { outcomeOf, withoutAnswer } from './outcome.ts';

/** What `createTwilioTexter` needs. */
export interface TwilioTexterOptions {
  /** `AC` and 32 hex digits. */
  readonly accountSid: string;
  readonly authToken: string;
  /** `MG` and 32 hex digits: it chooses the number, and answers STOP. */
  readonly messagingServiceSid: string;
  readonly clock: Clock;
  /**
   * The public address at which Twilio's posts reach Precall, such as `https://calls.example.com/webhook/twilio`. Turns
   * `events` on. Set it in the messaging service too, for messages that come in.
   */
  readonly callbackUrl?: string | null;
  /** Instead of Twilio's own address. Plain http only to this machine: the token goes along. */
  readonly baseUrl?: string | null;
  /** Instead of the runtime's own. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A Texter that can say what is wrong with its account. */
export interface TwilioTexter extends Texter {
  /** What keeps the account from sending. Sends nothing. */
  describe(): PortResult<readonly SchemaFault[]>;
  /** Refuses what comes after, and waits for what is under way. */
  close(): Promise<void>;
}

/**
 * Its doubt is `reported` where there is a `callbackUrl`, else `silent`: Twilio knows no key against doubles. Throws for
 * options that cannot be right, naming the option and how to mend it, never the token.
 */
export function createTwilioTexter(options: TwilioTexterOptions): TwilioTexter {
  const { accountSid, authToken, messagingServiceSid, clock, callbackUrl = null } = options;
  const { fetch = globalThis.fetch } = options;
  checkOptions(options);
  const baseUrl = baseUrlOf(options.baseUrl ?? 'https://api.twilio.com');
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const messages = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  async function ask(url: string, call: Pick<SendCall, 'deadline'>, form?: URLSearchParams): Promise<Asked> {
    const left = call.deadline.epochMilliseconds - clock.now().epochMilliseconds;
    const waiting = new AbortController();
    const stopWaiting = clock.at(call.deadline, () => waiting.abort());
    try {
      if (left <= 0)
        return Err({ kind: 'unavailable', reason: 'The deadline had passed before anything was sent.' });
      const response = await fetch(url, {
        method: form ? 'POST' : 'GET',
        headers: { authorization, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
        ...(form && { body: form.toString() }),
        redirect: 'manual',
        signal: waiting.signal,
      });
      return Ok({ status: response.status, headers: response.headers, body: await response.text() });
    } catch (cause) {
      return Err(withoutAnswer(cause));
    } finally {
      stopWaiting();
    }
  }

  function whileOpen<T>(run: () => PortResult<T>): PortResult<T> {
    if (isClosed) return Promise.resolve(Err({ kind: 'unavailable', reason: 'The texter was closed.' }));
    const answer = run();
    running.add(answer);
    return answer.finally(() => running.delete(answer));
  }

  return {
    doubt: callbackUrl === null ? 'silent' : 'reported',
    send: (message, call) =>
      whileOpen(async () => {
        const form = new URLSearchParams({
          To: message.to,
          MessagingServiceSid: messagingServiceSid,
          Body: message.text,
          ...(callbackUrl !== null && { StatusCallback: `${callbackUrl}?attempt=${call.attemptId}` }),
        });
        const asked = await ask(messages, call, form);
        return asked.andThen(({ status, headers, body }) => outcomeOf(status, body, headers));
      }),
    describe: () =>
      whileOpen(async () => {
        const deadline = clock.now().add({ seconds: 10 });
        const asked = await ask(`${baseUrl}/2010-04-01/Accounts/${accountSid}.json`, { deadline });
        return asked.andThen(({ status }) => {
          if (status === 200) return Ok([]);
          const isRefused = status === 401 || status === 403 || status === 404;
          return isRefused
            ? Ok([accountFault(status)])
            : Err({ kind: 'unavailable' as const, reason: `Twilio answered ${status}.` });
        });
      }),
    async close() {
      isClosed = true;
      await Promise.allSettled(running);
    },
    ...(callbackUrl !== null && {
      events: createDeliveryEvents({ accountSid, authToken, url: callbackUrl }),
    }),
  };
}

type Asked = Awaited<
  PortResult<{ readonly status: number; readonly headers: Headers; readonly body: string }>
>;
type Headers = globalThis.Response['headers'];

function accountFault(status: number): SchemaFault {
  return {
    where: 'TWILIO_AUTH_TOKEN',
    fault: `Twilio does not take the account and its token (${status}).`,
    cure: "Copy both from Twilio's console, under Account > API keys & tokens.",
  };
}

function checkOptions({
  accountSid,
  authToken,
  messagingServiceSid,
  callbackUrl,
}: TwilioTexterOptions): void {
  if (!/^AC[0-9a-fA-F]{32}$/.test(accountSid))
    throw new Error('accountSid is no account of Twilio: give AC and 32 hex digits, from its console.');
  if (!isToken(authToken))
    throw new Error("authToken is empty or no token: give the one of Twilio's console.");
  if (!/^MG[0-9a-fA-F]{32}$/.test(messagingServiceSid))
    throw new Error(
      'messagingServiceSid is no messaging service: give MG and 32 hex digits, from its console.',
    );
  if (callbackUrl != null && !/^https?:\/\/[^/?#\s]+\/[^?#\s]*$/.test(callbackUrl))
    throw new Error(
      'callbackUrl is no web address with a path and without a query: give one that Twilio reaches.',
    );
}

function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHere = url !== null && /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)))
    throw new Error('baseUrl must be https, or http to this machine: the token goes along.');
  return text.replace(/\/+$/, '');
}
