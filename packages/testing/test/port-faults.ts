// For each promise of the other contracts a port that breaks it.
import type { MemoryClock } from '@precall/adapter-memory';
import { createMemoryClock, createMemoryScheduler } from '@precall/adapter-memory';
import type { Calendar, Crm, Entropy, Found, Instant, Mailer, Scheduler } from '@precall/core';
import { Err, Ok } from '@precall/core';
import type {
  CalendarSubject,
  ClockSubject,
  CrmSubject,
  MailerSubject,
  SchedulerSubject,
} from '../src/index.ts';
import { noon } from './memory-subjects.ts';

type Faults<Subject> = { readonly [promise: string]: (subject: Subject) => Subject };

const clockThat =
  (change: (clock: ClockSubject['clock']) => Partial<ClockSubject['clock']>) => (subject: ClockSubject) => ({
    ...subject,
    clock: { ...subject.clock, ...change(subject.clock) },
  });

export const clockFaults: Faults<ClockSubject> = {
  'now: goes on, in whole milliseconds': clockThat(() => ({ now: () => noon })),
  'at: runs once the moment has come': clockThat((clock) => ({
    at: (moment, run) => clock.at(moment.add({ minutes: 1 }), run),
  })),
  'at: runs what is due already': clockThat((clock) => ({
    at: (moment, run) =>
      moment.epochMilliseconds <= clock.now().epochMilliseconds ? () => {} : clock.at(moment, run),
  })),
  'at: runs only once': clockThat((clock) => ({
    at(moment, run) {
      clock.at(moment.add({ milliseconds: 20 }), run);
      return clock.at(moment, run);
    },
  })),
  'at: never runs before the moment by this same clock': clockThat((clock) => ({
    at: (moment, run) => clock.at(moment.subtract({ milliseconds: 1 }), run),
  })),
  'at: never runs inside the call': clockThat((clock) => ({
    at(moment, run) {
      if (moment.epochMilliseconds > clock.now().epochMilliseconds) return clock.at(moment, run);
      run();
      return () => {};
    },
  })),
  'at: what is cancelled does not run': clockThat((clock) => ({
    at(moment, run) {
      clock.at(moment, run);
      return () => {};
    },
  })),
};

export const entropyFaults: Faults<Entropy> = {
  'id: never the same twice': (entropy) => {
    const only = entropy.id();
    return { ...entropy, id: () => only };
  },
  'id: room for 128 bits, in letters, digits, - and _': (entropy) => ({
    ...entropy,
    id: () => entropy.id().slice(0, 24),
  }),
  'keyedHash: HMAC-SHA-256 in lower-case hex (RFC 4231, case 2)': (entropy) => ({
    ...entropy,
    keyedHash: (key, text) => entropy.keyedHash(text, key),
  }),
  'keyedHash: of the UTF-8 of the text': (entropy) => ({
    ...entropy,
    keyedHash: (key, text) => entropy.keyedHash(key, text.normalize('NFD')),
  }),
};

const schedulerThat =
  (change: (scheduler: Scheduler, now: () => Instant) => Partial<Scheduler>) =>
  (subject: SchedulerSubject) => ({
    ...subject,
    scheduler: { ...subject.scheduler, ...change(subject.scheduler, subject.now) },
  });

export const schedulerFaults: Faults<SchedulerSubject> = {
  'ring: each moment rings while started': schedulerThat(({ ring }) => ({
    ring: (at) => ring(at.slice(0, 1)),
  })),
  'ring: a moment asked for later rings before a later moment asked for earlier': schedulerThat(
    ({ ring }) => {
      let latestMs = 0;
      return {
        ring(at) {
          latestMs = Math.max(latestMs, ...at.map(({ epochMilliseconds }) => epochMilliseconds));
          return ring(at.filter(({ epochMilliseconds }) => epochMilliseconds >= latestMs));
        },
      };
    },
  ),
  'ring: a moment that has passed rings soon': schedulerThat(({ ring }, now) => ({
    ring: (at) => ring(at.filter(({ epochMilliseconds }) => epochMilliseconds > now().epochMilliseconds)),
  })),
  'ring: a moment asked for before the start rings once started': schedulerThat(({ ring, start }) => {
    let isStarted = false;
    return {
      start(onRing) {
        isStarted = true;
        return start(onRing);
      },
      ring: async (at) => (isStarted ? ring(at) : Ok.EMPTY),
    };
  }),
  'ring: the same moment asked for twice rings once': schedulerThat(({ ring }) => {
    let times = 0;
    // a moment of its own for each time of asking
    return { ring: (at) => ring(at.map((moment) => moment.add({ milliseconds: times++ }))) };
  }),
  'ring: never early': schedulerThat(({ ring }) => ({
    ring: (at) => ring(at.map((moment) => moment.subtract({ seconds: 1 }))),
  })),
  'start: rings at least once a minute': () => {
    const clock = createMemoryClock(noon);
    return {
      scheduler: createMemoryScheduler({ clock: halfAsFast(clock) }),
      now: clock.now,
      pass: clock.advance,
    };
  },
  'stop: no ring begins after Ok': schedulerThat(() => ({ stop: async () => Ok.EMPTY })),
};

/** Alarms over ten seconds ahead take twice as long. */
function halfAsFast(clock: MemoryClock): MemoryClock {
  return {
    ...clock,
    at(moment, run) {
      const ms = moment.epochMilliseconds - clock.now().epochMilliseconds;
      return clock.at(moment.add({ milliseconds: ms > 10_000 ? ms : 0 }), run);
    },
  };
}

const mailerThat =
  (change: (mailer: Mailer, subject: MailerSubject) => Partial<Mailer>) => (subject: MailerSubject) => ({
    ...subject,
    mailer: { ...subject.mailer, ...change(subject.mailer, subject) },
  });

export const mailerFaults: Faults<MailerSubject> = {
  'send: Ok means that the provider has the message, once and as given': mailerThat(({ send }) => ({
    send: (message, call) => send({ ...message, subject: message.subject.normalize('NFD') }, call),
  })),
  'send: each onceKey is a message of its own': mailerThat(({ send }) => ({
    send: (message, call) => send(message, { ...call, onceKey: message.to }),
  })),
  'doubt `once`: a repeated onceKey is Ok again and accepted once': mailerThat(({ send }) => ({
    send: (message, call) => send(message, { ...call, onceKey: call.attemptId }),
  })),
  'send: a calendar file goes along whole, and none where none was given': mailerThat(({ send }) => ({
    send({ calendar, ...message }, call) {
      const content = calendar?.content.replace(/\r\n /g, '') ?? '';
      return send({ ...message, ...(calendar && { calendar: { ...calendar, content } }) }, call);
    },
  })),
  'find: a message by its onceKey once it was accepted, null before': mailerThat(() => ({
    find: async () => Ok(null),
  })),
  'send: gives up at the deadline with unknown, or unavailable if nothing was sent': mailerThat(
    ({ send }) => ({
      send: (message, call) => send(message, { ...call, deadline: call.deadline.add({ minutes: 1 }) }),
    }),
  ),
  'send: starts nothing at or after the deadline': mailerThat(({ send }) => ({
    send: (message, call) => send(message, { ...call, deadline: call.deadline.add({ minutes: 1 }) }),
  })),
  'send: a provider that cannot be reached is unavailable or unknown, never a rejection': mailerThat(
    ({ send }) => ({
      async send(message, call) {
        const answer = await send(message, call);
        if (answer.isErr()) throw new Error(answer.error.reason);
        return answer;
      },
    }),
  ),
  'send: a provider that refuses the message for good is rejected': mailerThat(({ send }) => ({
    async send(message, call) {
      const answer = await send(message, call);
      return answer.isErr() ? Err({ kind: 'unavailable', reason: answer.error.reason }) : answer;
    },
  })),
};

const crmThat = (change: (crm: Crm) => Partial<Crm>) => (subject: CrmSubject) => ({
  ...subject,
  crm: { ...subject.crm, ...change(subject.crm) },
});

/** Takes the first of many; `fallback` where there is none. */
const firstOf = (found: Found<string>, ref: string): Found<string> =>
  found.kind === 'many' ? { kind: 'one', ref } : found;

export const crmFaults: Faults<CrmSubject> = {
  'findContact: regardless of case': crmThat(({ findContact }) => ({
    findContact: async (email) => (/[A-Z]/.test(email) ? Ok({ kind: 'none' }) : findContact(email)),
  })),
  'findContact: none where there is none': crmThat(({ findContact }) => ({
    findContact: (email) => findContact(email.endsWith('.co') ? `${email}m` : email),
  })),
  'findContact: many where several have the address': crmThat(({ findContact }) => ({
    findContact: async (email) => (await findContact(email)).map((found) => firstOf(found, 'contact-3')),
  })),
  'findMembership: of that campaign and address, regardless of case': crmThat(({ findMembership }) => ({
    findMembership: async (email, campaign) =>
      /[A-Z]/.test(email) ? Ok({ kind: 'none' }) : findMembership(email, campaign),
  })),
  'findMembership: none where the contact is not in that campaign': crmThat(({ findMembership }) => ({
    findMembership: (email, campaign) => findMembership(email, campaign === 'Missing' ? 'Other' : campaign),
  })),
  'findMembership: many where several are in the campaign': crmThat(({ findMembership }) => ({
    findMembership: async (...args) =>
      (await findMembership(...args)).map((found) => firstOf(found, 'contact-3/Other')),
  })),
  'update: the values written are there': crmThat(() => ({ update: async () => Ok.EMPTY })),
  'read: the text of what stands there, null for what is empty, after a write what was written': crmThat(
    () => ({ read: async (_ref, names) => Ok(Object.fromEntries(names.map((name) => [name, null]))) }),
  ),
  'read: a tick is true, and is not any more once it is taken away': crmThat(() => ({
    read: async (_ref, names) => Ok(Object.fromEntries(names.map((name) => [name, 'true']))),
  })),
  'update: null clears': crmThat(({ update }) => ({
    update: (ref, fields) =>
      update(ref, Object.fromEntries(Object.entries(fields).filter(([, field]) => field.value !== null))),
  })),
  'update: leaves what it does not name alone, and other contacts': crmThat(({ update }) => ({
    async update(ref, fields) {
      await update('contact-2', fields);
      return update(ref, fields);
    },
  })),
  'update: the last writer wins, and the same values again are harmless': crmThat(({ update }) => {
    const written = new Set<string>();
    return {
      update: async (ref, fields) => {
        const isNew = !written.has(ref);
        written.add(ref);
        return isNew ? update(ref, fields) : Ok.EMPTY;
      },
    };
  }),
  'recordSent: marks the step, and only that': crmThat(({ recordSent }) => ({
    async recordSent(ref, step, at) {
      await recordSent(ref, '2h', at);
      return recordSent(ref, step, at);
    },
  })),
  'recordSent: the same mark again is harmless': crmThat(({ recordSent }) => {
    let times = 0;
    return { recordSent: (ref, step, at) => recordSent(ref, step, at.add({ seconds: times++ })) };
  }),
  'recordSent: a mark that is there and not ours is left alone': (subject) => {
    const marks = new Map<string, Instant>();
    return {
      ...subject,
      crm: {
        ...subject.crm,
        recordSent: async (_ref, step, at) => {
          marks.set(step, at);
          return Ok.EMPTY;
        },
      },
      readMark: async (email, campaign, step) => marks.get(step) ?? subject.readMark(email, campaign, step),
    };
  },
  'describe: finds nothing wrong with a schema that fits': crmThat(() => ({
    describe: async () => Ok([{ where: 'Booking Status', fault: 'missing', cure: 'add it' }]),
  })),
  'update, recordSent: a reference that is none is rejected, not thrown': crmThat(
    ({ recordSent, update }) => ({
      async update(ref, fields) {
        return ref.startsWith('contact')
          ? update(ref, fields)
          : Err({ kind: 'unavailable', reason: 'not found' });
      },
      recordSent,
    }),
  ),
};

const calendarThat = (change: (calendar: Calendar) => Partial<Calendar>) => (subject: CalendarSubject) => ({
  ...subject,
  calendar: { ...subject.calendar, ...change(subject.calendar) },
});

export const calendarFaults: Faults<CalendarSubject> = {
  'put: the event is there, as given': calendarThat(({ put }) => ({
    put: (event) => put({ ...event, place: event.place?.replaceAll('&', '&amp;') ?? null }),
  })),
  'put: the same event again changes nothing': calendarThat(({ put }) => {
    let times = 0;
    return { put: (event) => put({ ...event, title: `${event.title}${'!'.repeat(times++)}` }) };
  }),
  'put: what the event said before is gone, and other events are left alone': calendarThat(({ put }) => {
    let place: string | null = null;
    return {
      put(event) {
        place = event.place ?? place;
        return put({ ...event, place });
      },
    };
  }),
  'put: an event that was removed is there again': calendarThat(({ put, remove }) => {
    const removed = new Set<string>();
    return {
      put: async (event) => (removed.has(event.id) ? Ok.EMPTY : put(event)),
      remove(id) {
        removed.add(id);
        return remove(id);
      },
    };
  }),
  'remove: the event is gone, and other events are left alone': calendarThat(() => ({
    remove: async () => Ok.EMPTY,
  })),
  'remove: Ok where there is no such event, or none any more': calendarThat(({ remove }) => {
    const removed = new Set<string>();
    return {
      async remove(id) {
        if (removed.has(id)) return Err({ kind: 'rejected', reason: 'it was removed' });
        removed.add(id);
        return remove(id);
      },
    };
  }),
  'describe: finds nothing wrong with a calendar that may be written': calendarThat(() => ({
    describe: async () => Ok([{ where: 'calendar', fault: 'not shared', cure: 'share it' }]),
  })),
};
