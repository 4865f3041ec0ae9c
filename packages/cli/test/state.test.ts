// The whole state out of one store and into another, as the commands do it, each a process of its own.
import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { createMemoryMailer } from '@precall/adapter-memory';
import { openMongoStore } from '@precall/adapter-mongodb';
import { defaultPolicy, inTestMode, type Store, Temporal } from '@precall/core';
import { basicAuth } from '@precall/http-express';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeHosts, host } from '../../http-express/test/listening-host.ts';
import { book, countOf } from './booked-store.ts';
import { precall } from './precall-command.ts';

const password = 'correct horse battery';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-state-'));
});
afterEach(async () => {
  await closeHosts();
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);
const opened = (name: string) => openEmbeddedStore({ folder: at(name) }).unwrap();
const soon = () => Temporal.Now.instant().add({ hours: 24 * 5 });

/** An embedded store with that many bookings, closed again. */
async function storeOf(name: string, bookings: number, startAt = soon()): Promise<void> {
  const store = opened(name);
  await book(store, { bookings, startAt });
  await store.close();
}

describe('precall export and import', () => {
  it('moves a state whole: equal by count and checksum, with its history', async () => {
    await storeOf('old', 30);
    const out = await precall(['export', at('state.jsonl'), '--data-dir', at('old'), '--json']);
    expect(out).toMatchObject({ code: 0, stderr: '' });
    const into = await precall(['import', at('state.jsonl'), '--data-dir', at('new'), '--json']);
    expect(into).toMatchObject({ code: 0, stderr: '' });
    const [exported, imported] = [JSON.parse(out.stdout), JSON.parse(into.stdout)];
    expect(imported).toMatchObject({ count: exported.count, checksum: exported.checksum });
    expect(exported.count).toBeGreaterThan(30);
    expect(readFileSync(at('state.jsonl'), 'utf8')).toContain('"what":"booked"');
    expect(readdirSync(at('new'))).toEqual(['precall.db']);
  });

  it('refuses a file that was cut off or changed, and makes no store', async () => {
    await storeOf('old', 5);
    await precall(['export', at('state.jsonl'), '--data-dir', at('old')]);
    const whole = readFileSync(at('state.jsonl'), 'utf8');
    const spoilt = {
      cut: whole.slice(0, whole.length / 2),
      changed: whole.replace('"kind":"booking"', '"kind":"delivery"'),
      shorter: whole.split('\n').toSpliced(2, 1).join('\n'),
      other: '{"hello":"world"}\n',
      empty: '',
    };
    for (const [name, text] of Object.entries(spoilt)) writeFileSync(at(`${name}.jsonl`), text);
    const ends = await Promise.all(
      Object.keys(spoilt).map((name) => precall(['import', at(`${name}.jsonl`), '--data-dir', at('new')])),
    );
    for (const ended of ends) {
      expect(ended).toMatchObject({ code: 78, stdout: '' });
      expect(ended.stderr).toMatch(/error: .*(export|copy)/);
    }
    expect(existsSync(join(at('new'), 'precall.db'))).toBe(false);
  });

  it('imports into nothing that holds something', async () => {
    await storeOf('old', 2);
    await precall(['export', at('state.jsonl'), '--data-dir', at('old')]);
    const ended = await precall(['import', at('state.jsonl'), '--data-dir', at('old')]);
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining('not empty') });
  });
});

describe('with a host running', () => {
  async function running() {
    const store = opened('held');
    await book(store, { bookings: 7, startAt: soon() });
    const { base } = await host({
      operator: { authorize: basicAuth({ user: 'operator', password }) },
      backup: store,
    });
    return { store, base };
  }

  it('export and backup ask the host, import and restore want it stopped', async () => {
    const { store, base } = await running();
    const env = { OPERATOR_PASSWORD: password };
    const held = ['--data-dir', at('held')];
    const out = await precall(['export', at('state.jsonl'), '--url', base, '--json'], env);
    expect(out.code, out.stderr).toBe(0);
    expect(JSON.parse(out.stdout).count).toBe(await countOf(store));
    expect(await precall(['export', at('again.jsonl'), '--url', base], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('to move, stop it first'),
    });
    expect(await precall(['backup', at('copy.db'), '--url', base], env)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const ends = await Promise.all([
      precall(['export', at('other.jsonl'), ...held]),
      precall(['backup', at('other.db'), ...held]),
      precall(['import', at('state.jsonl'), ...held]),
      precall(['restore', at('copy.db'), ...held]),
    ]);
    for (const ended of ends)
      expect(ended).toMatchObject({
        code: 78,
        stderr: expect.stringContaining('held by a running host'),
      });
    const wrong = await precall(['backup', at('other.db'), '--url', base], {
      OPERATOR_PASSWORD: 'a wrong password',
    });
    expect(wrong).toMatchObject({ code: 78, stderr: expect.stringContaining('OPERATOR_PASSWORD') });
    expect(await countOf(store)).toBe(JSON.parse(out.stdout).count);
    await store.close();
    expect(readdirSync(folder).sort()).toEqual(['again.jsonl', 'copy.db', 'held', 'state.jsonl']);
  });
});

describe('precall restore', () => {
  it('puts a backup back, and what fell due since is unknown and never sent', async () => {
    await storeOf('data', 3, Temporal.Now.instant().add({ hours: 30 }));
    const backup = await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    expect(backup).toMatchObject({ code: 0, stderr: '' });
    const until = Temporal.Now.instant().round('millisecond').toString();
    const ended = await precall([
      'restore',
      at('copy.db'),
      '--data-dir',
      at('data'),
      '--sent-until',
      until,
      '--json',
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const said = JSON.parse(ended.stdout);
    expect(said).toMatchObject({ bookings: 3, sentUntil: until });
    expect(said.inDoubt).toHaveLength(3);
    expect(existsSync(said.keptAs)).toBe(true);
    const store = opened('data');
    const found = (await store.list('booking', { limit: 10, cursor: null })).unwrap();
    for (const { body } of found.items) expect(body).toContain('"state":"unknown"');
    await store.close();
  });

  it('keeps nothing back that is still to fall due', async () => {
    await storeOf('data', 1);
    await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    const args = ['restore', at('copy.db'), '--data-dir', at('back'), '--sent-until', 'P365D'];
    const ended = await precall(args);
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining('is still to come') });
    expect(existsSync(at('back'))).toBe(false);
  });

  it('puts back what can be read where one record of the backup is damaged', async () => {
    await storeOf('data', 3);
    const damaged = opened('data');
    const [one] = (await damaged.list('booking', { limit: 1, cursor: null })).unwrap().items;
    if (!one) throw new Error('there is a booking');
    const put = { ...one, revision: one.revision + 1, body: '{"facts":' };
    await damaged.save([{ put, expected: one.revision, history: [] }]);
    await damaged.close();
    await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    const ended = await precall(['restore', at('copy.db'), '--data-dir', at('back'), '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ bookings: 3, inDoubt: [] });
  });

  it('never starts afresh: what is no backup, or its end missing, changes nothing', async () => {
    await storeOf('data', 2);
    await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    const before = readFileSync(join(at('data'), 'precall.db'));
    copyFileSync(at('copy.db'), at('short.db'));
    truncateSync(at('short.db'), before.length - 20_000);
    writeFileSync(at('text.db'), 'x'.repeat(500));
    const ends = await Promise.all(
      ['short.db', 'text.db', 'none.db'].map((name) =>
        precall(['restore', at(name), '--data-dir', at('data')]),
      ),
    );
    for (const ended of ends)
      expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining('cannot be restored') });
    expect(readFileSync(join(at('data'), 'precall.db')).equals(before)).toBe(true);
    expect(readdirSync(at('data'))).toEqual(['precall.db']);
  });

  it('replaces a store that is damaged, and keeps it beside', async () => {
    await storeOf('data', 2);
    await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    writeFileSync(join(at('data'), 'precall.db'), 'not a store any more'.repeat(500));
    expect(await precall(['restore', at('copy.db'), '--data-dir', at('data')])).toMatchObject({
      code: 0,
      stderr: '',
    });
    const store = opened('data');
    expect(await countOf(store)).toBeGreaterThan(2);
    await store.close();
    expect(readdirSync(at('data')).filter((name) => name.includes('before'))).toHaveLength(1);
  });

  it('does not guess the rules of a host that has its own', async () => {
    const store = opened('data');
    await book(store, { bookings: 2, startAt: soon(), policy: inTestMode(defaultPolicy) });
    await store.close();
    const args = ['restore', at('copy.db'), '--data-dir', at('data')];
    await precall(['backup', at('copy.db'), '--data-dir', at('data')]);
    expect(await precall(args)).toMatchObject({ code: 78, stderr: expect.stringContaining('--policy') });
    expect(await precall(args, { TESTING_MODE: 'true' })).toMatchObject({ code: 0 });
  });
});

const uri = process.env.MONGODB_URI;
const why = uri ? '' : ' (skipped: no MONGODB_URI: run it with scripts/with-mongod.sh)';
const bookings = Number(process.env.PRECALL_MOVED_BOOKINGS ?? 50);

describe('from the embedded store to MongoDB and back', () => {
  it.skipIf(!uri)(
    `is equal by checksum, and sends what is due then once${why}`,
    { timeout: 1_800_000 },
    async () => {
      const database = `precall-move-${randomUUID().slice(0, 8)}`;
      const address = new URL(uri ?? '');
      address.pathname = database;
      const env = { MONGODB_URI: address.href };
      const client = await MongoClient.connect(address.href);
      try {
        // 72 h and 24 h before the call are past; 2 h before it falls due in a second.
        const startAt = Temporal.Now.instant().add({ hours: 2, seconds: 60 });
        await storeOf('old', bookings, startAt);
        const told = [];
        for (const [args, variables] of [
          [['export', at('a.jsonl'), '--data-dir', at('old')], {}],
          [['import', at('a.jsonl')], env],
          [['export', at('b.jsonl')], env],
          [['import', at('b.jsonl'), '--data-dir', at('new')], {}],
        ] as const) {
          const ended = await precall([...args, '--json'], variables);
          expect(ended, ended.stderr).toMatchObject({ code: 0 });
          told.push({ command: args[0], ...JSON.parse(ended.stdout) });
        }
        expect(new Set(told.map(({ checksum }) => checksum)).size).toBe(1);
        console.info(
          told
            .map(({ command, count, seconds }) => `${command}: ${count} records in ${seconds} s`)
            .join('\n'),
        );

        const again = await precall(['import', at('a.jsonl')], env);
        expect(again).toMatchObject({ code: 78, stderr: expect.stringContaining('not empty') });
        expect(await precall(['import', at('a.jsonl'), '--resume'], env)).toMatchObject({ code: 0 });

        const store = opened('new');
        expect(await sentAfter(store, startAt.subtract({ hours: 2 }))).toEqual({
          messages: bookings,
          people: bookings,
        });
        await store.close();
        const mongo = (await openMongoStore({ uri: address.href })).unwrap();
        expect(await sentAfter(mongo, startAt.subtract({ hours: 2 }))).toEqual({
          messages: bookings,
          people: bookings,
        });
        await mongo.close();
      } finally {
        await client.db(database).dropDatabase();
        await client.close();
      }
    },
  );

  /** What goes out at that moment, and nothing more when it is looked at again. */
  async function sentAfter(store: Store, moment: Temporal.Instant) {
    const system = createSystemClock();
    const later = moment.add({ seconds: 1 });
    const clock = { ...system, now: () => later };
    const mailer = createMemoryMailer({ clock });
    const moved = createPrecall({ source: createCalcomSource({ unsigned: 'allow' }), store, mailer, clock });
    await moved.tick();
    await moved.tick();
    return {
      messages: mailer.sent.length,
      people: new Set(mailer.sent.map(({ message }) => message.to)).size,
    };
  }
});
