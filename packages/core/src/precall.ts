// The facade: the ports put together with the decisions. Pure but for its ports.
import type { EventsAnswer, IntakeAnswer } from './answer.ts';
import type { CallsAhead } from './calendar-feed.ts';
import { checkOptions } from './check-options.ts';
import type { Desk } from './desk.ts';
import { createEngine, type Engine } from './engine.ts';
import type { LinkSeen } from './follow-link.ts';
import type { BookingId } from './ids.ts';
import { loadNames } from './load-names.ts';
import type { Measures } from './measure.ts';
import { harmless, type Observe } from './observation.ts';
import type { Policy } from './policy.ts';
import type {
  BookingSource,
  Calendar,
  CalendarFile,
  Channel,
  Clock,
  Crm,
  Entropy,
  Headers,
  Mailer,
  Page,
  PortResult,
  Scheduler,
  Slice,
  Store,
  Texter,
} from './ports.ts';
import { explain, type Reason } from './reasons.ts';
import type { ReconcileOptions } from './reconcile.ts';
import { Ok } from './result.ts';
import type { AttendanceWord } from './say-who-came.ts';
import { baseUrlOf, linksShown } from './signed-links.ts';
import type { BookingStatus } from './standing.ts';
import { Temporal } from './temporal.ts';
import type { Trouble } from './trouble.ts';
import { tryPolicy } from './try-policy.ts';
import type { BookingDetail, BookingView, QuarantinedDelivery, UpcomingReminder } from './views.ts';

/** The parts Precall is made of. `createPrecall` of `@precall/node` fills in what a Node process has. */
export interface PrecallOptions {
  readonly source: BookingSource;
  readonly store: Store;
  readonly mailer: Mailer;
  /** For rules that go by sms, or fall back to it. */
  readonly texter?: Texter;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Without one no CRM is kept. */
  readonly crm?: Crm;
  /** Without one no calendar is kept. */
  readonly calendar?: Calendar;
  /** Without one nothing happens by itself: the caller calls `tick`. */
  readonly scheduler?: Scheduler;
  /**
   * Where Precall's routes are mounted, for links of its own in mails: to say that one will be there, and to get no more
   * mails. An address that is known only once the server listens is given as a function; null: no links yet. `secret` (16
   * characters or more) signs them; without it a key that is made once and kept in the store, and then upcoming calls cannot be
   * subscribed to: an address that was given away could not be taken back.
   */
  readonly links?: { readonly baseUrl: string | (() => string | null); readonly secret?: string };
  /** How the source is asked for what its webhooks did not tell, where it has an `api`. */
  readonly reconcile?: ReconcileOptions;
  /** When a person should look. What it throws, or rejects with, is dropped. */
  readonly onTrouble?: (trouble: Trouble) => void;
  /** Hears what happens, as it happens, for counters and traces. What it throws, or rejects with, is dropped. */
  readonly observe?: Observe;
}

/** One webhook delivery as it came in. `headers` names in lower case, one entry per header line. */
export interface WebhookDelivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Of the address posted to, as it came, without its question mark. */
  readonly query?: string;
}

/** Everything that a server asks of Precall. Nothing of it rejects. */
export interface Precall {
  /** Takes in one webhook. Never rejects. The answer is given only after everything it says is durable. */
  receive(delivery: WebhookDelivery): Promise<IntakeAnswer>;
  /**
   * Takes in one post of the mailer's delivery events, or of the texter's. Never rejects; answers as `receive` does, once
   * they are durable.
   */
  deliveryEvents(delivery: WebhookDelivery, channel?: Channel): Promise<EventsAnswer>;
  /** Does everything that is due now, and resolves when it is done. For callers without a scheduler. */
  tick(): Promise<void>;
  /** Starts the scheduler, looks for what is due, and derives the plans of all upcoming calls again in the background. */
  start(): PortResult<void>;
  /** Takes no new work, lets running sends end and their outcomes be saved. */
  stop(): Promise<void>;
  /** Whether it is started, not stopping, and the store answers. */
  ready(): Promise<boolean>;
  /**
   * Forgets everything about a person, for good: what was said before cannot bring them back. `rejected` once all else is
   * forgotten, where a record of theirs cannot be read.
   */
  erase(email: string): PortResult<{ readonly bookings: number }>;
  explain(reason: Reason): string;
  bookings(query: {
    readonly status?: BookingStatus;
    readonly email?: string;
    readonly page: Page;
  }): PortResult<Slice<BookingView>>;
  booking(id: BookingId): PortResult<BookingDetail | null>;
  /**
   * The file about a call for one of its people, by the policy's `calendarFile`, for mails of your own: it takes the entry away
   * once the call is cancelled. Null: no such booking, or no file.
   */
  calendarFile(id: BookingId, email: string): PortResult<CalendarFile | null>;
  /** Planned reminders, soonest first. */
  upcoming(page: Page): PortResult<Slice<UpcomingReminder>>;
  quarantine(page: Page): PortResult<Slice<QuarantinedDelivery>>;
  /** The upcoming calls, for whoever has this token; null: it is not that of the feed, or there is none. */
  calendarFeed(token: string): PortResult<CallsAhead | null>;
  /** What a link in a mail is about. Changes nothing. */
  lookAtLink(token: string): PortResult<LinkSeen>;
  /**
   * Does what the link is for: for a POST only, since mail programs open links by themselves. `word` is what was said by a
   * link that asks who came; without one nothing is.
   */
  useLink(token: string, word?: AttendanceWord): PortResult<LinkSeen>;
  /** Takes a quarantined delivery in again, as if it came now, and answers as the webhook would; null: no such delivery. */
  replay(id: string): Promise<IntakeAnswer | null>;
  /** How much there is to do at this moment. Cheap enough to be asked every few seconds. */
  measure(): PortResult<Measures>;
  /** For the operator's pages. */
  readonly desk: Desk;
}

type Away = Extract<IntakeAnswer, { kind: 'away' }>;
const comeAgain = Temporal.Duration.from({ seconds: 5 });

/**
 * Throws, with a sentence that names the option and what to give instead, when a part is missing or is none, the policy cannot
 * be planned or sent by, or the links' address or secret will not do.
 */
export function createPrecall(options: PrecallOptions): Precall {
  checkOptions(options);
  const { clock } = options;
  const observe = harmless(options.observe);
  let made: Engine | null = null;
  let stopping = false;

  /** Names need a key that is kept in the store: the first who needs them reads or makes it. */
  async function engine(): PortResult<Engine> {
    if (made) return Ok(made);
    const names = await loadNames(options);
    if (names.isErr()) return names;
    made ??= createEngine(options, { names: names.value, observe });
    return Ok(made);
  }

  async function using<T>(run: (engine: Engine) => PortResult<T>): PortResult<T> {
    const ready = await engine();
    return ready.isErr() ? ready : run(ready.value);
  }

  async function answering<T>(run: (engine: Engine) => Promise<T>): Promise<T | Away> {
    const ready = stopping ? null : await engine();
    return ready?.isOk() ? run(ready.value) : { kind: 'away', retryAfter: comeAgain };
  }

  return {
    async receive(delivery) {
      const startedAt = clock.now();
      const answer = await answering(({ intake }) => intake.receive(delivery));
      observe({ kind: 'webhook', answer: answer.kind, startedAt, endedAt: clock.now() });
      return answer;
    },
    async deliveryEvents(delivery, channel) {
      const startedAt = clock.now();
      const answer = await answering(({ deliveryEvents }) => deliveryEvents(delivery, channel));
      observe({ kind: 'delivery_events', answer: answer.kind, startedAt, endedAt: clock.now() });
      return answer;
    },
    replay: (id) => answering(({ replay }) => replay(id)),
    async tick() {
      const ready = await engine();
      if (ready.isOk()) await ready.value.tick();
    },
    start: () => using(({ start }) => start()),
    async stop() {
      stopping = true;
      await made?.stop();
    },
    async ready() {
      if (stopping) return false;
      const ready = await using(({ ready }) => ready());
      return ready.isOk() && ready.value;
    },
    erase: (email) => using(({ erase }) => erase(email)),
    explain,
    bookings: (query) => using(({ reads }) => reads.bookings(query)),
    booking: (id) => using(({ reads }) => reads.booking(id)),
    calendarFile: (id, email) => using(({ fileOf }) => fileOf(id, email)),
    upcoming: (page) => using(({ reads }) => reads.upcoming(page)),
    quarantine: (page) => using(({ quarantine }) => quarantine.list(page)),
    calendarFeed: (token) => using(({ feed }) => feed.read(token)),
    lookAtLink: (token) => using(({ links }) => links.look(token)),
    useLink: (token, word) => using(({ links }) => links.use(token, word)),
    measure: () => using(({ measure }) => measure()),
    desk: {
      inspect: (id) => using(({ desk }) => desk.inspect(id)),
      search: (query) => using(({ desk }) => desk.search(query)),
      health: () => using(({ desk }) => desk.health()),
      tryPolicy: (call) =>
        tryPolicy(options.policy, {
          ...call,
          answers: linksShown(options.links ? baseUrlOf(options.links) : null),
        }),
      sendNow: (id, act) => using(({ desk }) => desk.sendNow(id, act)),
      drop: (id, act) => using(({ desk }) => desk.drop(id, act)),
      outcomes: () => using(({ desk }) => desk.outcomes()),
      mark: (id, act) => using(({ desk }) => desk.mark(id, act)),
      replan: (id, act) => using(({ desk }) => desk.replan(id, act)),
      writeCrm: (id, act) => using(({ desk }) => desk.writeCrm(id, act)),
      suppress: (email, act) => using(({ desk }) => desk.suppress(email, act)),
      lift: (email, act) => using(({ desk }) => desk.lift(email, act)),
      erase: (email, act) => using(({ desk }) => desk.erase(email, act)),
      replay: (id, act) => answering(({ desk }) => desk.replay(id, act)),
    },
  };
}
