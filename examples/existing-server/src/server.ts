// A server that a firm has had for years. Precall is added by the lines that end in `// +`, and no others.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createMailbox, openEmbeddedStore } from '@precall/adapter-embedded'; // +
import { createPrecallRouter } from '@precall/http-express'; // +
import { createPrecall, createSystemClock, orThrow } from '@precall/node'; // +
import { createCalcomSource } from '@precall/source-calcom'; // +
import express from 'express';
import { createSite } from './site.ts';

const { PORT = '8080', DATA: folder = 'data' } = process.env;
mkdirSync(folder, { recursive: true });

const source = createCalcomSource({ secrets: [process.env.CALCOM_WEBHOOK_SECRET ?? ''] }); // +
const store = orThrow(openEmbeddedStore({ folder })); // +
const calls = createPrecall({ source, store, mailer: createMailbox({ folder, clock: createSystemClock() }) }); // +

const app = express();
app.use(createPrecallRouter({ precall: calls })); // +
app.use(express.json({ limit: '100kb' }));
app.use(createSite(folder));

orThrow(await calls.start()); // +
const server = app.listen(Number(PORT), '127.0.0.1', () => console.log('listening at', server.address()));
process.once('SIGTERM', stop).once('SIGINT', stop);

async function stop() {
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
  await calls.stop().then(() => store.close()); // +
  console.log('stopped');
}
