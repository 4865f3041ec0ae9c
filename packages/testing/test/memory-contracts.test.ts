import { createMemoryStore } from '@precall/adapter-memory';
import { storeContract } from '../src/index.ts';

storeContract({ create: createMemoryStore });
