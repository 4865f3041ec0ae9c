// `precall erase EMAIL`: everything about a person, for good.

import { counted, type Policy, type Store } from '@precall/core';
import type { Answer } from './answer.ts';
import { postJson } from './host-access.ts';
import { localPrecall } from './local-precall.ts';
import {
  hostOf,
  type Place,
  type PlaceOptions,
  placeOf,
  variablesOfProcess,
  withEmbedded,
  withMongo,
} from './place.ts';
import { answered } from './state-transfer.ts';
import { type PolicyOptions, withRules } from './with-rules.ts';

export async function runErase(email: string, options: PlaceOptions & PolicyOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const host = hostOf(options, variables);
  const { bookings } = host
    ? await postJson(host, '/operator/api/erase', { email })
    : await withRules(options, variables, ({ policy }) => eraseIn(placeOf(options, variables), policy));
  return {
    json: { bookings },
    words: `What was known about this person is erased: they were in ${counted(Number(bookings), 'booking')}.
The CRM, the mail provider, Cal.com, the local mailbox and backups keep what they have: erase it there too.`,
  };

  async function eraseIn(place: Place, policy: Policy) {
    const erase = async (store: Store) => answered(await localPrecall(store, policy).erase(email));
    return place.kind === 'mongodb'
      ? await withMongo(place.uri, erase)
      : await withEmbedded(place.folder, erase);
  }
}
