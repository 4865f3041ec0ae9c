// The host whose MongoDB server stands still, dies, or is cut off: every answer is true, nothing is lost, and it recovers.
import { Temporal } from '@precall/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startCuttingProxy } from '../../../packages/adapter-mongodb/test/cutting-proxy.ts';
import { noBinary, type OwnMongod, startMongod } from '../../../packages/adapter-mongodb/test/own-mongod.ts';
import type { HostProcess } from '../scripts/host-process.ts';
import { ownDatabase } from '../scripts/own-database.ts';
import { booking, dueIn, given, post, sent, temporaryFolder, unknownAmong, until } from './failures-host.ts';

// Processes start slowly where others keep the machine busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const serverUri = process.env.MONGODB_URI ?? '';
const noServer = serverUri === '' ? 'no MONGODB_URI: run it with scripts/with-mongod.sh' : null;
const because = (reason: string | null) => (reason ? ` (skipped: ${reason})` : '');

describe.skipIf(noBinary !== null)(`a server of its own${because(noBinary)}`, () => {
  async function hostOnOwnServer(): Promise<{ readonly mongod: OwnMongod; readonly host: HostProcess }> {
    const mongod = await startMongod();
    onTestFinished(async () => {
      mongod.goOn();
      await mongod.end();
    });
    const host = await given(temporaryFolder(), { MONGODB_URI: mongod.uri, TESTING_MODE: 'true' });
    return { mongod, host };
  }

  it('that stands still is 503 within the time of an answer; then what was due leaves, and nothing is lost', async () => {
    const { mongod, host } = await hostOnOwnServer();
    const due = String((await post(host, dueIn(3))).body.booking);
    await mongod.hang();
    const refused = Array.from({ length: 5 }, () => booking(86_400));
    const answers = await Promise.all(refused.map((webhook) => post(host, webhook)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(await statusOf(host, 'livez')).toBe(200);
    expect(await statusOf(host, 'readyz')).toBe(503);
    mongod.goOn();

    const again = [];
    for (const webhook of refused) again.push(await taken(host, webhook));
    expect(await unknownAmong(host, [due, ...again])).toEqual([]);
    await sent(host, [due]);
    expect(await statusOf(host, 'readyz')).toBe(200);
    expect((await host.end('SIGTERM')).code).toBe(0);
  });

  it('that is killed with -9 and started again in the midst of bookings and reminders costs neither', async () => {
    const { mongod, host } = await hostOnOwnServer();
    const answers: Awaited<ReturnType<typeof post>>[] = [];
    const work: { isOver: boolean } = { isOver: false };
    const book = async (): Promise<void> => {
      while (!work.isOver) answers.push(await post(host, dueIn(1 + Math.random() * 3)));
    };
    const bookers = [1, 2, 3, 4].map(book);
    await until(() => (answers.length >= 40 ? true : null));
    await mongod.killAndStart();
    const before = answers.length;
    await until(() => (answers.slice(before).some(({ status }) => status === 202) ? true : null));
    work.isOver = true;
    await Promise.all(bookers);

    const promised = promisedBy(answers);
    expect(await unknownAmong(host, promised)).toEqual([]);
    await sent(host, promised);
    expect((await host.end('SIGTERM')).code).toBe(0);
  });
});

describe.skipIf(noServer !== null)(`a line to the server${because(noServer)}`, () => {
  it('that is cut in the middle of batches, on the way there and back, costs no booking and no reminder', async () => {
    const { hostname, port } = new URL(serverUri);
    const proxy = await startCuttingProxy({ host: hostname, port: Number(port) });
    const database = ownDatabase(serverUri, 'precall-cut');
    onTestFinished(async () => {
      await proxy.stop();
      await database.drop();
    });
    const { pathname } = new URL(database.uri);
    const behindProxy = `mongodb://127.0.0.1:${proxy.port}${pathname}?directConnection=true`;
    const host = await given(temporaryFolder(), { MONGODB_URI: behindProxy, TESTING_MODE: 'true' });

    const dueAt = Temporal.Now.instant().add({ seconds: 8 });
    const answers = [];
    for (let round = 0; round < 6; round += 1) {
      // The driver tries a lost command once more: two in a row are felt.
      if (round % 2 === 0) proxy.cutAnswersTo('insert', 2);
      else proxy.cutRequestsOf('insert', 2);
      const seconds = dueAt.since(Temporal.Now.instant()).total('seconds');
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => post(host, dueIn(seconds))))));
    }
    const promised = promisedBy(answers);
    expect(await unknownAmong(host, promised)).toEqual([]);
    const whileBooking = proxy.cut;
    expect(whileBooking).toBeGreaterThan(6);

    // All are due at once: claims and confirmations go in batches of updates.
    for (const cut of [proxy.cutAnswersTo, proxy.cutRequestsOf, proxy.cutAnswersTo]) {
      cut('update', 2);
      await until(() => (proxy.isSpent ? true : null));
    }
    await sent(host, promised);
    expect((await host.end('SIGTERM')).code).toBe(0);
  });
});

/** Nothing but 202 and 503 is a true answer here. */
function promisedBy(answers: readonly Awaited<ReturnType<typeof post>>[]): readonly string[] {
  expect(answers.filter(({ status }) => status !== 202 && status !== 503)).toEqual([]);
  const promised = answers.flatMap(({ status, body }) => (status === 202 ? [String(body.booking)] : []));
  expect(promised.length).toBeGreaterThan(0);
  return promised;
}

/** Sent again until it is taken, as its sender would; 200: the save that was answered 503 had happened. */
async function taken(host: HostProcess, webhook: ReturnType<typeof booking>): Promise<string> {
  await until(async () => ([200, 202].includes((await post(host, webhook)).status) ? true : null));
  return `calcom:${webhook.payload.uid}`;
}

async function statusOf(host: HostProcess, path: string): Promise<number> {
  return (await fetch(`${host.baseUrl}/${path}`)).status;
}
