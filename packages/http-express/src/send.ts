// Writes a plain response. Where the request has not been read to its end, it says so and hangs up politely.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlainResponse } from '@precall/http';

/**
 * How long a sender may go on talking after its answer. Hanging up at once would reset the connection, and the
 * answer with it (RFC 9112 section 9.6).
 */
const lingerMs = 1_000;

export function send(request: IncomingMessage, response: ServerResponse, plain: PlainResponse): void {
  if (response.destroyed || response.headersSent) return;
  const length = Buffer.byteLength(plain.body);
  response.writeHead(plain.status, {
    ...plain.headers,
    'content-length': length,
    ...(isUnread(request) && { connection: 'close' }),
  });
  if (!isUnread(request)) {
    response.end(plain.body);
    return;
  }
  response.write(plain.body);
  const linger = setTimeout(hangUp, lingerMs);
  request.on('end', hangUp).on('close', hangUp).resume();

  function hangUp(): void {
    clearTimeout(linger);
    response.end();
  }
}

/** There is a body, and it has not come in to its end. */
function isUnread(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  return !request.complete && (Number(length ?? 0) > 0 || chunked !== undefined);
}
