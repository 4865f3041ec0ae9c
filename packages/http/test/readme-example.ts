import type { Precall } from '@precall/core';
import { basicAuth, createFetchHandler } from '@precall/http';
import { Hono } from 'hono';

export function createApp(precall: Precall, operatorPassword: string): Hono {
  const authorize = basicAuth({ user: 'operator', password: operatorPassword });
  const handle = createFetchHandler({ precall, operator: { authorize } });
  const app = new Hono();
  for (const path of ['/webhook/*', '/link/*', '/calendar/*', '/operator/*', '/livez', '/readyz'])
    app.all(path, ({ req }) => handle(req.raw)); // before anything that reads the body
  return app;
}
