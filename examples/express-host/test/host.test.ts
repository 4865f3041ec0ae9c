// The real host, as the process that `npm start` runs.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from '@precall/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askOperator, type HostProcess, postBooking, runHost, startHost } from '../scripts/host-process.ts';
import { readSample, redated } from '../scripts/sample-webhooks.ts';

const secret = 'a-secret-of-the-tests';
const password = 'twelve-characters';
const env = { CALCOM_WEBHOOK_SECRET: secret, OPERATOR_PASSWORD: password, PORT: '0', LOG_LEVEL: 'silent' };

let folder = '';
const running: HostProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-host-'));
});
afterEach(async () => {
  for (const host of running.splice(0)) await host.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function given(variables: { readonly [name: string]: string }): Promise<HostProcess> {
  const host = await startHost({ folder, env: variables });
  running.push(host);
  return host;
}

/** For a start in `seconds`; said now. */
function created(seconds: number) {
  const now = Temporal.Now.instant();
  const webhook = redated(readSample('BOOKING_CREATED'), now);
  const startTime = now.add({ seconds });
  const endTime = startTime.add({ minutes: 15 });
  return { ...webhook, payload: { ...Object(webhook.payload), startTime, endTime } };
}

/** The `state` of what stands under these names. */
function stateIn(body: object, ...path: readonly string[]): unknown {
  const held = path.reduce<unknown>((within, name) => Object(within)[name], body);
  return Object(held).state;
}

async function until<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
  }
}

describe('the host', () => {
  it('takes a booking in, sends what is due, keeps the contact true, and stops with 0', async () => {
    const host = await given({ ...env, TESTING_MODE: 'true' });
    expect(host.readyLine).toMatch(
      /"ready at http:\/\/127\.0\.0\.1:\d+ pid=\d+ store: .*scheduler: .*CRM: .*mail: /,
    );
    expect((await fetch(`${host.baseUrl}/readyz`)).status).toBe(200);

    const answer = await postBooking(host.baseUrl, secret, created(60));
    expect(answer).toMatchObject({ status: 202, body: { status: 'scheduled', reminders: [{ rule: '2h' }] } });
    const ask = (path: string) => askOperator(host.baseUrl, password, path);
    const mails = await until(async () => {
      const { items } = (await ask('mailbox')).body;
      return Array.isArray(items) && items.length > 0 ? items : null;
    });
    expect(mails).toMatchObject([{ to: 'guest@example.com' }]);
    const booking = await until(async () => {
      const { body } = await ask(`bookings/${encodeURIComponent(String(answer.body.booking))}`);
      const isDone =
        stateIn(body, 'crm', 'contact') === 'written' && stateIn(body, 'reminders', '2') === 'sent';
      return isDone ? body : null;
    });
    expect(booking).toMatchObject({ status: 'agreed', crm: { contact: { state: 'written' } } });
    // The links of the mail lead to this host, whose port nobody knew beforehand.
    const [, stop = ''] = /^Stop these mails: (\S+)$/m.exec(String(Object(mails[0]).text)) ?? [];
    expect(stop.startsWith(`${host.baseUrl}/link/s.`)).toBe(true);
    expect(await (await fetch(stop)).text()).toContain('<button>Stop these mails</button>');
    expect(await (await fetch(stop, { method: 'POST' })).text()).toContain('No more mails');
    const contacts = JSON.parse(readFileSync(join(folder, '.precall/address-book.json'), 'utf8'));
    expect(contacts).toMatchObject([{ email: 'guest@example.com', fields: { 'Booking Status': 'Booked' } }]);

    expect(await host.end('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('ends with 0 on SIGINT, though somebody is connected and says nothing, and a signal is passed on twice', async () => {
    const host = await given(env);
    const silent = connect(Number(new URL(host.baseUrl).port), '127.0.0.1');
    silent.on('error', () => undefined);
    expect((await fetch(`${host.baseUrl}/livez`)).status).toBe(200);
    host.send('SIGINT');
    expect(await host.end('SIGINT')).toMatchObject({ code: 0, signal: null });
  });

  it('ends at once with 1 on a second signal a second later', async () => {
    const host = await given(env);
    // Some runtimes hang up at once on whoever has said nothing; a request that has begun is waited for.
    const slow = connect(Number(new URL(host.baseUrl).port), '127.0.0.1');
    slow.on('error', () => undefined).write('POST /webhook/calcom-booking HTTP/1.1\r\nhost: x\r\n');
    expect((await fetch(`${host.baseUrl}/livez`)).status).toBe(200);
    host.send('SIGTERM');
    // The process counts the second by its own clock: there is no other way to let it pass.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await host.end('SIGTERM')).toMatchObject({ code: 1, signal: null });
  });

  it('takes unsigned webhooks when told to, and says so whatever the level', async () => {
    const { CALCOM_WEBHOOK_SECRET: _, ...others } = env;
    const host = await given({ ...others, CALCOM_UNSIGNED: 'allow' });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(created(86_400));
    const answer = await fetch(`${host.baseUrl}/webhook/calcom-booking`, { method: 'POST', headers, body });
    expect(answer.status).toBe(202);
    expect((await host.end('SIGTERM')).stdout).toContain('CALCOM_UNSIGNED=allow');
  });

  it('reads .env in its working folder, and has nothing under /operator without a password', async () => {
    writeFileSync(join(folder, '.env'), `CALCOM_WEBHOOK_SECRET=${secret}\nDATA_DIR=elsewhere\n`);
    const host = await given({ CALCOM_WEBHOOK_SECRET: '', PORT: '0' });
    expect((await postBooking(host.baseUrl, secret, created(86_400))).status).toBe(202);
    expect(existsSync(join(folder, 'elsewhere/precall.db'))).toBe(true);
    expect((await fetch(`${host.baseUrl}/operator/api/bookings`)).status).toBe(404);
  });
});

describe('a host that cannot run', () => {
  const refused = (sentence: RegExp) => ({ code: 78, stdout: '', stderr: expect.stringMatching(sentence) });
  const oneSentence = (start: string) => new RegExp(`^${start}[^\n]*: [^\n]+\\.\n$`);

  it('ends with 78 and a sentence for each fault', async () => {
    const faulty = { ...env, PORT: 'x', TESTING_MODE: 'yes' };
    expect(await runHost({ folder, env: faulty, args: ['--twice'] })).toEqual({
      signal: null,
      ...refused(/^The argument "--twice" .*\.\nPORT .*\.\nTESTING_MODE .*\.\n$/),
    });
  });

  it('ends with 78 when its port is taken, and frees its data', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const port = String((other.address() as AddressInfo).port);
    expect(await runHost({ folder, env: { ...env, PORT: port } })).toMatchObject(
      refused(oneSentence('PORT')),
    );
    other.close();
    await given(env);
  });

  it('ends with 78 when its data is in use by another host', async () => {
    await given(env);
    expect(await runHost({ folder, env })).toMatchObject(refused(oneSentence('DATA_DIR')));
  });

  it('ends with 78 when its data is not a store', async () => {
    writeFileSync(
      join(folder, 'precall.db'),
      'not a database, but long enough to be looked at as one '.repeat(100),
    );
    const unreadable = await runHost({ folder, env: { ...env, DATA_DIR: '.' } });
    expect(unreadable).toMatchObject(refused(oneSentence('DATA_DIR')));
  });

  it('shows no demonstration over real bookings', async () => {
    await (await given(env)).end('SIGTERM');
    expect(await runHost({ folder, env: { PORT: '0' } })).toMatchObject(refused(oneSentence('DATA_DIR')));
  });
});
