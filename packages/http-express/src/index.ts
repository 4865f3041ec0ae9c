// @precall/http-express: everything public, by hand.
export { type Authorize, basicAuth, type HttpOptions, type Mailbox } from '@precall/http';
export { createPrecallRouter } from './precall-router.ts';
export { keepRawBody } from './raw-body.ts';
