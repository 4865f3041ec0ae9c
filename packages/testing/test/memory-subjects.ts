// The memory ports as the contracts want them.
import {
  createMemoryCalendar,
  createMemoryClock,
  createMemoryCrm,
  createMemoryMailer,
  createMemoryScheduler,
  createMemoryTexter,
} from '@precall/adapter-memory';
import { Temporal, textOf } from '@precall/core';
import type {
  CalendarSubject,
  ClockSubject,
  CrmSubject,
  MailerSubject,
  SampleContact,
  SchedulerSubject,
  TexterSubject,
} from '../src/index.ts';

export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');

export function memoryClock(): ClockSubject {
  const clock = createMemoryClock(noon);
  return { clock, pass: clock.advance };
}

export function memoryScheduler(): SchedulerSubject {
  const clock = createMemoryClock(noon);
  return { scheduler: createMemoryScheduler({ clock }), now: clock.now, pass: clock.advance };
}

export function memoryMailer(): MailerSubject {
  const clock = createMemoryClock(noon);
  const mailer = createMemoryMailer({ clock });
  return {
    mailer,
    now: clock.now,
    pass: clock.advance,
    accepted: async () => mailer.sent.map(({ message }) => message),
    make(provider) {
      if (provider === 'silent') mailer.answerNext('no_answer');
      else if (provider === 'away') mailer.answerNext({ kind: 'unavailable', reason: 'away' });
      else mailer.answerNext({ kind: 'rejected', reason: 'refused' });
    },
  };
}

export function memoryTexter(): TexterSubject {
  const clock = createMemoryClock(noon);
  const texter = createMemoryTexter({ clock });
  return {
    texter,
    now: clock.now,
    pass: clock.advance,
    accepted: async () => texter.sent.map(({ message }) => message),
    make(provider) {
      if (provider === 'silent') texter.answerNext('no_answer');
      else if (provider === 'away') texter.answerNext({ kind: 'unavailable', reason: 'away' });
      else texter.answerNext({ kind: 'rejected', reason: 'refused' });
    },
  };
}

export function memoryCalendar(): CalendarSubject {
  const calendar = createMemoryCalendar();
  return { calendar, events: async () => calendar.events() };
}

export function memoryCrm(contacts: readonly SampleContact[]): CrmSubject {
  const crm = createMemoryCrm({ contacts });
  const first = (email: string) =>
    crm.contacts().find((contact) => contact.email.toLowerCase() === email.toLowerCase());
  return {
    crm,
    async read(email) {
      const fields = Object.entries(first(email)?.fields ?? {});
      return Object.fromEntries(fields.map(([name, value]) => [name, textOf(value)]));
    },
    readMark: async (email, campaign, step) => first(email)?.campaigns[campaign]?.sent[step] ?? null,
  };
}
