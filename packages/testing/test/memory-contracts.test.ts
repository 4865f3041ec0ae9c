import { createMemoryEntropy, createMemoryStore } from '@precall/adapter-memory';
import {
  clockContract,
  crmContract,
  entropyContract,
  mailerContract,
  schedulerContract,
  storeContract,
  texterContract,
} from '../src/index.ts';
import { memoryClock, memoryCrm, memoryMailer, memoryScheduler, memoryTexter } from './memory-subjects.ts';

clockContract({ create: memoryClock });
entropyContract({ create: () => createMemoryEntropy('contract') });
storeContract({ create: createMemoryStore });
schedulerContract({ create: memoryScheduler });
crmContract({ create: memoryCrm });
mailerContract({ create: memoryMailer });
texterContract({ create: memoryTexter });
