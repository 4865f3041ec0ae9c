import type { Precall } from '@precall/core';
import { createHttp, type PlainBody } from '@precall/http';

/** For servers that speak the Fetch types. */
export function createFetchHandler(precall: Precall): (request: Request) => Promise<Response> {
  const answer = createHttp({ precall });

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const plain = await answer({
      method: request.method,
      path: pathname,
      query: searchParams,
      headers: Object.fromEntries([...request.headers].map(([name, value]) => [name, [value]])),
      body: (limitBytes) => read(request, limitBytes),
    });
    return plain ? new Response(plain.body, plain) : new Response('Not found', { status: 404 });
  };
}

async function read(request: Request, limitBytes: number): Promise<PlainBody> {
  if (request.bodyUsed) return 'consumed';
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
  return Buffer.concat(chunks);
}
