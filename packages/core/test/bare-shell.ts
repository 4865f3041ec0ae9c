// What every shell works with, on the ports in memory, with nothing around it: for the tests of one of them alone.
import { createMemoryClock, createMemoryEntropy, createMemoryStore } from '@precall/adapter-memory';
import { defaultPolicy, type Policy, type Store, type Trouble } from '@precall/core';
import { createNames } from '../src/names.ts';
import type { Shell } from '../src/shell.ts';
import { at } from './agreed-call.ts';

export function bareShell(options: { readonly store?: Store; readonly policy?: Partial<Policy> } = {}) {
  const clock = createMemoryClock(at('2026-11-23T12:00:00Z'));
  const troubles: Trouble[] = [];
  const woken: (string | null)[] = [];
  const shell: Shell = {
    store: options.store ?? createMemoryStore(),
    clock,
    policy: { ...defaultPolicy, ...options.policy },
    names: createNames('calcom', createMemoryEntropy('bare'), 'key'),
    crmWanted: true,
    calendarWanted: false,
    links: null,
    wake: (moment) => void woken.push(moment?.toString() ?? null),
    trouble: (trouble) => void troubles.push(trouble),
    observe: () => undefined,
  };
  return { shell, clock, troubles, woken };
}
