// The embedded host as its users run it: the built packages, no loader and no TypeScript. Its mailer takes everything at
// once and tells the process that started this one.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAddressBook, openEmbeddedStore } from '@precall/adapter-embedded';
import { Ok } from '@precall/core';
import { createPrecallRouter } from '@precall/http-express';
import { createPrecall } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import express from 'express';

const [, , folder, secret] = process.argv;
const opened = openEmbeddedStore({ folder });
if (opened.isErr()) throw new Error(opened.error.sentence);
const store = opened.value;
const mailer = {
  doubt: 'once',
  async send({ to }) {
    process.send({ to, atMs: Date.now() });
    return Ok({ messageId: null });
  },
};
const precall = createPrecall({
  source: createCalcomSource({ secrets: [secret] }),
  store,
  mailer,
  crm: createAddressBook({ folder }),
});
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
// It counts from its first look: a stall before that would go unseen.
await sleep(5);
const server = express()
  .use(createPrecallRouter({ precall }))
  .listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port });
    void precall.start();
  });

process.on('message', async () => {
  process.send({ stallMs: delay.max / 1e6 });
  server.close();
  server.closeAllConnections();
  await precall.stop();
  await store.close();
  process.disconnect();
});
