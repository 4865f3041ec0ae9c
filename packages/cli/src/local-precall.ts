// A Precall on a store that the command has opened, for reading it and for erasing. It is never started, and sends nothing.
import { type Crm, Err, type Mailer, type Policy, type Precall, type Store } from '@precall/core';
import { createPrecall } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';

export function localPrecall(store: Store, policy: Policy): Precall {
  return createPrecall({ source: createCalcomSource({ unsigned: 'allow' }), store, mailer, crm, policy });
}

const nothing = async () => Err({ kind: 'unavailable', reason: 'this command sends nothing' } as const);
const mailer: Mailer = { doubt: 'silent', send: nothing };
/** There to have its records shown. */
const crm: Crm = {
  findContact: nothing,
  findMembership: nothing,
  update: nothing,
  recordSent: nothing,
  describe: nothing,
};
