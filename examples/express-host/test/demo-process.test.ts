// The demonstration as somebody starts it: a process, its lines and its exit code.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHost, startHost } from '../scripts/host-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'precall-demo-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the demonstration, as a process', () => {
  it('with --once: sends all three reminders, leaves the contact right, and ends with 0', async () => {
    const { code, stdout, stderr } = await runHost({ folder, env: {}, args: ['--once'], fromSource: true });
    expect([stderr, code]).toEqual(['', 0]);
    // Told by their words: a port or a pid may hold "202" as well.
    const told = stdout.split('\n').filter((line) => /answered 202|Reminder|Contact/.test(line));
    expect(told.map((line) => /202 scheduled|Reminder \w+|Contact \S+/.exec(line)?.[0])).toEqual([
      '202 scheduled',
      'Contact guest@example.com:',
      'Reminder 72h',
      'Reminder 24h',
      'Reminder 2h',
    ]);
    expect(stdout).toContain('All three reminders arrived, and the contact is right.');
  }, 60_000);

  it('stays up until it is told to stop, then ends with 0, and books afresh the next time', async () => {
    const booked = new Set<string>();
    for (const start of [1, 2]) {
      const host = await startHost({ folder, env: { PORT: '0' }, fromSource: true });
      expect(host.readyLine).toMatch(/ready at http:\/\/127\.0\.0\.1:\d+ pid=\d+ store: .+ CRM: .+ mail: /);
      await expect.poll(() => bookingsOf(host.baseUrl), { timeout: 10_000 }).toHaveLength(1);
      expect(await (await fetch(`${host.baseUrl}/metrics`)).text()).toContain(
        '\nintake_ack_seconds_count{answer="taken"} 1\n',
      );
      for (const id of await bookingsOf(host.baseUrl)) booked.add(id);
      expect(booked.size).toBe(start);
      const { code, stderr } = await host.end('SIGTERM');
      expect([stderr, code]).toEqual(['', 0]);
    }
  }, 60_000);
});

async function bookingsOf(baseUrl: string): Promise<readonly string[]> {
  const response = await fetch(`${baseUrl}/operator/api/bookings`);
  const { items } = (await response.json()) as { readonly items: readonly { readonly id: string }[] };
  return items.map(({ id }) => id);
}
