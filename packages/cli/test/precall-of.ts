// A Precall in memory, for the webhooks that are pinged.
import { createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import type { Precall } from '@precall/core';
import { createPrecall, createSystemClock } from '@precall/node';
import { type CalcomSourceOptions, createCalcomSource } from '@precall/source-calcom';

export function precallOf(source: CalcomSourceOptions): Precall {
  const clock = createSystemClock();
  return createPrecall({
    source: createCalcomSource(source),
    store: createMemoryStore(),
    mailer: createMemoryMailer({ clock }),
    clock,
  });
}
