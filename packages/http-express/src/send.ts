// Writes a plain response. Where the request has not been read to its end, it says so and hangs up politely.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Clock, PlainResponse } from '@precall/http';

/**
 * How long a sender may go on talking after its answer. Hanging up at once would reset the connection, and take the
 * answer with it (RFC 9112 section 9.6).
 */
const linger = { seconds: 1 } as const;

export function send(
  response: ServerResponse,
  plain: PlainResponse,
  { clock }: { readonly clock: Clock },
): void {
  const { req: request } = response;
  if (plain.file) {
    sendFile(response, plain, plain.file);
    return;
  }
  if (response.destroyed) return;
  const headers = { ...plain.headers, 'content-length': Buffer.byteLength(plain.body) };
  if (!isUnread(request)) {
    response.writeHead(plain.status, headers).end(plain.body);
    return;
  }

  response.writeHead(plain.status, { ...headers, connection: 'close' }).write(plain.body);
  const cancel = clock.at(clock.now().add(linger), hangUp);
  request.on('close', hangUp).resume();

  function hangUp(): void {
    cancel();
    response.end();
  }
}

/** A receiver that goes away, or a file that cannot be read to its end, ends the connection and the file alike. */
function sendFile(
  response: ServerResponse,
  { status, headers }: PlainResponse,
  { bytes, content }: NonNullable<PlainResponse['file']>,
): void {
  if (response.destroyed) {
    content.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': bytes });
  pipeline(content, response, () => undefined);
}

/** There is a body, and it has not come in to its end. */
function isUnread(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  return !request.complete && (Number(length ?? 0) > 0 || chunked !== undefined);
}
