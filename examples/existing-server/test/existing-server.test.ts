import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from '@precall/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookingIn } from './booking-webhook.ts';
import { type Program, post, type RunningProgram, run } from './running-program.ts';

const secret = 'a-secret-of-the-firm';
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const linesOf = (name: string) => read(`../src/${name}`).trimEnd().split('\n');
const isAdded = (line: string) => line.endsWith('// +');

let folder = '';
let running: RunningProgram | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-existing-'));
});
afterEach(async () => {
  await running?.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function start(program: Program): Promise<RunningProgram> {
  running = await run(program, { DATA: folder, CALCOM_WEBHOOK_SECRET: secret });
  return running;
}

async function enquire(baseUrl: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email: 'ada@example.com', question: 'When?' });
  return (await fetch(`${baseUrl}/enquiries`, { method: 'POST', headers, body })).status;
}

describe('the existing server', () => {
  it('gets Precall by ten lines, imports and clean stop included', () => {
    expect(linesOf('server.ts').filter(isAdded)).toHaveLength(10);
  });

  it('is without them the server it was', async () => {
    const text = linesOf('server.ts').filter((line) => !isAdded(line));
    expect(text.join('\n').replace(/^\/\/.*/, '')).not.toMatch(/precall|calls\b/i);
    const server = await start({ text: text.join('\n') });
    const baseUrl = await server.baseUrl();
    expect((await fetch(`${baseUrl}/health`)).status).toBe(200);
    expect(await enquire(baseUrl)).toBe(201);
    expect((await post(`${baseUrl}/webhook/calcom-booking`, secret, bookingIn(100))).status).toBe(404);
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('differs, where its parser must come first, by one changed line and the order', () => {
    const own = (name: string) => linesOf(name).filter((line) => !isAdded(line) && !/^(\/\/|$)/.test(line));
    const behind = own('server-behind-parser.ts');
    expect(behind.filter((line) => line.endsWith('// changed'))).toHaveLength(1);
    expect(behind.map((line) => line.replace(', verify: keepRawBody })); // changed', ' }));'))).toEqual(
      own('server.ts'),
    );
  });

  for (const name of ['server', 'server-behind-parser'] as const) {
    it(`takes a booking in beside its own work, and stops by its own signal (${name}.ts)`, async () => {
      const server = await start({ name });
      const baseUrl = await server.baseUrl();
      const webhook = `${baseUrl}/webhook/calcom-booking`;
      const taken = await post(webhook, secret, bookingIn(100));
      expect(taken.status).toBe(202);
      expect(await taken.json()).toMatchObject({ status: 'scheduled', reminders: [{}, {}, {}] });
      expect((await post(webhook, 'another secret of some length', bookingIn(100))).status).toBe(401);
      expect((await fetch(`${baseUrl}/health`)).status).toBe(200);
      expect(await enquire(baseUrl)).toBe(201);
      expect(await server.end('SIGTERM')).toBe(0);
      expect(server.said()).toMatch(/stopped\n$/);
    });
  }

  it('does not start without the secret, and says what to give', async () => {
    running = await run({ name: 'server' }, { DATA: folder });
    expect(await running.end()).toBe(1);
    expect(running.said()).toContain("give the secret set in Cal.com's webhook settings");
  });
});

describe('the source alone', () => {
  it('takes what is signed and says what it means', async () => {
    const server = await start({ name: 'source-alone' });
    const baseUrl = await server.baseUrl();
    const body = bookingIn(100);
    expect((await post(baseUrl, secret, body)).status).toBe(202);
    expect((await post(baseUrl, 'another secret of some length', body)).status).toBe(401);
    expect((await post(baseUrl, secret, '{"triggerEvent":"PING"}')).status).toBe(200);
    expect((await post(baseUrl, secret, '{}')).status).toBe(400);
    expect(await server.end('SIGTERM')).toBe(0);
    const { startTime } = JSON.parse(body).payload;
    expect(server.said()).toContain(`agreed: a call at ${Temporal.Instant.from(startTime)}, people: `);
    expect(server.said().match(/a call at/g)).toHaveLength(1);
  });
});

describe('the plan alone', () => {
  it('prints the reminders of a call, in the zone of whoever booked it', async () => {
    const plan = await run({ name: 'plan-alone' });
    expect(await plan.end()).toBe(0);
    expect(plan.said()).toBe(
      [
        '72h: 2026-11-30T15:00:00Z (2026-11-30T10:00:00 in America/Toronto)',
        '24h: 2026-12-02T15:00:00Z (2026-12-02T10:00:00 in America/Toronto)',
        '2h: 2026-12-03T13:00:00Z (2026-12-03T08:00:00 in America/Toronto)\n',
      ].join('\n'),
    );
  });

  it('says why a reminder is left out, as the README shows', async () => {
    const [, args = '', output = 'none shown'] =
      /plan-alone\.ts (\d.*)\n((?:\w+: .*\n)+)```/.exec(read('../README.md')) ?? [];
    const plan = await run({ name: 'plan-alone', args: args.split(' ') });
    expect(await plan.end()).toBe(0);
    expect(plan.said()).toBe(output);
    expect(output).toContain('skipped: moment_passed');
  });
});
