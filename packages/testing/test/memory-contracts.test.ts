import { createMemoryEntropy, createMemoryStore } from '@precall/adapter-memory';
import {
  calendarContract,
  clockContract,
  crmContract,
  entropyContract,
  mailerContract,
  schedulerContract,
  storeContract,
  texterContract,
} from '../src/index.ts';
import {
  memoryCalendar,
  memoryClock,
  memoryCrm,
  memoryMailer,
  memoryScheduler,
  memoryTexter,
} from './memory-subjects.ts';

clockContract({ create: memoryClock });
entropyContract({ create: () => createMemoryEntropy('contract') });
storeContract({ create: createMemoryStore });
schedulerContract({ create: memoryScheduler });
crmContract({ create: memoryCrm });
calendarContract({ create: memoryCalendar });
mailerContract({ create: memoryMailer });
texterContract({ create: memoryTexter });
