// The README's ten lines, in the server of somebody who has one already.
import { createAddressBook, createMailbox, openEmbeddedStore } from '@precall/adapter-embedded';
import { createPrecallRouter } from '@precall/http-express';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import type { Express } from 'express';

export async function addPrecall(app: Express, folder: string, secret: string) {
  // readme: begin
  const store = openEmbeddedStore({ folder }).unwrap();
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store,
    crm: createAddressBook({ folder }),
    mailer: createMailbox({ folder, clock: createSystemClock() }),
  });
  (await precall.start()).unwrap();
  app.use(createPrecallRouter({ precall })); // POST /webhook/calcom-booking, before express.json()
  // readme: end
  return { precall, store };
}
