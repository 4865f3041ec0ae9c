// @precall/testing: contracts for Precall's ports, arbitraries and fault wrappers.

export { instants, lengths, momentsAround, zones } from './arbitraries.ts';
export { policies, quietHours, rules, wallTimes, whens } from './arbitrary-policies.ts';
export { type BookingUpdateOptions, bookingUpdates } from './arbitrary-updates.ts';
export {
  type CalendarContractOptions,
  type CalendarSubject,
  calendarContract,
  calendarPromises,
  useCalendar,
} from './calendar-contract.ts';
export {
  type ClockContractOptions,
  type ClockSubject,
  clockContract,
  clockPromises,
  useClock,
} from './clock-contract.ts';
export {
  brokenPromises,
  type ContractOptions,
  type Promised,
  registerContract,
  type Use,
} from './contract.ts';
export {
  type CrmContractOptions,
  type CrmSubject,
  crmContacts,
  crmContract,
  crmPromises,
  type SampleContact,
  useCrm,
  withoutCampaigns,
} from './crm-contract.ts';
export {
  type EntropyContractOptions,
  entropyContract,
  entropyPromises,
  useEntropy,
} from './entropy-contract.ts';
export {
  type MailerContractOptions,
  type MailerSubject,
  mailerContract,
  mailerPromises,
  type TexterContractOptions,
  type TexterSubject,
  texterContract,
  texterPromises,
  useMailer,
  useTexter,
} from './mailer-contract.ts';
export {
  type SchedulerContractOptions,
  type SchedulerSubject,
  schedulerContract,
  schedulerPromises,
  useScheduler,
} from './scheduler-contract.ts';
export { storeContract, storePromises } from './store-contract.ts';
export { type StoreContractOptions, type StoreSubject, useStore } from './store-subject.ts';
export { type Fault, faults, faultsInOrder, type PortCall, withFaults } from './with-faults.ts';
