import type { Express } from 'express';
import {
  createAddressBook,
  createCalcomSource,
  createMailbox,
  createPrecall,
  createPrecallRouter,
  createSystemClock,
  openEmbeddedStore,
  type Precall,
} from 'precall';

export async function addPrecall(app: Express, folder: string, secret: string): Promise<Precall> {
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store: openEmbeddedStore({ folder }).unwrap(),
    crm: createAddressBook({ folder }),
    mailer: createMailbox({ folder, clock: createSystemClock() }),
  });
  (await precall.start()).unwrap();
  app.use(createPrecallRouter({ precall })); // POST /webhook/calcom-booking, before express.json()
  return precall;
}
