import type { Mailer, Precall, Store } from '@precall/core';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalendlySource } from '@precall/source-calendly';

export function callsOnCalendly(key: string, { store, mailer }: { store: Store; mailer: Mailer }): Precall {
  return createPrecall({
    source: createCalendlySource({ secrets: [key], clock: createSystemClock() }),
    store,
    mailer,
  });
  // app.use(createPrecallRouter({ precall, webhookPath: '/webhook/calendly' })), before express.json()
}
