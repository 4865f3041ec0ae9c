// The host when its disk, its folder or its file fails. What the store alone does then is tested in adapter-embedded.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runHost, startHost } from '../scripts/host-process.ts';
import { booking, env, given, post, temporaryFolder, unknownAmong } from './failures-host.ts';

// Processes start slowly where others keep the machine busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const refused = (sentence: RegExp) => ({ code: 78, stdout: '', stderr: expect.stringMatching(sentence) });
const hasPrlimit = works('prlimit', ['--version']);

describe('a full disk', () => {
  it.skipIf(!hasPrlimit)(
    `is answered 503, loses nothing that was answered 202, and is over when there is room${hasPrlimit ? '' : ' (skipped: no prlimit here)'}`,
    async () => {
      const folder = temporaryFolder();
      const host = await given(folder);
      const pid = /pid=(\d+)/.exec(host.readyLine)?.[1] ?? '';
      const limit = (bytes: string) => execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:unlimited`]);
      const promised = [String((await post(host)).body.booking)];

      limit('1');
      const answer = await post(host);
      expect(answer.status).toBe(503);
      expect((await fetch(`${host.baseUrl}/livez`)).status).toBe(200);
      limit('unlimited');
      const again = await post(host);
      expect(again.status).toBe(202);
      promised.push(String(again.body.booking));

      expect((await host.end('SIGTERM')).code).toBe(0);
      expect(await unknownAmong(await given(folder), promised)).toEqual([]);
    },
  );
});

describe('a folder that cannot be written', () => {
  it.skipIf(!existsSync('/sys/kernel'))('ends the host with 78 and a sentence', async () => {
    // Not even root may make anything there.
    const ended = await runHost({
      folder: temporaryFolder(),
      env: { ...env, DATA_DIR: '/sys/kernel/precall' },
    });
    expect(ended).toMatchObject(refused(/^DATA_DIR cannot be used: [^\n]*\/sys\/kernel\/precall[^\n]*\.\n$/));
  });
});

describe('a damaged file', () => {
  let store = '';
  let whole = Buffer.alloc(0);
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'precall-damaged-'));
    const host = await startHost({ folder: store, env });
    for (let count = 0; count < 20; count += 1) await post(host);
    await host.end('SIGTERM');
    whole = readFileSync(join(store, '.precall/precall.db'));
  });
  afterAll(() => rmSync(store, { recursive: true }));

  const file = () => join(store, '.precall/precall.db');
  const flipped = (at: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
    return bytes;
  };
  it.each<[string, () => void]>([
    ['cut in the middle', () => truncateSync(file(), Math.floor(whole.length / 2))],
    ['with a bit of its table of tables flipped', () => writeFileSync(file(), flipped(100))],
  ])('%s ends the host with 78 and a sentence, and stays as it is', async (_what, damage) => {
    writeFileSync(file(), whole);
    damage();
    const before = readFileSync(file());
    const ended = await runHost({ folder: store, env });
    expect(ended).toMatchObject(refused(/^(?:DATA_DIR|The store)[^\n]*\.\n$/));
    expect(readFileSync(file()).equals(before)).toBe(true);
  });
});

describe('a file that somebody copies again and again', () => {
  it('loses nothing that was answered 202, and keeps everybody else out', async () => {
    const folder = temporaryFolder();
    const host = await given(folder);
    await post(host);
    const copying = spawn(
      'sh',
      [
        '-c',
        'mkdir copy; while :; do cp -r .precall/precall.db* copy/ 2>/dev/null || true; cat .precall/precall.db* >/dev/null; done',
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    onTestFinished(() => void copying.kill('SIGKILL'));
    const answers = [];
    for (let count = 0; count < 50; count += 1) answers.push(await post(host, booking(86_400 + count)));
    copying.kill('SIGKILL');
    expect(answers.map(({ status }) => status).filter((status) => status !== 202)).toEqual([]);
    expect(await runHost({ folder, env })).toMatchObject(refused(/in use/));
    expect((await host.end('SIGTERM')).code).toBe(0);
    const promised = answers.map(({ body }) => String(body.booking));
    expect(await unknownAmong(await given(folder), promised)).toEqual([]);
  });
});

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
