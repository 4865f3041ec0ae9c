// The raw bytes of a request's body: the ones a parser before us kept, else read here, up to a limit.
import type { IncomingMessage } from 'node:http';
import type { PlainBody } from '@precall/http';

/** `body` is what a parser before us made of it; that of `express.raw()` are the bytes themselves. */
type Parsed = IncomingMessage & { readonly body?: unknown };

const kept = new WeakMap<IncomingMessage, Uint8Array>();

/** For apps that parse JSON before Precall is reached: `express.json({ verify: keepRawBody })`. */
export function keepRawBody(request: IncomingMessage, _response: unknown, body: Uint8Array): void {
  kept.set(request, body);
}

/** Stops at the first byte over `limitBytes`, or at once when that many are announced. */
export async function readRawBody(request: Parsed, limitBytes: number): Promise<PlainBody> {
  const body = kept.get(request) ?? request.body;
  if (body instanceof Uint8Array) return body.byteLength > limitBytes ? 'too_large' : body;
  if (request.readableEnded || request.readableDidRead) return 'consumed';
  if (request.destroyed) return 'aborted';
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return 'too_large';
  return await read(request, limitBytes);
}

function read(request: IncomingMessage, limitBytes: number): Promise<PlainBody> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    request.on('data', take).on('end', end).on('close', abort);

    function take(chunk: Uint8Array): void {
      bytes += chunk.byteLength;
      chunks.push(chunk);
      if (bytes > limitBytes) settle('too_large');
    }
    function end(): void {
      settle(Buffer.concat(chunks, bytes));
    }
    function abort(): void {
      settle('aborted');
    }
    function settle(body: PlainBody): void {
      request.off('data', take).off('end', end).off('close', abort);
      resolve(body);
    }
  });
}
