// The README's ten lines, in the server of somebody who has one already.
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
} from 'precall';

export async function addPrecall(app: Express, folder: string, secret: string) {
  // readme: begin
  const store = orThrow(openEmbeddedStore({ folder }));
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store,
    crm: createAddressBook({ folder }),
    mailer: createMailbox({ folder, clock: createSystemClock() }),
  });
  orThrow(await precall.start());
  app.use(createPrecallRouter({ precall })); // POST /webhook/calcom-booking, before express.json()
  // readme: end
  return { precall, store };
}
