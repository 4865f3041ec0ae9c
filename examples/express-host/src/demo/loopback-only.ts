// Answers only who asks for this machine by its own name: a page of another site whose name was made to lead here
// (DNS rebinding) has that name in its Host header.
import type { RequestHandler } from 'express';

const ownHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

export const loopbackOnly: RequestHandler = (request, response, next) => {
  const hosts = request.headersDistinct.host ?? [];
  if (hosts.length === 1 && ownHost.test(hosts[0] ?? '')) return next();
  response
    .status(421)
    .type('text/plain')
    .send('The demonstration answers on 127.0.0.1 and localhost only.\n');
};
