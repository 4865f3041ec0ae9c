// The parts behind the facade, put together: intake, the lanes, what is asked and done by people; and how they start and stop.
import type { IntakeAnswer } from './answer.ts';
import { createFeed, type Feed } from './calendar-feed.ts';
import { createCalls } from './calls.ts';
import { createConfirm } from './confirm.ts';
import { createDesk } from './create-desk.ts';
import { createDeliveries } from './deliveries.ts';
import type { Desk } from './desk.ts';
import { createDispatch } from './dispatch.ts';
import { createErase } from './erase.ts';
import { createFollowLink, type FollowLink } from './follow-link.ts';
import { createHealth } from './health.ts';
import { createInTurn } from './in-turn.ts';
import { createLanes } from './lanes.ts';
import { createMeasure } from './measure.ts';
import type { KeyedNames } from './names.ts';
import { harmless, type Observe } from './observation.ts';
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
  let replanning: Promise<void> = Promise.resolve();
  const isStopping = () => stopping;
  const isWorking = () => started && !stopping;

  const troubles = keepTroubles(clock);
  const tellTrouble = harmless(options.onTrouble);
  const shell: Shell = {
    store,
    clock,
    policy,
    names,
    crmWanted: crm !== undefined,
    calendarWanted: calendar !== undefined,
    links: linksOf(options, names),
    wake: (at) => {
      if (!isWorking() || !at) return;
      if (isBefore(clock.now(), at)) void ringing.at(at);
      else void lanes.work();
    },
    trouble(trouble) {
      troubles.add(trouble);
      observe({ kind: 'trouble', trouble: trouble.kind });
      tellTrouble(trouble);
    },
    observe,
  };
  const quarantine = createQuarantine(shell);
  const intake = createReceive(shell, { source, quarantine, inTurn: createInTurn() });
  const confirm = createConfirm(shell, { senders, onSaved: () => lanes.outcomesSaved() });
  const calls = createCalls(shell, senders);
  const dispatch = createDispatch(shell, {
    senders,
    calls,
    entropy: options.entropy,
    confirm,
    onSlotFree: () => lanes.slotFree(),
  });
  const watch = createWatch(shell.trouble);
  const ringing = createRinging({
    scheduler,
    store,
    clock,
    isStopping,
    idleUntil: calls.idleUntil,
    onMailNext: watch.look,
  });
  const writer = crm ? { crm, clock, settings: policy.projection } : null;
  const project = createProject(shell, { crm: writer, calendar: calendar ?? null });
  const lanes = createLanes(shell, { dispatch, confirm, calls, project, ringing, isStopping, isWorking });
  const { api } = source;
  const reconcile = api && createReconcile(shell, { source, api, intake, options: options.reconcile ?? {} });
  const bornAt = clock.now();
  const feed = createFeed(shell, options.links?.secret === undefined ? null : shell.links);
  const comparedUntil = () => (reconcile ? reconcile.lookedAt() : null);
  const reads = createReads(shell, { checkedUntil: comparedUntil });
  const erase = createErase(shell, quarantine);
  const events = { mail: eventsOf(senders.mail.events), sms: eventsOf(senders.sms?.events) };
  const health = createHealth(shell, () => ({
    started: isWorking(),
    sending: dispatch.running(),
    unsaved: confirm.waiting(),
    mailerPausedUntil: calls.pausedUntil('mail'),
    comparedUntil: comparedUntil(),
    feedUrl: feed.url(),
    troubles: troubles.list(),
  }));
  const desk = createDesk(shell, {
    reads,
    calls,
    entropy: options.entropy,
    confirm,
    erase,
    replay,
    health,
  });

  function eventsOf(told: DeliveryEvents | undefined): ReturnType<typeof createDeliveries> | null {
    return told ? createDeliveries(shell, told) : null;
  }

  async function start(): PortResult<void> {
    if (!scheduler) return Ok(undefined);
    const begun = await scheduler.start(() => {
      ringing.rang();
      void lanes.forget();
      void lanes.work();
      void reconcile?.run();
    });
    if (begun.isErr()) return begun;
    started = true;
    void lanes.work();
    void reconcile?.run();
    replanning = replan(shell, isStopping).then((changed) => (changed ? lanes.work() : undefined));
    return Ok(undefined);
  }

  async function stop(): Promise<void> {
    stopping = true;
    if (scheduler && started) await scheduler.stop();
    await Promise.all([replanning, lanes.settle(), reconcile?.stop(), desk.idle()]);
    await confirm.flush();
  }

  async function tick(): Promise<void> {
    await lanes.forget();
    await lanes.workOnce();
    // Last, so that nothing waits for a source that does not answer.
    if (await reconcile?.run()) await lanes.workOnce();
  }

  async function ready(): PortResult<boolean> {
    const answers = await store.nextDueAt('mail');
    return answers.map(() => started || !scheduler);
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
