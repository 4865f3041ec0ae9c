import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type BookingUpdate, readStrictJson, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';

/** `keep` must have made the update durable when it resolves: Cal.com may never send it again. */
export function bookingServer(secret: string, keep: (update: BookingUpdate) => Promise<void>): Server {
  const calcom = createCalcomSource({ secrets: [secret] });

  async function take(request: IncomingMessage): Promise<number> {
    const body = await rawBody(request, 64 * 1024);
    if (!body) return 413;
    const signature = request.headersDistinct['x-cal-signature-256'] ?? [];
    if (calcom.verify({ 'x-cal-signature-256': signature }, body) === 'forged') return 401;
    const parsed = readStrictJson(body).andThen((json) => calcom.parse(json, Temporal.Now.instant()));
    if (parsed.isErr()) return 400; // parsed.error says which fields, such as payload.attendees
    if ('ignored' in parsed.value) return 200;
    for (const update of parsed.value.updates) await keep(update);
    return 202;
  }

  return createServer((request, response) => {
    const answer = (status: number) => response.writeHead(status, { connection: 'close' }).end();
    take(request).then(answer, () => answer(503));
  });
}

async function rawBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
