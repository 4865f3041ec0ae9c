// A Precall on a store that the command has opened, for reading it and for erasing. It is never started, and sends nothing.
import { type Crm, Err, type Policy, type Precall, type Store } from '@precall/core';
import { createPrecall } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';

export function localPrecall(store: Store, policy: Policy): Precall {
  const source = createCalcomSource({ unsigned: 'allow' });
  return createPrecall({ source, store, mailer: sender, texter: sender, crm, policy });
}

const nothing = async () => Err({ kind: 'unavailable', reason: 'this command sends nothing' } as const);
const sender = { doubt: 'silent', send: nothing } as const;
/** There to have its records shown. */
const crm: Crm = {
  findContact: nothing,
  findMembership: nothing,
  update: nothing,
  recordSent: nothing,
  describe: nothing,
};
