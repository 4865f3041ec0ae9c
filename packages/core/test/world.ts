// A whole Precall on the ports in memory, and a Cal.com to speak to it.
import {
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryScheduler,
  createMemoryStore,
  createMemoryTexter,
} from '@precall/adapter-memory';
import {
  type BookingId,
  type BookingSource,
  type Calendar,
  type Crm,
  createPrecall,
  defaultPolicy,
  type IntakeAnswer,
  type Mailer,
  type Policy,
  type Precall,
  type PrecallOptions,
  type Scheduler,
  type Store,
  type Taken,
  Temporal,
  type Texter,
  type Trouble,
} from '@precall/core';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import { type Said, saying, type Trigger } from './calcom-saying.ts';

export const secret = 'a-secret-of-the-tests';
/** Slug of the question whether one may be texted. */
export const consentField = 'may-we-text';
export const guest = 'guest@example.com';

interface WorldOptions {
  readonly now?: string;
  readonly policy?: Partial<Policy>;
  readonly store?: (store: Store) => Store;
  readonly crm?: Crm | 'none';
  /** Without it there is none. */
  readonly calendar?: Calendar;
  readonly mailer?: (mailer: Mailer) => Mailer;
  readonly doubt?: Mailer['doubt'];
  /** With what its provider posts. Without it there is no texter. */
  readonly texter?: (texter: Texter) => Texter;
  readonly scheduler?: 'none' | Scheduler;
  readonly source?: BookingSource;
  readonly links?: PrecallOptions['links'];
  readonly observe?: PrecallOptions['observe'];
  readonly onTrouble?: PrecallOptions['onTrouble'];
}

/** Work that waits for moments of a clock that stands still: lets short ones pass until it is done. */
async function settled(clock: ReturnType<typeof createMemoryClock>, work: Promise<void>): Promise<void> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  for (;;) {
    await clock.advance(Temporal.Duration.from({ milliseconds: 0 }));
    const [next] = clock.pending();
    if (done || !next) return work;
    await clock.advanceTo(next);
  }
}

export function createWorld(options: WorldOptions = {}) {
  const clock = createMemoryClock(Temporal.Instant.from(options.now ?? '2026-11-23T12:00:00Z'));
  const memory = createMemoryStore();
  const store = options.store?.(memory) ?? memory;
  const mailer = createMemoryMailer({ clock, ...(options.doubt && { doubt: options.doubt }) });
  const texter = createMemoryTexter({ clock, ...(options.doubt && { doubt: options.doubt }) });
  const crm = createMemoryCrm({ unknown: 'add' });
  const troubles: Trouble[] = [];

  function start(policy: Policy = { ...defaultPolicy, ...options.policy }): Precall {
    const usedCrm = options.crm ?? crm;
    return createPrecall({
      source: options.source ?? createCalcomSource({ secrets: [secret], consentField }),
      store,
      mailer: options.mailer?.(mailer) ?? mailer,
      ...(options.texter && { texter: options.texter(texter) }),
      clock,
      entropy: createMemoryEntropy('world'),
      policy,
      ...(usedCrm !== 'none' && { crm: usedCrm }),
      ...(options.calendar && { calendar: options.calendar }),
      ...(options.scheduler !== 'none' && {
        scheduler: options.scheduler ?? createMemoryScheduler({ clock }),
      }),
      ...(options.links && { links: options.links }),
      ...(options.observe && { observe: options.observe }),
      onTrouble: (trouble) => {
        troubles.push(trouble);
        return options.onTrouble?.(trouble);
      },
    });
  }

  let precall = start();

  async function post(body: object | string): Promise<IntakeAnswer> {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const headers = {
      'content-type': ['application/json'],
      'x-cal-signature-256': [signCalcom(secret, bytes)],
    };
    return precall.receive({ headers, body: bytes });
  }

  return {
    clock,
    store,
    memory,
    mailer,
    texter,
    crm,
    troubles,
    get precall() {
      return precall;
    },
    post,
    say: (trigger: Trigger, said: Said = {}) => post(saying(trigger, said)),
    /** The answer, which must be that something changed. */
    async change(trigger: Trigger, said: Said = {}): Promise<Taken> {
      const answer = await post(saying(trigger, said));
      if (answer.kind !== 'taken') throw new Error(`not taken: ${JSON.stringify(answer)}`);
      return answer;
    },
    start: () => precall.start(),
    /** The process is gone; another one starts on the same store. */
    async restart(policy?: Policy) {
      await precall.stop();
      precall = start(policy);
      await precall.start();
    },
    at: (moment: string) => clock.advanceTo(Temporal.Instant.from(moment)),
    /** Goes to a moment and does there what is due: for worlds without a scheduler. */
    async tickAt(moment: string): Promise<void> {
      await clock.advanceTo(Temporal.Instant.from(moment));
      await settled(clock, precall.tick());
    },
    async booking(uid: string) {
      const found = await precall.booking(`calcom:${uid}` as BookingId);
      return found.isOk() ? found.value : null;
    },
    /** `rule@moment` of each message, oldest first. */
    sent: () => mailer.sent.map(({ message, at }) => `${message.to} ${at.toString()}`),
    fields: () =>
      Object.fromEntries(
        crm
          .contacts()
          .map(({ email, fields }) => [
            email,
            Object.fromEntries(
              Object.entries(fields).map(([name, { value }]) => [name, value?.toString() ?? null]),
            ),
          ]),
      ),
  };
}
