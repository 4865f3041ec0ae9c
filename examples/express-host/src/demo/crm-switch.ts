// A CRM that can be taken away and brought back, as a visitor wishes.
import { type Crm, Err, type PortResult, Temporal } from '@precall/core';
import type { Journal } from './journal.ts';

export interface SwitchedCrm extends Crm {
  isAway(): boolean;
  takeAway(): void;
  bringBack(): void;
}

/** While away every call is `unavailable`, to be tried again in a second. The journal has each update that was made. */
export function createCrmSwitch(crm: Crm, journal: Pick<Journal, 'say'>): SwitchedCrm {
  let away = false;
  const retryAfter = Temporal.Duration.from({ seconds: 1 });

  return {
    isAway: () => away,
    takeAway() {
      if (!away) journal.say('The CRM is away: it answers nothing. Reminders go all the same.');
      away = true;
    },
    bringBack() {
      if (away) journal.say('The CRM is back.');
      away = false;
    },
    findContact: (email) => whileThere(() => crm.findContact(email)),
    findMembership: (email, campaign) => whileThere(() => crm.findMembership(email, campaign)),
    async update(contact, fields) {
      const updated = await whileThere(() => crm.update(contact, fields));
      const words = Object.entries(fields).map(
        ([property, { value }]) => `${property}: ${value ?? '(none)'}`,
      );
      if (updated.isOk()) journal.say(`Contact ${contact}: ${words.join(', ')}`);
      return updated;
    },
    recordSent: (member, step, at) => whileThere(() => crm.recordSent(member, step, at)),
    describe: () => whileThere(() => crm.describe()),
  };

  async function whileThere<T>(call: () => PortResult<T>): PortResult<T> {
    return away ? Err({ kind: 'unavailable', reason: 'the CRM was taken away', retryAfter }) : call();
  }
}
