// Only the source: a plain node:http server that takes Cal.com's webhooks and says what they mean. It keeps nothing.
import { createServer, type IncomingMessage } from 'node:http';
import { readStrictJson, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';

const calcom = createCalcomSource({ secrets: [process.env.CALCOM_WEBHOOK_SECRET ?? ''] });
const limitBytes = 64 * 1024;

const server = createServer((request, response) => {
  const answer = (status: number) => void response.writeHead(status, { connection: 'close' }).end();
  take(request).then(answer, () => answer(500));
});
server.listen(Number(process.env.PORT ?? '8080'), '127.0.0.1', () =>
  console.log('listening at', server.address()),
);
process.once('SIGTERM', () => server.close()).once('SIGINT', () => server.close());

/** A server that does more than print answers 202 only when what was said is durable: Cal.com may not say it again. */
async function take(request: IncomingMessage): Promise<number> {
  const body = await rawBody(request);
  if (!body) return 413;
  const signature = request.headersDistinct['x-cal-signature-256'] ?? [];
  if (calcom.verify({ 'x-cal-signature-256': signature }, body) === 'forged') return 401;
  const parsed = readStrictJson(body).andThen((json) => calcom.parse(json, Temporal.Now.instant()));
  if (parsed.isErr()) return 400; // parsed.error says which fields, such as payload.attendees
  if ('ignored' in parsed.value) return 200;
  for (const { kind, time, attendees } of parsed.value.updates) {
    console.log(`${kind}: a call at ${time?.startAt ?? 'a time not said'}, people: ${attendees.length}`);
  }
  return 202;
}

async function rawBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
