// The host as a hardened process: without `__proto__`, without code made of strings, and watched at its sockets.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { askOperator } from '../scripts/host-process.ts';
import { booking, filesIn, given, password, post, secret, temporaryFolder, until } from './failures-host.ts';

// Processes start slowly where others keep the machine busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Loaded before the host: notes every connection that the process opens, whoever opens it, and every name it looks up. */
const recorder = (file: string) => `
const { appendFileSync } = require('node:fs');
const net = require('node:net');
const dns = require('node:dns');
const note = (line) => appendFileSync(${JSON.stringify(file)}, line + '\\n');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const { host, port, path } = typeof first === 'object' && first ? first : { host: args[1], port: first };
  note('connect ' + (path ?? (host ?? 'localhost') + ':' + port));
  return connect.apply(this, args);
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const asked = dns[name];
  dns[name] = (host, ...rest) => { note('look up ' + host); return asked(host, ...rest); };
}
note('recording');
`;

/** Places that a careless program would fetch. */
const lures = [
  'http://169.254.169.254/latest/meta-data',
  'https://lure.invalid/room',
  'http://2130706433/',
  'http://[::ffff:127.0.0.1]:9/',
];
/** The listener's own address. */
const onlyListening = /^(?:recording\n|look up 127\.0\.0\.1\n)+$/;
const canary = 'canary7f3a';

it('takes bookings, sends reminders, opens no connection, and logs nobody (S4, S7, S8, S12)', async () => {
  const folder = temporaryFolder();
  const connections = join(folder, 'connections.txt');
  const preload = join(folder, 'recorder.cjs');
  writeFileSync(preload, recorder(connections));
  const host = await given(folder, {
    LOG_LEVEL: 'trace',
    TESTING_MODE: 'true',
    NODE_OPTIONS: `--disable-proto=delete --disallow-code-generation-from-strings --require ${preload}`,
  });

  for (const [index, lure] of lures.entries()) {
    const webhook = booking(60, {
      email: `${canary}${index}@example.com`,
      name: canary,
      firstName: '{{7*7}}',
    });
    const answer = await post(host, {
      ...webhook,
      payload: {
        ...webhook.payload,
        uid: `${canary}-${index}`,
        location: lure,
        metadata: { videoCallUrl: lure },
        bookerUrl: lure,
      },
    });
    expect(answer.status).toBe(202);
  }
  expect(
    (await post(host, { triggerEvent: 'BOOKING_CREATED', payload: { uid: canary, note: canary } })).status,
  ).toBe(400);
  expect(
    (await fetch(`${host.baseUrl}/webhook/calcom-booking`, { method: 'POST', body: canary })).status,
  ).toBe(401);

  const mailbox = join(folder, '.precall/mailbox');
  const mails = await until(() => {
    const names = readdirSync(folder).includes('.precall') ? filesIn(mailbox) : [];
    return names.length === lures.length ? names : null;
  });
  for (const name of mails) expect(readFileSync(join(mailbox, name), 'utf8')).toContain('{{7*7}}');
  expect((await askOperator(host.baseUrl, password, 'quarantine')).body).toMatchObject({ items: [{}] });

  const { code, stdout, stderr } = await host.end('SIGTERM');
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(lines.join()).toContain('not understood');
  for (const said of [canary, secret, password, '@example.com']) expect(stdout + stderr).not.toContain(said);
  expect(readFileSync(connections, 'utf8')).toMatch(onlyListening);
});

it('is watched by a recorder that sees a connection', async () => {
  const folder = temporaryFolder();
  const connections = join(folder, 'connections.txt');
  const preload = join(folder, 'recorder.cjs');
  writeFileSync(preload, recorder(connections));
  appendFileSync(preload, "fetch('http://127.0.0.1:49151/').catch(() => undefined);");
  const host = await given(folder, { NODE_OPTIONS: `--require ${preload}` });
  expect((await host.end('SIGTERM')).code).toBe(0);
  expect(readFileSync(connections, 'utf8')).toContain('connect 127.0.0.1:49151\n');
});
