// The server: on its address, or a sentence why not; and off it again, with every answer given.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { Err, Ok, type Result } from '@precall/core';

export interface Listening {
  readonly server: Server;
  readonly baseUrl: string;
}

export async function listen(
  answer: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Result<Listening, string>> {
  const server = createServer(answer);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    return Err(whyNot(cause, host, port));
  }
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return Ok({ server, baseUrl: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}` });
}

/** An intake is answered in milliseconds; whoever still says nothing, or has not said all, after this long is cut off. */
const patienceMs = 2_000;

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
  await closed;
  clearTimeout(timer);
}

function whyNot(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is taken on ${host}: stop what listens there, or give another one (0: any free one).`;
    case 'EACCES':
      return `PORT ${port} is not open to this process: give one from 1024 up (0: any free one).`;
    default:
      return `HOST ${host} cannot be listened on (${code}): give an address of this machine, such as 127.0.0.1 or 0.0.0.0.`;
  }
}
