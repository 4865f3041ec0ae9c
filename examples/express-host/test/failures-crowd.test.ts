// The host in a crowd: thousands who have not said all, and a signal in the middle of a herd.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import {
  booking,
  dueIn,
  filesIn,
  given,
  post,
  sent,
  temporaryFolder,
  unknownAmong,
  until,
} from './failures-host.ts';

// Processes start slowly where others keep the machine busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const crowd = 2_000;

it(`takes a booking while ${crowd} others hold a connection and a body they never end`, async () => {
  const host = await given(temporaryFolder());
  const { port } = new URL(host.baseUrl);
  const half =
    'POST /webhook/calcom-booking HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{';
  const sockets: Socket[] = [];
  for (let count = 0; count < crowd; count += 1) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    socket.write(half);
    sockets.push(socket);
    if (count % 100 === 99) await once(socket, 'connect');
  }
  const statuses = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await post(host)).status);
  expect(statuses).toEqual([202, 202, 202, 202, 202]);
  expect((await fetch(`${host.baseUrl}/readyz`)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  expect((await host.end('SIGTERM')).code).toBe(0);
});

it('told to stop in the middle of a herd, ends with 0 and has kept everything that it answered 202', async () => {
  const folder = temporaryFolder();
  const host = await given(folder);
  await post(host);
  const herd = Array.from({ length: 300 }, (_, index) =>
    post(host, booking(86_400 + index)).catch(() => null),
  );
  await Promise.any(herd);
  const ended = host.end('SIGTERM');
  const answers = await Promise.all(herd);
  expect((await ended).code).toBe(0);
  for (const answer of answers) if (answer) expect([202, 503]).toContain(answer.status);
  const promised = answers.flatMap((answer) => (answer?.status === 202 ? [String(answer.body.booking)] : []));
  expect(promised.length).toBeGreaterThan(0);
  expect(await unknownAmong(await given(folder), promised)).toEqual([]);
});

it('told to stop in the middle of a herd of reminders, lets running sends end; the next host sends the rest, once', async () => {
  const size = 200;
  const folder = temporaryFolder();
  const env = { TESTING_MODE: 'true' };
  const host = await given(folder, env);
  const answers = await Promise.all(Array.from({ length: size }, () => post(host, dueIn(3))));
  const ids = answers.map(({ body }) => String(body.booking));
  const mails = () => filesIn(join(folder, '.precall/mailbox')).length;
  await until(() => (mails() >= size / 10 ? true : null));
  expect((await host.end('SIGTERM')).code).toBe(0);
  expect(mails()).toBeLessThan(size);

  const reminders = await sent(await given(folder, env), ids);
  const outcomes = reminders.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(size);
  expect(outcomes).not.toContain('unknown');
  expect(mails()).toBe(size);
});
