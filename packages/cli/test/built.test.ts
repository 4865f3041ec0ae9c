// Every command's help and a run of each, in the package as it is published: no source, no loader, no condition.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import { Temporal } from '@precall/core';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { book } from './booked-store.ts';
import { type Built, builtCommand } from './built-command.ts';

const commands = [
  'doctor',
  'plan',
  'status',
  'outcomes',
  'replay',
  'erase',
  'send-test',
  'preview',
  'export',
  'import',
  'backup',
  'restore',
] as const;
const secret = 'a-secret-of-the-tests';
const sent = { CALCOM_WEBHOOK_SECRET: secret };

let built: Built;
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  built = await builtCommand();
  folder = mkdtempSync(join(tmpdir(), 'precall-built-state-'));
  const store = openEmbeddedStore({ folder: at('data') }).unwrap();
  await book(store, { bookings: 3, startAt: Temporal.Now.instant().add({ hours: 24 * 5 }) });
  await store.close();
}, 60_000);
afterAll(async () => {
  await closeHosts();
  built.remove();
  rmSync(folder, { recursive: true });
});

describe('the built command', () => {
  it('shows each command, with an example', async () => {
    const [version, all, ...each] = await Promise.all([
      built.precall(['--version']),
      built.precall(['--help']),
      ...commands.map((command) => built.precall([command, '--help'])),
    ]);
    const { version: published } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    );
    expect(version).toMatchObject({ code: 0, stdout: `${published}\n`, stderr: '' });
    for (const [index, command] of commands.entries()) {
      expect(all?.stdout).toContain(`\n  ${command} `);
      expect(each[index]).toMatchObject({ code: 0, stderr: '' });
      expect(each[index]?.stdout).toMatch(new RegExp(`Example: .*precall ${command} `));
    }
    expect(all?.stdout.match(/^ {2}[a-z-]+ .*\[options\]/gm)).toHaveLength(commands.length);
  });

  it.each<[(typeof commands)[number], readonly string[], object]>([
    ['doctor', [], { isWell: true }],
    ['plan', ['--at', '2027-03-29T15:00:00Z', '--agreed', '2027-03-20T15:00:00Z'], {}],
    [
      'send-test',
      ['ada@example.com'],
      { sent: expect.arrayContaining([expect.objectContaining({ fault: null })]) },
    ],
    ['preview', ['mails.html'], { mails: expect.any(Number) }],
  ])('runs %s', async (command, args, said) => {
    const { code, stdout, stderr } = await built.precall([command, ...args, '--json'], sent);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject(said);
  });

  it('runs replay, into a host', async () => {
    const clock = createSystemClock();
    const precall = createPrecall({
      source: createCalcomSource({ secrets: [secret] }),
      store: createMemoryStore(),
      mailer: createMemoryMailer({ clock }),
      clock,
    });
    const { base } = await host({ precall });
    const url = `${base}/webhook/calcom-booking`;
    const ended = await built.precall(
      ['replay', '--sample', 'BOOKING_CREATED', '--url', url, '--json'],
      sent,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 202 });
    await precall.stop();
  });

  it('runs status, outcomes, export, import, backup, restore and erase on an embedded store', async () => {
    const on = (name: string) => ['--data-dir', at(name), '--json'];
    const run = async (...args: readonly string[]) => {
      const ended = await built.precall(args);
      expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
      return JSON.parse(ended.stdout);
    };
    const looked = await run('status', ...on('data'));
    expect(await run('outcomes', ...on('data'))).toMatchObject({ bookings: 3, isAll: true });
    const exported = await run('export', at('state.jsonl'), ...on('data'));
    const imported = await run('import', at('state.jsonl'), ...on('moved'));
    expect(imported).toMatchObject({ count: exported.count, checksum: exported.checksum });
    await run('backup', at('copy.db'), ...on('data'));
    expect(await run('restore', at('copy.db'), ...on('data'))).toMatchObject({ bookings: 3 });
    expect(await run('erase', 'person-1@example.com', ...on('data'))).toMatchObject({ bookings: 1 });
    expect(looked).toBeTypeOf('object');
  });

  it('names the package of a vendor that is not installed', async () => {
    const ended = await built.precall(['status'], { MONGODB_URI: 'mongodb://127.0.0.1:1/precall' });
    expect(ended.code).toBe(78);
    expect(ended.stderr).toContain('npm install @precall/adapter-mongodb');
  });
});
