// What became of the bookings that hosts had answered 202 before they were killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { askOperator } from './host-process.ts';

/** What a host said it had taken in. */
export interface Promised {
  readonly id: string;
  /** `unknown`: the host died before it answered. `byMs`: when its 202 was there. */
  readonly cancelled: 'no' | 'unknown' | { readonly byMs: number };
}

/** Its watched reminder. */
export interface Seen extends Promised {
  readonly isKnown: boolean;
  readonly state: string | null;
  readonly reason: string | null;
  readonly attempts: readonly {
    readonly id: string;
    readonly at: string | null;
    readonly outcome: string | null;
  }[];
}

interface WhereToLook {
  readonly baseUrl: string;
  readonly password: string;
  readonly rule: string;
}

/** Three leases of 20 s, a minute's wait of a mailer that cannot tell, the last due moment, and time to look. */
const settlingMs = 180_000;
const looksAtOnce = 8;
/** A send that was claimed before the cancellation may still begin. */
const startsWithinMs = 2_000;

/** Looks until the watched reminder of every booking has come to its end, or should have. */
export async function settled(promised: readonly Promised[], where: WhereToLook): Promise<readonly Seen[]> {
  const over: Seen[] = [];
  let open: readonly Promised[] = promised;
  const giveUpAt = Date.now() + settlingMs;
  for (;;) {
    const seen = await lookAtAll(open, where);
    over.push(...seen.filter(isOver));
    open = seen.filter((one) => !isOver(one));
    console.log(`${over.length} of ${promised.length} bookings have come to their end`);
    if (open.length === 0) return over;
    if (Date.now() > giveUpAt) return [...over, ...seen.filter((one) => !isOver(one))];
    await sleep(1_000);
  }
}

async function lookAtAll(bookings: readonly Promised[], where: WhereToLook): Promise<readonly Seen[]> {
  const left = bookings.values();
  const seen: Seen[] = [];
  const lookOn = async (): Promise<void> => {
    for (const booking of left) seen.push(await look(booking, where));
  };
  await Promise.all(Array.from({ length: looksAtOnce }, lookOn));
  return seen;
}

async function look({ id, cancelled }: Promised, { baseUrl, password, rule }: WhereToLook): Promise<Seen> {
  const { status, body } = await askOperator(baseUrl, password, `bookings/${encodeURIComponent(id)}`);
  const reminders: readonly (Seen & { readonly rule: string })[] = Array.isArray(body.reminders)
    ? body.reminders
    : [];
  const watched = reminders.find((one) => one.rule === rule);
  return {
    id,
    cancelled,
    isKnown: status === 200,
    state: watched?.state ?? null,
    reason: watched?.reason ?? null,
    attempts: watched?.attempts ?? [],
  };
}

/** In doubt it may be tried once more. */
function isOver(seen: Seen): boolean {
  return (
    seen.state !== 'planned' && seen.state !== 'sending' && !(seen.state === 'unknown' && unsure(seen) < 2)
  );
}

function unsure({ attempts }: Seen): number {
  return attempts.filter(({ outcome }) => outcome === 'unknown').length;
}

/**
 * Prints the counts, and what is not as promised; answers the exit code. `mayStayInDoubt`: the mailer cannot tell what it
 * has, so that a reminder two of whose attempts died under way is given up.
 */
export function report(
  seen: readonly Seen[],
  { mailed, mayStayInDoubt }: { readonly mailed: readonly string[]; readonly mayStayInDoubt: boolean },
): number {
  const times = new Map<string, number>();
  for (const attempt of mailed) times.set(attempt, (times.get(attempt) ?? 0) + 1);
  const all = seen.map((one) => {
    const mails = one.attempts.reduce((sum, { id }) => sum + (times.get(id) ?? 0), 0);
    return { ...one, mails, unsure: unsure(one), isWanted: one.cancelled === 'no' };
  });
  type One = (typeof all)[number];
  const count = (holds: (one: One) => boolean) => all.filter(holds).length;
  const isGivenUp = (one: One) => mayStayInDoubt && one.state === 'unknown' && one.unsure === 2;

  const figures = {
    'answered 202': all.length,
    'reminders wanted': count(({ isWanted }) => isWanted),
    '  sent': count(({ isWanted, state }) => isWanted && state === 'sent'),
    '  tried more than once': count(({ attempts }) => attempts.length > 1),
    '  of unknown outcome once': count((one) => one.unsure > 0),
    '  mailed twice': count(({ mails }) => mails > 1),
    ...(mayStayInDoubt && { '  given up in doubt': count((one) => one.isWanted && isGivenUp(one)) }),
  };
  const faults = {
    'answered 202 and lost': count(({ isKnown }) => !isKnown),
    'wanted, not sent': count(
      (one) => one.isWanted && !isGivenUp(one) && (one.mails === 0 || one.state !== 'sent'),
    ),
    'mailed twice without doubt': count((one) => one.mails > 1 && one.unsure === 0),
    'mailed more than twice': count(({ mails }) => mails > 2),
    'mailed after cancellation': count(wasMailedAfterCancellation),
  };
  for (const [what, number] of Object.entries({ ...figures, ...faults }))
    console.log(`${what.padEnd(27)} ${number}`);
  const notSent = all.filter((one) => one.isWanted && one.state !== 'sent' && !isGivenUp(one));
  for (const { id, state, reason, attempts } of notSent.slice(0, 5))
    console.log(
      `  not sent: ${id} ${state} (${reason}), attempts: ${attempts.map(({ outcome }) => outcome).join(' ')}`,
    );
  const isSound = all.length > 0 && Object.values(faults).every((number) => number === 0);
  console.log(isSound ? 'Nothing lost, nothing twice without doubt.' : 'FAULTS: see above.');
  return isSound ? 0 : 1;

  function wasMailedAfterCancellation({ cancelled, attempts }: One): boolean {
    if (typeof cancelled === 'string') return false;
    const latestMs = cancelled.byMs + startsWithinMs;
    return attempts.some(({ id, at }) => times.has(id) && at !== null && Date.parse(at) > latestMs);
  }
}
