// Twilio's Messages resource on this machine: strict where Twilio is, and bad when told to be.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** The account it is. */
export interface TwilioStandInOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly messagingServiceSid: string;
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
}

/** A text that was taken. */
export interface TwilioText {
  readonly sid: string;
  readonly to: string;
  readonly text: string;
  readonly statusCallback: string | null;
}

/** An answer of that status and code; or none, or the connection cut after the text was read. */
export type TwilioFault =
  | {
      readonly status: number;
      readonly code?: number;
      readonly headers?: { readonly [name: string]: string };
    }
  | 'silence'
  | 'cut';

/** Twilio on this machine: what it took, and what it posts. */
export interface TwilioStandIn {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  readonly accepted: readonly TwilioText[];
  /** The next request ends so. */
  failNext(fault: TwilioFault): void;
  /** What it posts about a text, to its own callback: signed. Gives the status of the answer. */
  report(text: TwilioText, status: string, more?: { readonly [field: string]: string }): Promise<number>;
  /** A text from that number, posted to `url`: signed. STOP keeps further texts from it (error 21610) until START. */
  incoming(url: string, text: { readonly from: string; readonly body: string }): Promise<number>;
  /** The signature of a post, as Twilio makes it. */
  sign(url: string, form: URLSearchParams): string;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

/** Listens on this machine alone until it is stopped. */
export async function startTwilioStandIn(options: TwilioStandInOptions): Promise<TwilioStandIn> {
  const { accountSid, authToken, messagingServiceSid, port = 0 } = options;
  const account = `/2010-04-01/Accounts/${accountSid}`;
  const accepted: TwilioText[] = [];
  const stopped = new Set<string>();
  const faults: TwilioFault[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = faults.shift();
    if (fault === 'silence') return;
    if (fault === 'cut') return void request.socket.destroy();
    if (fault) return refuse(response, fault.status, fault.code ?? 20500, fault.headers);
    const given = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    if (request.headers.authorization !== `Basic ${given}`) return refuse(response, 401, 20003);
    if (request.method === 'GET' && request.url === `${account}.json`) {
      return answer(response, 200, { sid: accountSid, status: 'active' });
    }
    if (request.method !== 'POST' || request.url !== `${account}/Messages.json`)
      return refuse(response, 404, 20404);
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      return refuse(response, 415, 20415);
    take(new URLSearchParams(Buffer.concat(chunks).toString()), response);
  }

  function take(form: URLSearchParams, response: ServerResponse): void {
    const to = form.get('To') ?? '';
    const text = form.get('Body') ?? '';
    const code = faultIn(form, to, text);
    if (code !== null) {
      refuse(response, 400, code);
      return;
    }
    const sid = `SM${String(accepted.length + 1).padStart(32, '0')}`;
    accepted.push({ sid, to, text, statusCallback: form.get('StatusCallback') });
    answer(response, 201, { sid, status: 'accepted', error_code: null });
  }

  /** twilio.com/docs/api/errors */
  function faultIn(form: URLSearchParams, to: string, text: string): number | null {
    const known = new Set(['To', 'MessagingServiceSid', 'Body', 'StatusCallback']);
    if ([...form.keys()].some((name) => !known.has(name))) return 20001;
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
    if (form.get('MessagingServiceSid') !== messagingServiceSid) return 21705;
    if (text.trim() === '') return 21602;
    if ([...text].length > 1_600) return 21617;
    const callback = form.get('StatusCallback');
    if (callback !== null && !URL.canParse(callback)) return 21609;
    return stopped.has(to) ? 21610 : null;
  }

  function sign(url: string, form: URLSearchParams): string {
    const names = [...new Set(form.keys())].sort((a, b) => (a < b ? -1 : 1));
    const fields = names.map((name) => `${name}${form.get(name)}`);
    return createHmac('sha1', authToken)
      .update(`${url}${fields.join('')}`)
      .digest('base64');
  }

  async function post(url: string, fields: { readonly [field: string]: string }): Promise<number> {
    const form = new URLSearchParams({ AccountSid: accountSid, ApiVersion: '2010-04-01', ...fields });
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign(url, form),
      },
      body: form.toString(),
    });
    await response.text();
    return response.status;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    accepted,
    failNext: (fault) => void faults.push(fault),
    sign,
    report({ sid, to, statusCallback }, status, more = {}) {
      if (statusCallback === null) throw new Error('the text was sent without a StatusCallback');
      return post(statusCallback, {
        MessageSid: sid,
        SmsSid: sid,
        To: to,
        MessageStatus: status,
        SmsStatus: status,
        MessagingServiceSid: messagingServiceSid,
        ...more,
      });
    },
    incoming(url, { from, body }) {
      const word = body.trim().toUpperCase();
      if (word === 'STOP') stopped.add(from);
      if (word === 'START') stopped.delete(from);
      const optOut = word === 'STOP' || word === 'START' ? { OptOutType: word } : {};
      const fields = { From: from, To: '+14155550199', Body: body, SmsStatus: 'received', NumMedia: '0' };
      return post(url, { MessageSid: `SM${'f'.repeat(32)}`, ...fields, ...optOut });
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  headers: { readonly [name: string]: string } = {},
): void {
  const body = { code, message: 'refused', more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
