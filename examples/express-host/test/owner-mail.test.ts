import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HostProcess, postBooking, runHost, startHost } from '../scripts/host-process.ts';
import { readSample } from '../scripts/sample-webhooks.ts';

const secret = 'a-secret-of-the-tests';
const env = { CALCOM_WEBHOOK_SECRET: secret, PORT: '0', LOG_LEVEL: 'silent' };

let folder = '';
const running: HostProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-owner-'));
});
afterEach(async () => {
  for (const host of running.splice(0)) await host.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function tenForged(variables: { readonly [name: string]: string }): Promise<HostProcess> {
  const host = await startHost({ folder, env: { ...env, ...variables } });
  running.push(host);
  for (let count = 0; count < 10; count += 1) {
    const answer = await postBooking(
      host.baseUrl,
      'another secret than theirs',
      readSample('BOOKING_CREATED'),
    );
    expect(answer.status).toBe(401);
  }
  return host;
}

function mailed(): readonly { readonly to: string; readonly subject: string; readonly text: string }[] {
  const mailbox = join(folder, '.precall/mailbox');
  const names = existsSync(mailbox) ? readdirSync(mailbox) : [];
  const whole = names.filter((name) => name.endsWith('.json'));
  return whole.map((name) => JSON.parse(readFileSync(join(mailbox, name), 'utf8')));
}

describe('OWNER_EMAIL', () => {
  it('is mailed when a person should look, by the mailer of the reminders', async () => {
    const host = await tenForged({
      OWNER_EMAIL: 'owner@example.com',
      OPERATOR_PASSWORD: 'twelve-characters',
      PUBLIC_URL: 'https://precall.example.com',
    });
    await vi.waitUntil(() => mailed().length > 0, { timeout: 20_000 });
    await host.end('SIGTERM');
    expect(mailed()).toMatchObject([
      {
        to: 'owner@example.com',
        subject: 'Precall: webhooks are wrongly signed',
        text: expect.stringContaining('More: https://precall.example.com/operator.'),
      },
    ]);
  });

  it('left out, nobody is mailed', async () => {
    const host = await tenForged({});
    await host.end('SIGTERM');
    expect(mailed()).toEqual([]);
  });

  it('that is no address ends the host with 78 and a sentence', async () => {
    const { code, stderr } = await runHost({ folder, env: { ...env, OWNER_EMAIL: 'the owner' } });
    expect(code).toBe(78);
    expect(stderr).toMatch(/^OWNER_EMAIL is "the owner", which is no address: [^\n]+\n$/);
  });
});
