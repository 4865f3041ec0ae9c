// @precall/adapter-memory: every port in memory, and a clock you move by hand.
export { type CalendarCall, createMemoryCalendar, type MemoryCalendar } from './memory-calendar.ts';
export { createMemoryClock, type MemoryClock } from './memory-clock.ts';
export { type CrmCall, createMemoryCrm, type MemoryContact, type MemoryCrm } from './memory-crm.ts';
export { createMemoryEntropy } from './memory-entropy.ts';
export {
  createMemoryMailer,
  createMemoryTexter,
  type KeptMessage,
  type MemoryMailer,
  type MemoryTexter,
} from './memory-mailer.ts';
export { createMemoryScheduler } from './memory-scheduler.ts';
export { createMemoryStore } from './memory-store.ts';
