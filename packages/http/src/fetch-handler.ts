// Every route for servers that speak the Fetch types: a Request in, a Response out.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createHttp, type HttpOptions } from './create-http.ts';
import { nothingHere, type PlainBody, type PlainRequest, type PlainResponse } from './plain.ts';

/** Never rejects. A path that is none of Precall's is a 404. */
export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * The same routes as `createHttp`'s, for Hono, Next and whatever else has the Fetch types. The request must come with
 * its body unread: a signature is made over the raw bytes. Several lines of one header arrive here as one, joined by
 * a comma (Fetch standard, "get, decode, and split"), so a doubled signature is a wrong one. It throws as `createHttp` does.
 */
export function createFetchHandler(options: HttpOptions): FetchHandler {
  const answer = createHttp(options);
  return async (request) => fetchResponse(request, (await answer(plainRequest(request))) ?? nothingHere());
}

function plainRequest(request: Request): PlainRequest {
  const { pathname, searchParams } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries([...request.headers].map(([name, line]) => [name, [line]])),
    body: (limitBytes) => readBody(request, limitBytes),
  };
}

/** Stops at the first byte over `limitBytes`, or at once when that many are announced, and lets the rest go. */
async function readBody(request: Request, limitBytes: number): Promise<PlainBody> {
  if (request.bodyUsed || request.body?.locked) return 'consumed';
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) return 'too_large';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > limitBytes) return 'too_large';
      chunks.push(chunk);
    }
  } catch {
    return 'aborted';
  }
  return Buffer.concat(chunks, bytes);
}

function fetchResponse(request: Request, { status, headers, body, file }: PlainResponse): Response {
  if (file) {
    const length = { 'content-length': String(file.bytes) };
    return new Response(webStream(file.content), { status, headers: { ...headers, ...length } });
  }
  return new Response(request.method === 'HEAD' ? null : body, { status, headers });
}

/** Whoever stops reading it ends the file as well. */
function webStream(content: Readable): ReadableStream {
  return Readable.toWeb(content);
}
