// The running parts behind the facade: intake, the lanes, and when to look at them again.
import type { IntakeAnswer } from './answer.ts';
import { createFeed, type Feed } from './calendar-feed.ts';
import { createCalls } from './calls.ts';
import { createConfirm } from './confirm.ts';
import { createDesk } from './create-desk.ts';
import { createDeliveries } from './deliveries.ts';
import type { Desk, Health } from './desk.ts';
import { createDispatch } from './dispatch.ts';
import { createErase } from './erase.ts';
import { createFollowLink, type FollowLink } from './follow-link.ts';
import { createInTurn } from './in-turn.ts';
import { createLane, type Lane, type Turn, turnOf } from './lane.ts';
import { createMeasure } from './measure.ts';
import type { KeyedNames } from './names.ts';
import { type Observe, observedPage } from './observation.ts';
import type { Senders } from './outgoing.ts';
import type { DeliveryEvents, PortResult } from './ports.ts';
import type { Precall, PrecallOptions, WebhookDelivery } from './precall.ts';
import { createProject } from './project.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { createReads } from './reads.ts';
import { createReceive, type Receive } from './receive.ts';
import { createReconcile } from './reconcile.ts';
import { createFileOf } from './reminder-file.ts';
import { replan } from './replan.ts';
import { Ok } from './result.ts';
import { createRinging } from './ringing.ts';
import type { Shell } from './shell.ts';
import { baseUrlOf, createSignedLinks, type SignedLinks } from './signed-links.ts';
import { isBefore, Temporal } from './temporal.ts';
import { keepTroubles } from './troubles.ts';
import { createWatch } from './watch.ts';

/** Outcomes of sends waiting to be saved beyond which no new send begins. */
const unsavedLimit = 500;
const mostSlots = 50;
const soon = Temporal.Duration.from({ seconds: 1 });

export interface Engine {
  readonly intake: Receive;
  readonly quarantine: Quarantine;
  readonly reads: ReturnType<typeof createReads>;
  readonly erase: Precall['erase'];
  readonly deliveryEvents: Precall['deliveryEvents'];
  readonly desk: Omit<Desk, 'tryPolicy'>;
  readonly links: FollowLink;
  readonly feed: Feed;
  readonly fileOf: Precall['calendarFile'];
  readonly measure: Precall['measure'];
  replay(id: string): Promise<IntakeAnswer | null>;
  tick(): Promise<void>;
  start(): PortResult<void>;
  stop(): Promise<void>;
  ready(): PortResult<boolean>;
}

/** `observe` never throws. */
export function createEngine(
  options: PrecallOptions,
  { names, observe }: { readonly names: KeyedNames; readonly observe: Observe },
): Engine {
  const { store, clock, policy, crm, calendar, scheduler, source } = options;
  const senders: Senders = { mail: options.mailer, sms: options.texter };
  let started = false;
  let stopping = false;
  let background: Promise<void> = Promise.resolve();

  const troubles = keepTroubles(clock);
  const shell: Shell = {
    store,
    clock,
    policy,
    names,
    crmWanted: crm !== undefined,
    calendarWanted: calendar !== undefined,
    links: linksOf(options, names),
    wake: (at) => {
      if (!started || stopping || !at) return;
      if (isBefore(clock.now(), at)) void ringing.at(at);
      else void work();
    },
    trouble(trouble) {
      troubles.add(trouble);
      observe({ kind: 'trouble', trouble: trouble.kind });
      options.onTrouble?.(trouble);
    },
    observe,
  };
  const quarantine = createQuarantine(shell);
  const intake = createReceive(shell, { source, quarantine, inTurn: createInTurn() });
  const confirm = createConfirm(shell, { senders, onSaved: () => afterOutcomes() });
  const calls = createCalls(shell, senders);
  const { pausedUntil, idleUntil } = calls;
  const dispatch = createDispatch(shell, {
    senders,
    calls,
    entropy: options.entropy,
    confirm,
    onSlotFree: () => mail.stir(),
  });
  const watch = createWatch(shell.trouble);
  const ringing = createRinging({
    scheduler,
    store,
    clock,
    isStopping: () => stopping,
    idleUntil,
    onMailNext: watch.look,
  });
  const writer = crm ? { crm, clock, settings: policy.projection } : null;
  const { takePage, takeEvents } = createProject(shell, { crm: writer, calendar: calendar ?? null });
  const mail = createLane(mailTurn);
  const projection = createLane(projectionTurn);
  /** A loop of its own: a calendar that is away keeps no CRM waiting. */
  const calendarLane =
    takeEvents && createLane(() => (stopping ? Promise.resolve('done') : turnOf(takeEvents())));
  const { api } = source;
  const reconcile = api && createReconcile(shell, { source, api, intake, options: options.reconcile ?? {} });
  const bornAt = clock.now();
  const feed = createFeed(shell, options.links?.secret === undefined ? null : shell.links);
  const comparedUntil = () => (reconcile ? reconcile.lookedAt() : null);
  const reads = createReads(shell, { checkedUntil: comparedUntil });
  const erase = createErase(shell, quarantine);
  const events = { mail: eventsOf(senders.mail.events), sms: eventsOf(senders.sms?.events) };
  const desk = createDesk(shell, {
    reads,
    calls,
    entropy: options.entropy,
    confirm,
    erase,
    replay,
    health,
  });
  const forgetting = createLane(() => (stopping ? Promise.resolve('done') : turnOf(forgetPage())));

  function eventsOf(told: DeliveryEvents | undefined): ReturnType<typeof createDeliveries> | null {
    return told ? createDeliveries(shell, told) : null;
  }

  async function mailTurn(): Promise<Turn> {
    const begunAt = clock.now();
    const free = Math.min(policy.concurrency, mostSlots) - dispatch.running();
    const idle = stopping || idleUntil() !== null;
    if (!idle && confirm.waiting() >= unsavedLimit) return flushThen('more');
    if (!idle && free <= 0) return 'waiting';
    const outcome = idle ? 'done' : await turnOf(observedPage(shell, () => dispatch.takePage(free)));
    if (outcome !== 'done') return outcome;
    if (dispatch.running() > 0) {
      // A mailer that takes its time keeps only its own messages waiting.
      await ringing.next('mail', begunAt);
      return 'waiting';
    }
    if (confirm.waiting() === 0) return 'done';
    // What was just saved may be due again at once.
    return flushThen(stopping ? 'done' : 'more');
  }

  async function projectionTurn(): Promise<Turn> {
    if (stopping) return 'done';
    const turn = await turnOf(takePage());
    // Bookings may have told their events.
    if (turn === 'more') void workOnCalendar();
    return turn;
  }

  async function flushThen(next: Turn): Promise<Turn> {
    return (await confirm.flush()) ? next : 'retry';
  }

  /** Accepted messages are something for the CRM to know. */
  function afterOutcomes(): void {
    mail.stir();
    if (started && !stopping) void projection.run();
  }

  async function forgetPage(): PortResult<number> {
    const page = await store.due('forget', clock.now(), { limit: 50, cursor: null });
    if (page.isErr() || page.value.items.length === 0) return page.map(() => 0);
    const removals = page.value.items.map(({ id, revision }) => ({ remove: id, expected: revision }));
    return (await store.save(removals)).map(() => removals.length);
  }

  /** Each lane rings for itself: what keeps one busy, a CRM that is slow to answer, makes nothing of another late. */
  async function work(): Promise<void> {
    await Promise.all([workOn('mail', mail), workOn('crm', projection), workOnCalendar()]);
  }

  async function workOnCalendar(): Promise<void> {
    if (calendarLane) await workOn('crm', calendarLane);
  }

  async function workOn(lane: 'mail' | 'crm', { run }: Lane): Promise<void> {
    const begunAt = clock.now();
    await run();
    await ringing.next(lane, begunAt);
  }

  async function start(): PortResult<void> {
    if (!scheduler) return Ok(undefined);
    const begun = await scheduler.start(() => {
      ringing.rang();
      void forgetting.run();
      void work();
      void reconcile?.run();
    });
    if (begun.isErr()) return begun;
    started = true;
    void work();
    void reconcile?.run();
    background = replan(shell, () => stopping).then((changed) => (changed ? work() : undefined));
    return Ok(undefined);
  }

  async function stop(): Promise<void> {
    stopping = true;
    if (scheduler && started) await scheduler.stop();
    mail.stir();
    await Promise.all([
      background,
      mail.run(),
      projection.run(),
      calendarLane?.run(),
      forgetting.run(),
      reconcile?.stop(),
      desk.idle(),
    ]);
    await confirm.flush();
  }

  async function tick(): Promise<void> {
    await forgetting.run();
    await mail.run();
    await projection.run();
    await calendarLane?.run();
    // Last, so that nothing waits for a source that does not answer.
    if (!(await reconcile?.run())) return;
    await mail.run();
    await projection.run();
    await calendarLane?.run();
  }

  async function ready(): PortResult<boolean> {
    const answers = await store.nextDueAt('mail');
    return answers.map(() => started || !scheduler);
  }

  async function health(): PortResult<Health> {
    const now = clock.now();
    const [nextMail, nextCrm, waiting] = await Promise.all([
      store.nextDueAt('mail'),
      store.nextDueAt('crm'),
      store.due('crm', now, { limit: 200, cursor: null }),
    ]);
    if (nextMail.isErr()) return nextMail;
    if (nextCrm.isErr()) return nextCrm;
    return waiting.map(({ items }) => ({
      started: started && !stopping,
      nextMailAt: nextMail.value,
      nextCrmAt: nextCrm.value,
      crmWaiting: items.length,
      sending: dispatch.running(),
      unsaved: confirm.waiting(),
      mailerPausedUntil: pausedUntil('mail'),
      comparedUntil: comparedUntil(),
      feedUrl: feed.url(),
      troubles: troubles.list(),
    }));
  }

  async function receive(delivery: WebhookDelivery): Promise<IntakeAnswer> {
    const answer = await intake.receive(delivery);
    watch.answered(answer.kind, clock.now());
    return answer;
  }

  /** As the webhook would answer; what is understood by now leaves the quarantine. */
  async function replay(id: string): Promise<IntakeAnswer | null> {
    const found = await quarantine.find(id);
    if (found.isErr()) return { kind: 'away', retryAfter: soon };
    if (!found.value) return null;
    const answer = await intake.takeAuthentic(found.value.delivery, found.value.receivedAt);
    if (answer.kind === 'taken' || answer.kind === 'ignored') await quarantine.release(id);
    return answer;
  }

  return {
    intake: { ...intake, receive },
    quarantine,
    reads,
    erase,
    desk,
    links: createFollowLink(shell),
    feed,
    fileOf: createFileOf(shell),
    measure: createMeasure(shell, () => ({
      heardAt: watch.heardAt() ?? bornAt,
      sending: dispatch.running(),
      unsaved: confirm.waiting(),
    })),
    deliveryEvents: (delivery, channel = 'mail') =>
      events[channel]?.(delivery) ?? Promise.resolve({ kind: 'not_configured' }),
    replay,
    tick,
    start,
    stop,
    ready,
  };
}

function linksOf({ links, entropy }: PrecallOptions, names: KeyedNames): SignedLinks | null {
  if (!links) return null;
  const { secret } = links;
  const sign =
    secret === undefined ? names.link : (words: string) => entropy.keyedHash(secret, `link\n${words}`);
  return createSignedLinks({ baseUrl: () => baseUrlOf(links), sign });
}
