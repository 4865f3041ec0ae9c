// `precall erase EMAIL`: everything about a person, for good.

import { counted, type Store } from '@precall/core';
import type { Answer } from './answer.ts';
import { postJson } from './host-access.ts';
import { localPrecall } from './local-precall.ts';
import { hostOf, type PlaceOptions, placeOf, variablesOfProcess, withEmbedded, withMongo } from './place.ts';
import { type PolicyOptions, policyOf } from './policy-of.ts';
import { answered } from './state-transfer.ts';

export async function runErase(email: string, options: PlaceOptions & PolicyOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const host = hostOf(options, variables);
  const policy = await policyOf(options, variables);
  const place = placeOf(options, variables);
  const erase = async (store: Store) => answered(await localPrecall(store, policy).erase(email));
  const { bookings } = host
    ? await postJson(host, '/operator/api/erase', { email })
    : place.kind === 'mongodb'
      ? await withMongo(place.uri, erase)
      : await withEmbedded(place.folder, erase);
  return {
    json: { bookings },
    words: `What was known about this person is erased: they were in ${counted(Number(bookings), 'booking')}.
The CRM, the mail provider, Cal.com, the local mailbox and backups keep what they have: erase it there too.`,
  };
}
