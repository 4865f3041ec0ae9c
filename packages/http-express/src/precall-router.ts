// Precall's routes as an Express router.
import { createHttp, type HttpOptions, type PlainRequest, processClock } from '@precall/http';
// By its default: with --disallow-code-generation-from-strings Node 20.19.0 finds no names in a CommonJS module.
import express, { type Request, type Router } from 'express';
import { readRawBody } from './raw-body.ts';
import { send } from './send.ts';

/**
 * Mount it before `express.json()`. What is none of its paths goes on to `next()`. It reads the body itself, since
 * a signature is made over the raw bytes.
 */
export function createPrecallRouter(options: HttpOptions): Router {
  const { clock = processClock } = options;
  const answer = createHttp({ ...options, clock });
  return express.Router().use(async (request, response, next) => {
    const plain = await answer(plainRequest(request));
    if (plain) send(response, plain, { clock });
    else next();
  });
}

function plainRequest(request: Request): PlainRequest {
  const { url } = request;
  const mark = url.indexOf('?');
  return {
    method: request.method,
    path: request.path,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark)),
    headers: Object.fromEntries(
      Object.entries(request.headersDistinct).map(([name, lines]) => [name, lines ?? []]),
    ),
    body: (limitBytes) => readRawBody(request, limitBytes),
  };
}
