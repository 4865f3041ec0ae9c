// The lanes as loops: each takes what is due in it until nothing is, and asks to be rung for what comes next.
import type { Calls } from './calls.ts';
import type { Confirm } from './confirm.ts';
import type { Dispatch } from './dispatch.ts';
import { createLane, type Lane, type Turn, turnOf } from './lane.ts';
import { observedPage } from './observation.ts';
import type { PortResult } from './ports.ts';
import type { Project } from './project.ts';
import type { Ringing } from './ringing.ts';
import type { Shell } from './shell.ts';

/** Outcomes of sends waiting to be saved beyond which no new send begins. */
const unsavedLimit = 500;
const mostSlots = 50;

export interface Lanes {
  /** Works until nothing is due in any lane, and asks to be rung when something will be. */
  work(): Promise<void>;
  /** The same, one lane after the other, and no ring is asked for. */
  workOnce(): Promise<void>;
  /** Removes the records whose time is over. */
  forget(): Promise<void>;
  /** A send ended: another one can begin. */
  slotFree(): void;
  /** Outcomes of sends are in the store: accepted messages are something for the CRM to know. */
  outcomesSaved(): void;
  /** Once it is stopping: resolves when every loop has ended. */
  settle(): Promise<void>;
}

export function createLanes(
  shell: Shell,
  {
    dispatch,
    confirm,
    calls,
    project,
    ringing,
    isStopping,
    isWorking,
  }: {
    readonly dispatch: Dispatch;
    readonly confirm: Confirm;
    readonly calls: Calls;
    readonly project: Project;
    readonly ringing: Ringing;
    readonly isStopping: () => boolean;
    /** Started, and not stopping. */
    readonly isWorking: () => boolean;
  },
): Lanes {
  const { store, clock, policy } = shell;
  const { takePage, takeEvents } = project;
  const mail = createLane(mailTurn);
  const crm = createLane(crmTurn);
  /** A loop of its own: a calendar that is away keeps no CRM waiting. */
  const calendar = takeEvents && createLane(unlessStopping(takeEvents));
  const forgetting = createLane(unlessStopping(forgetPage));

  function unlessStopping(take: () => PortResult<number>): () => Promise<Turn> {
    return () => (isStopping() ? Promise.resolve('done') : turnOf(take()));
  }

  async function mailTurn(): Promise<Turn> {
    const begunAt = clock.now();
    const free = Math.min(policy.concurrency, mostSlots) - dispatch.running();
    const idle = isStopping() || calls.idleUntil() !== null;
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
    return flushThen(isStopping() ? 'done' : 'more');
  }

  async function flushThen(next: Turn): Promise<Turn> {
    return (await confirm.flush()) ? next : 'retry';
  }

  async function crmTurn(): Promise<Turn> {
    if (isStopping()) return 'done';
    const turn = await turnOf(takePage());
    // Bookings may have told their events.
    if (turn === 'more') void workOnCalendar();
    return turn;
  }

  async function forgetPage(): PortResult<number> {
    const page = await store.due('forget', clock.now(), { limit: 50, cursor: null });
    if (page.isErr() || page.value.items.length === 0) return page.map(() => 0);
    const removals = page.value.items.map(({ id, revision }) => ({ remove: id, expected: revision }));
    return (await store.save(removals)).map(() => removals.length);
  }

  /** Each lane rings for itself: what keeps one busy, a CRM that is slow to answer, makes nothing of another late. */
  async function work(): Promise<void> {
    await Promise.all([workOn('mail', mail), workOn('crm', crm), workOnCalendar()]);
  }

  async function workOnCalendar(): Promise<void> {
    if (calendar) await workOn('crm', calendar);
  }

  async function workOn(lane: 'mail' | 'crm', { run }: Lane): Promise<void> {
    const begunAt = clock.now();
    await run();
    await ringing.next(lane, begunAt);
  }

  return {
    work,
    async workOnce() {
      await mail.run();
      await crm.run();
      await calendar?.run();
    },
    forget: forgetting.run,
    slotFree: mail.stir,
    outcomesSaved() {
      mail.stir();
      if (isWorking()) void crm.run();
    },
    async settle() {
      mail.stir();
      await Promise.all([mail.run(), crm.run(), calendar?.run(), forgetting.run()]);
    },
  };
}
