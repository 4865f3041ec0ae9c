import type { Precall } from '@precall/core';
import { basicAuth, createPrecallRouter } from '@precall/http-express';
import express, { type Express } from 'express';

export function createApp(precall: Precall, operatorPassword: string): Express {
  const app = express();
  const authorize = basicAuth({ user: 'operator', password: operatorPassword });
  app.use(createPrecallRouter({ precall, operator: { authorize } }));
  app.use(express.json()); // after Precall, which needs the raw body
  return app;
}
