// @precall/http: everything public, by hand.
export type { Clock } from '@precall/core';
export { type AskedRoute, type Authorization, type Authorize, basicAuth } from './basic-auth.ts';
export { createHttp, type Http, type HttpOptions } from './create-http.ts';
export { createFetchHandler, type FetchHandler } from './fetch-handler.ts';
export type { MetricsText } from './metrics.ts';
export type { Mailbox } from './operator-api.ts';
export type { OwnAnswer } from './own-answer.ts';
export type { PlainBody, PlainRequest, PlainResponse } from './plain.ts';
export { isSameOrigin } from './same-origin.ts';
export type { Backup } from './upkeep.ts';
export { processClock } from './waiting.ts';
