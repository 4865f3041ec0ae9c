// One simulated world: workers over one store, a provider, a CRM, a Cal.com, and an oracle that watches. Everything in
// it follows from the seed.
import { createHmac } from 'node:crypto';
import type {
  createPrecall,
  Entropy,
  IntakeAnswer,
  Message,
  Precall,
  Stored,
  TextMessage,
  Trouble,
} from '@precall/core';
import { bellFor } from './bell.ts';
import { calendarFor, createSharedCalendar, type SharedCalendar } from './calendar-system.ts';
import { createCalls, type FateOf, type PortName } from './calls.ts';
import { type CrmContact, crmFor } from './crm-system.ts';
import { watchCrm } from './crm-watch.ts';
import { type Backup, createDatabase, type Database, storeFor } from './database.ts';
import { createPoster, createReporter, type Said, simulatedEvents } from './delivery-events.ts';
import { createHeard, type Heard } from './heard.ts';
import { createOracle, type Oracle } from './oracle.ts';
import { type PolicySpec, policyOf } from './policies.ts';
import { createProvider, type SendWatch, senderFor } from './provider.ts';
import { countConflict, countHeard } from './races.ts';
import type { Random } from './random.ts';
import type { ReadReminder } from './reading-reminders.ts';
import { createSender, type Host, type Sender } from './sender.ts';
import { createSimulationSource, type Emission, type SourceName } from './source.ts';
import { createTally, type Tally } from './tally.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import { createWorker, type Worker } from './worker.ts';

export interface World {
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly database: Database;
  readonly heard: Heard;
  readonly oracle: Oracle;
  readonly sender: Sender;
  /** Null: none is kept. */
  readonly calendar: SharedCalendar | null;
  readonly contacts: readonly CrmContact[];
  /** Addresses of which the CRM refused some write for good. */
  readonly refusedByCrm: ReadonlySet<string>;
  /** What somebody was told to look at. */
  readonly troubles: ReadonlySet<Trouble['kind']>;
  readonly note: (who: string, line: () => string) => void;
  /** Starts one more worker, which takes webhooks of this source; it is started again whenever it dies. */
  addWorker(policy: PolicySpec, source: SourceName): void;
  /** Stops a worker in good order, if it can, and starts it with this policy. */
  restart(index: number, policy: PolicySpec): void;
  /** A worker does nothing for so long. */
  pause(worker: Worker, ms: number): void;
  workers(): readonly Worker[];
  say(update: Emission['update']): void;
  erase(email: string): void;
  /** The owner of a number wants no more texts, or wants them again. */
  wish(number: string, said: 'stop' | 'start', onTaken: () => void): void;
  /** From now on no fault happens; all workers start again with this policy. */
  calm(policy: PolicySpec): void;
  /** Everybody dies, and the store is what it was then. */
  restore(backup: Backup, backupMs: number): void;
  isCalm(): boolean;
  calls(): number;
  crashes(): number;
}

export interface WorldOptions {
  readonly seed: string;
  readonly startMs: number;
  readonly random: Random;
  readonly weather: Weather;
  readonly createPrecall: typeof createPrecall;
  readonly contacts: readonly CrmContact[];
  readonly fateOf: (world: {
    tally: Tally;
    isCalm: () => boolean;
    isAway: (port: PortName) => boolean;
  }) => FateOf;
  readonly isAway: (port: PortName, nowMs: number) => boolean;
  readonly trace: ((line: string) => void) | null;
}

/** Of one worker; one that has nothing to do makes about 60,000 in its week. */
const mostCallsOfWorker = 150_000;
/** Of each worker for a call that was put aside: it wakes them all five minutes later, and takes about 36 calls of each. */
const mostCallsOfPuttingAside = 50;

export function createWorld(options: WorldOptions): World {
  const { seed, random, weather, trace } = options;
  const timeline = createTimeline(options.startMs);
  const tally = createTally();
  const database = createDatabase();
  const heard = createHeard();
  const policies = new Map<Worker, PolicySpec>();
  const slots: {
    host: Host | null;
    readonly letter: string;
    readonly source: SourceName;
    policy: PolicySpec;
    started: boolean;
    count: number;
  }[] = [];
  let calm = false;
  let calls = 0;
  let crashes = 0;
  let putAside = 0;
  let ids = 0;
  let said = 0;
  const isCalm = (): boolean => calm;
  const note = (who: string, line: () => string): void => {
    if (trace) trace(`${new Date(timeline.nowMs()).toISOString().slice(5, 23)} ${who.padEnd(8)} ${line()}`);
  };
  const policyOfWorker = (worker: Worker): PolicySpec => {
    const policy = policies.get(worker);
    if (!policy) throw new Error('every worker has a policy');
    return policy;
  };
  const oracle = createOracle({
    heard,
    timeline,
    tally,
    weather,
    policyOf: policyOfWorker,
    isStoreAway: (ms) => options.isAway('store', ms),
  });
  const calendar = weather.calendar ? createSharedCalendar(oracle.violate) : null;
  const crm = watchCrm({ oracle, timeline, weather });
  const perTenSeconds = weather.kind === 'calm' ? 1_000 : 12;
  const providers = {
    mail: createProvider(timeline, weather.doubt, perTenSeconds),
    sms: createProvider(timeline, weather.doubt, perTenSeconds),
  };
  const fateOf = options.fateOf({ tally, isCalm, isAway: (port) => options.isAway(port, timeline.nowMs()) });
  const pauses = random.branch('pauses');
  const entropyRandom = random.branch('entropy');
  const sender = createSender({
    timeline,
    random: random.branch('network'),
    tally,
    weather,
    oracle,
    hosts: startedHosts,
    isCalm,
    onAnswer,
    hadReason: ({ worker }, sinceMs) =>
      slots.some(({ host, started }) => host?.worker === worker && !started) ||
      Math.max(lastConflictMs, storeTroubles.get(worker) ?? -Infinity) >= sinceMs,
    note,
  });
  const reports = random.branch('reports');
  const post = createPoster({
    timeline,
    random: reports,
    hosts: startedHosts,
    onRejection: (cause) => oracle.violate(25, `deliveryEvents rejects: ${String(cause)}`),
    note,
  });
  const report = createReporter({ timeline, random: reports, tally, isCalm, post, onTaken: reported });
  /** When the store last failed a worker, or made it come again. */
  const storeTroubles = new Map<Worker, number>();
  let lastConflictMs = -Infinity;
  const firstPolicy = new Map<string, string>();
  const troubles = new Set<Trouble['kind']>();

  function startedHosts(of?: SourceName): readonly Host[] {
    return slots.flatMap(({ host, started, source }) =>
      host?.worker.isAlive() && started && (!of || source === of) ? [host] : [],
    );
  }

  function reported(attemptId: string, said: Said): void {
    oracle.reported(attemptId, said);
    const claim = oracle.claims().get(attemptId);
    if (!claim || !oracle.wasSuppressed(claim)) return;
    if (isPlanned(policyOfWorker(claim.worker), ({ email }) => email === claim.email))
      tally.count('unsubscribed with reminders planned');
  }

  /** Whether a reminder of this kind is still to come. */
  function isPlanned(
    policy: PolicySpec,
    test: (reminder: ReadReminder) => boolean,
    nowMs = timeline.nowMs(),
  ): boolean {
    return heard
      .uids()
      .some((uid) =>
        heard
          .fullReading(uid, policy)
          .reminders.some((one) => one.isWanted && one.dueMs > nowMs && test(one)),
      );
  }

  function onAnswer(attempt: number, { worker }: Host, answer: IntakeAnswer): void {
    if (answer.kind === 'taken' || answer.kind === 'ignored') heard.answer(attempt, timeline.nowMs());
    if (
      answer.kind === 'not_understood' &&
      !database.record(`delivery:${answer.quarantineId}` as Stored['id'])
    ) {
      oracle.violate(1, 'a webhook that was not understood is answered and not kept');
    }
    if (answer.kind === 'taken' && !firstPolicy.has(answer.booking))
      firstPolicy.set(answer.booking, policyOfWorker(worker).name);
  }

  function entropyOf(worker: Worker): Entropy {
    const keyedHash: Entropy['keyedHash'] = (key, text) =>
      createHmac('sha256', key).update(text, 'utf8').digest('hex');
    const salt = entropyRandom.next();
    return { id: () => keyedHash(`${seed} ${salt}`, `${worker.name} ${++ids}`).slice(0, 32), keyedHash };
  }

  function applied(worker: Worker, before: Stored | null, after: Stored | null): void {
    const claimsBefore = oracle.claims().size;
    oracle.applied(worker, before, after);
    if (policyOfWorker(worker).isPoisoned && isPutAside(before, after)) {
      putAside += 1;
      if (calm) tally.count('call that cannot be planned put aside, all else well');
    }
    if (oracle.claims().size === claimsBefore || !after) return;
    const booking = after.id.slice('booking:'.length);
    const first = firstPolicy.get(booking);
    if (first !== undefined && first !== policyOfWorker(worker).name)
      tally.count('policy changes between plan and send');
  }

  function boot(index: number): void {
    const slot = slots[index];
    if (!slot) return;
    slot.count += 1;
    const offMs = weather.clocks === 'together' ? 0 : random.between(-4_000, 4_000);
    if (offMs !== 0) tally.count('clocks seconds apart');
    const worker = createWorker(`${slot.letter}${slot.count}`, timeline, calm ? 0 : offMs);
    policies.set(worker, slot.policy);
    note(worker.name, () => `starts with policy ${slot.policy.name}`);
    const onCall = (): void => {
      calls += 1;
      const mostOfOne = mostCallsOfWorker + mostCallsOfPuttingAside * putAside;
      if (calls > mostOfOne * Math.max(2, slots.length) && oracle.violations().length === 0)
        oracle.violate(12, `${calls} calls of ports: something is looked at again and again`);
    };
    const onFault = (port: PortName): void => {
      if (port === 'store') storeTroubles.set(worker, timeline.nowMs());
    };
    const call = createCalls(worker, { timeline, tally, fateOf, note, onCall, onFault });
    const shared = { call, weather, tally, isCalm, random: random.branch(worker.name) };
    const precall = options.createPrecall({
      source: createSimulationSource(slot.source, (attempt, emission) => {
        countHeard(emission, { heard, tally });
        heard.hear(attempt, emission, timeline.nowMs());
      }),
      store: storeFor(worker, { ...shared, database, onApplied: applied, onConflict: conflicted }),
      mailer: senderFor<Message>(worker, {
        ...shared,
        port: 'mailer',
        provider: providers.mail,
        events: simulatedEvents,
        watch: watchOf('mail'),
      }),
      texter: senderFor<TextMessage>(worker, {
        ...shared,
        random: random.branch(`${worker.name} texter`),
        port: 'texter',
        provider: providers.sms,
        events: simulatedEvents,
        watch: watchOf('sms'),
      }),
      crm: crmFor(worker, { ...shared, nowMs: timeline.nowMs, contacts: options.contacts, watch: crm }),
      ...(calendar && {
        calendar: calendarFor({ ...shared, random: random.branch(`${worker.name} calendar`), calendar }),
      }),
      scheduler: bellFor(worker, { ...shared, timeline, database }),
      policy: policyOf(slot.policy),
      clock: worker.clock,
      entropy: entropyOf(worker),
      onTrouble: ({ kind, sentence, booking }) => {
        if (!worker.isAlive()) return;
        troubles.add(kind);
        note(worker.name, () => `TROUBLE ${kind}: ${sentence}`);
        if (sentence.includes('@') || booking?.includes('@'))
          oracle.violate(24, `a trouble holds an address: ${kind}`);
      },
    });
    slot.host = { worker, precall };
    slot.started = false;
    worker.onDeath(() => {
      crashes += 1;
      oracle.died(worker);
      crm.died(worker);
      slot.started = false;
      const downMs = calm ? 1_000 : random.between(500, weather.crash > 0.06 ? 8_000 : 90_000);
      timeline.at(timeline.nowMs() + downMs, () => boot(index));
    });
    start(index, worker, precall);
  }

  function watchOf(channel: 'mail' | 'sms'): SendWatch<Message | TextMessage> {
    return {
      called: (sender, message, send) => {
        oracle.called(sender, message, send);
        if (calm || weather.pauses === 0 || !pauses.chance(0.05)) return;
        pause(sender, pauses.between(1, 60) * 1_000);
      },
      accepted: (send, as) => {
        oracle.accepted(send, as);
        if (weather.doubt === 'reported') report(send.attemptId, channel);
      },
      askedForPatience: (sender, ms) => oracle.askedForPatience(sender, channel, ms),
      refused: oracle.refusedForGood,
      heardOk: oracle.heardOk,
      answered: oracle.answered,
    };
  }

  function pause(worker: Worker, ms: number): void {
    tally.count('worker stands still');
    const untilMs = timeline.nowMs() + ms;
    note(worker.name, () => `stands still for ${ms} ms`);
    oracle.paused(worker, untilMs);
    worker.pauseUntil(untilMs);
  }

  function start(index: number, worker: Worker, precall: Precall): void {
    const slot = slots[index];
    precall.start().then(
      (started) => {
        if (!worker.isAlive()) return;
        if (started.isOk() && slot) slot.started = true;
        else timeline.at(timeline.nowMs() + 3_000, () => worker.deliver(() => start(index, worker, precall)));
      },
      (cause: unknown) => oracle.violate(25, `start rejects: ${String(cause)}`),
    );
  }

  function conflicted(wanted: Stored | null, there: Stored | null): void {
    lastConflictMs = timeline.nowMs();
    countConflict(wanted, there, { oracle, tally });
  }

  return {
    timeline,
    tally,
    database,
    heard,
    oracle,
    sender,
    calendar,
    contacts: options.contacts,
    refusedByCrm: crm.refusedFor,
    troubles,
    note,
    addWorker(policy, source) {
      slots.push({
        host: null,
        letter: String.fromCharCode(65 + slots.length),
        source,
        policy,
        started: false,
        count: 0,
      });
      boot(slots.length - 1);
    },
    restart(index, policy) {
      const slot = slots[index];
      if (!slot) return;
      slot.policy = policy;
      const host = slot.host;
      if (!host?.worker.isAlive()) return;
      note(host.worker.name, () => 'is asked to stop');
      const gone = (): void => {
        if (!host.worker.isAlive()) return;
        note(host.worker.name, () => 'is gone');
        crashes -= 1;
        host.worker.crash();
      };
      slot.started = false;
      host.precall.stop().then(
        () => host.worker.deliver(gone),
        (cause: unknown) => oracle.violate(25, `stop rejects: ${String(cause)}`),
      );
      // Whoever starts processes has patience for so long.
      timeline.at(timeline.nowMs() + 30_000, gone);
    },
    pause,
    workers: () => slots.flatMap(({ host }) => (host ? [host.worker] : [])),
    say(update) {
      said += 1;
      sender.send({ id: said, update });
    },
    erase(email) {
      const [host] = slots.flatMap((slot) =>
        slot.host?.worker.isAlive() && slot.started ? [slot.host] : [],
      );
      if (!host) return;
      const beganMs = host.worker.nowMs();
      note(host.worker.name, () => `<= erase ${email}`);
      oracle.erasing(email);
      if (isPlanned(policyOfWorker(host.worker), (one) => one.email === email, beganMs))
        tally.count('person erased with reminders planned');
      host.precall.erase(email).then(
        (erased) =>
          host.worker.deliver(() => {
            note(host.worker.name, () => `=> erase ${email}: ${erased.isOk() ? 'done' : 'failed'}`);
            if (erased.isOk()) oracle.erased(email, beganMs);
          }),
        (cause: unknown) => oracle.violate(25, `erase rejects: ${String(cause)}`),
      );
    },
    wish(number, said, onTaken) {
      if (said === 'start') {
        tally.count('texts wanted again');
        oracle.startsAgain(number);
      }
      const event = { address: number, said, atMs: timeline.nowMs() };
      const taken = (): void => {
        if (said === 'stop') {
          oracle.stopped(number);
          const policy = [...policies.values()].at(-1);
          if (policy && isPlanned(policy, (one) => one.number === number))
            tally.count('texts stopped with a text planned');
        }
        onTaken();
      };
      post({ channel: 'sms', event, label: number, onTaken: taken });
    },
    calm(policy) {
      calm = true;
      note('world', () => 'is calm from now on');
      for (const slot of slots) {
        slot.policy = policy;
        if (!slot.host?.worker.isAlive()) continue;
        crashes -= 1;
        slot.host.worker.crash();
      }
    },
    restore(backup, backupMs) {
      if (calm) return;
      tally.count('store restored from a backup');
      note('world', () => `restores the store as of ${new Date(backupMs).toISOString()}`);
      for (const { host } of slots) host?.worker.crash();
      database.restore(backup);
      oracle.rollBack(backupMs);
    },
    isCalm,
    calls: () => calls,
    crashes: () => crashes,
  };
}

/** Nothing of it changed but when its messages are looked at again. */
function isPutAside(before: Stored | null, after: Stored | null): boolean {
  if (before?.kind !== 'booking' || before.body !== after?.body) return false;
  return (
    before.lanes.mail !== null && after.lanes.mail !== null && !before.lanes.mail.equals(after.lanes.mail)
  );
}
