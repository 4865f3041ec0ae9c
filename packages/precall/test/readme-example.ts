import type { Express } from 'express';
import {
  createAddressBook,
  createCalcomSource,
  createMailbox,
  createPrecall,
  createPrecallRouter,
  createSystemClock,
  openEmbeddedStore,
  orThrow,
  type Precall,
} from 'precall';

export async function addPrecall(app: Express, folder: string, secret: string): Promise<Precall> {
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store: orThrow(openEmbeddedStore({ folder })),
    crm: createAddressBook({ folder }),
    mailer: createMailbox({ folder, clock: createSystemClock() }),
  });
  orThrow(await precall.start());
  app.use(createPrecallRouter({ precall })); // POST /webhook/calcom-booking, before express.json()
  return precall;
}
