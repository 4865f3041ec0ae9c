// Each promise of each contract has a port here that breaks it; the contract must say so by that promise's name.
import { createMemoryEntropy, createMemoryStore } from '@precall/adapter-memory';
import { type Crm, Err, Ok } from '@precall/core';
import { describe, expect, it } from 'vitest';
import {
  brokenPromises,
  calendarPromises,
  clockPromises,
  crmPromises,
  entropyPromises,
  mailerPromises,
  type Promised,
  schedulerPromises,
  storePromises,
  type Use,
  useCalendar,
  useClock,
  useCrm,
  useEntropy,
  useMailer,
  useScheduler,
  useStore,
  withoutCampaigns,
} from '../src/index.ts';
import { memoryCalendar, memoryClock, memoryCrm, memoryMailer, memoryScheduler } from './memory-subjects.ts';
import {
  calendarFaults,
  clockFaults,
  crmFaults,
  entropyFaults,
  mailerFaults,
  schedulerFaults,
} from './port-faults.ts';
import { storeFaults } from './store-faults.ts';

function eachPromiseCanFail<Subject>(
  port: string,
  promises: readonly Promised<Subject>[],
  use: Use<Subject>,
  faults: { readonly [promise: string]: (subject: Subject) => Subject },
): void {
  describe(`${port} contract`, () => {
    it('finds no fault in the memory port', async () => {
      expect(await brokenPromises(promises, use)).toEqual([]);
    });
    it('has a fault for each promise, and no other', () => {
      expect(new Set(Object.keys(faults))).toEqual(new Set(promises.map(({ promise }) => promise)));
    });
    it.each(Object.entries(faults))('fails when broken: %s', async (promise, fault) => {
      const theOne = promises.filter((each) => each.promise === promise);
      const broken = await brokenPromises(theOne, (run) => use((subject) => run(fault(subject))));
      expect(broken).toEqual([promise]);
    });
  });
}

const durable = {
  create: createMemoryStore,
  reopen: async (store: ReturnType<typeof createMemoryStore>) => store,
};

eachPromiseCanFail('Clock', clockPromises, useClock({ create: memoryClock }), clockFaults);
eachPromiseCanFail(
  'Entropy',
  entropyPromises,
  useEntropy({ create: () => createMemoryEntropy(1) }),
  entropyFaults,
);
eachPromiseCanFail('Store', storePromises, useStore(durable), {
  ...Object.fromEntries(
    Object.entries(storeFaults).map(([promise, fault]) => [
      promise,
      ({ store, reopen }) => ({ store: fault(store), reopen }),
    ]),
  ),
  'save: durable once Ok': ({ store }) => ({ store, reopen: async () => createMemoryStore() }),
});
eachPromiseCanFail(
  'Scheduler',
  schedulerPromises,
  useScheduler({ create: memoryScheduler }),
  schedulerFaults,
);
eachPromiseCanFail('Mailer', mailerPromises, useMailer({ create: memoryMailer }), mailerFaults);
eachPromiseCanFail('Calendar', calendarPromises, useCalendar({ create: memoryCalendar }), calendarFaults);
eachPromiseCanFail('Crm', crmPromises, useCrm({ create: memoryCrm }), crmFaults);

describe('a CRM without campaigns', () => {
  it('breaks the promises that it is to skip, and no other', async () => {
    const create: typeof memoryCrm = (contacts) => {
      const subject = memoryCrm(contacts);
      const crm: Crm = {
        ...subject.crm,
        findMembership: async () => Ok({ kind: 'none' }),
        recordSent: async () => Err({ kind: 'rejected', reason: 'there are no marks' }),
      };
      return { ...subject, crm };
    };
    const broken = await brokenPromises(crmPromises, useCrm({ create }));
    expect(broken).toEqual(Object.keys(withoutCampaigns));
  });
});
