// The operator's desk on its ports: reads put together, acts decided in operator-acts.ts and saved by compare-and-set.
import { type BookingCase, casesOf } from './booking-record.ts';
import { writeEventAgain } from './calendar-again.ts';
import { countOutcomes } from './count-outcomes.ts';
import type { ActAnswer, Desk, Health, Refusal, SearchPage } from './desk.ts';
import type { BookingId, RecipientId, ReminderKey } from './ids.ts';
import { personRecord } from './ids.ts';
import { createInspect } from './inspect.ts';
import { acted, attendanceMarked, type Change, droppedByOperator, writeOf } from './operator-acts.ts';
import { newPerson, type PersonRecord, weightier } from './person.ts';
import { personWrite, readPersonIfSound, unreadablePerson } from './person-record.ts';
import type { PortResult } from './ports.ts';
import type { Precall } from './precall.ts';
import type { Looked, Reads } from './reads.ts';
import { Err, Ok, type Result } from './result.ts';
import { createSendNow, type SendNowParts } from './send-now.ts';
import type { Shell } from './shell.ts';
import { concerned } from './standing.ts';
import { earliest, type Instant } from './temporal.ts';
import type { BookingView } from './views.ts';

const tries = 5;
/** Of a search: bookings read at once, found on a page, and looked at for a page. */
const readAtOnce = 100;
const foundEnough = 50;
const lookedAtMost = 1_000;

interface DeskParts extends Omit<SendNowParts, 'reads'> {
  readonly reads: Reads;
  readonly erase: Precall['erase'];
  readonly replay: Precall['replay'];
  readonly health: () => PortResult<Health>;
}

export function createDesk(
  shell: Shell,
  parts: DeskParts,
): Omit<Desk, 'tryPolicy'> & { idle(): Promise<void> } {
  const { store, clock, policy } = shell;
  const { reads } = parts;
  const sendNow = createSendNow(shell, parts);
  const sends = new Set<Promise<unknown>>();

  async function search({ words, status, cursor }: Parameters<Desk['search']>[0]): PortResult<SearchPage> {
    const wanted = words.trim().normalize('NFC').toLowerCase();
    const isShort = /^[0-9a-f]{12}$/.test(wanted);
    // A hash cannot be followed back: that of each booking on the way is made, and compared.
    const isMeant = (view: BookingView): boolean =>
      mentions(view, wanted) || (isShort && shell.names.short(view.id) === wanted);
    const items: BookingView[] = [];
    let looked = 0;
    let next = cursor;
    do {
      const page: Awaited<ReturnType<Reads['bookings']>> = await reads.bookings({
        ...(status && { status }),
        page: { limit: readAtOnce, cursor: next },
      });
      if (page.isErr()) return page;
      items.push(...page.value.items.filter(isMeant));
      looked += page.value.items.length;
      next = page.value.next;
    } while (next !== null && items.length < foundEnough && looked < lookedAtMost);
    return Ok({ items, looked, next });
  }

  /** Decides about a booking as it is, and saves that; decides again where somebody else was first. */
  async function change(
    id: BookingId,
    decide: (looked: Looked, now: Instant) => Result<Change, Refusal>,
  ): PortResult<ActAnswer> {
    for (let n = 0; n < tries; n += 1) {
      const looked = await reads.look(id);
      if (looked.isErr()) return looked;
      if (!looked.value) return Ok({ refused: 'no_such_booking' });
      const now = clock.now();
      const decided = decide(looked.value, now);
      if (decided.isErr()) return Ok({ refused: decided.error });
      const write = writeOf(looked.value, decided.value, { policy, now });
      const saved = await store.save([write]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') continue;
      if (decided.value.what === 'reminder_dropped') shell.observe({ kind: 'reminders_dropped', count: 1 });
      shell.wake(earliest(write.put.lanes.mail, write.put.lanes.crm));
      return Ok('done');
    }
    return Ok({ refused: 'changed_meanwhile' });
  }

  async function changePerson(id: RecipientId, { to, what, by, crm }: PersonChange): PortResult<ActAnswer> {
    for (let n = 0; n < tries; n += 1) {
      const found = await store.find([personRecord(id)]);
      if (found.isErr()) return found;
      const [stored = null] = found.value;
      const person = stored ? readPersonIfSound(stored)?.value : newPerson;
      if (!person) return unreadablePerson;
      const now = clock.now();
      // A write that is running is left to end: it sees by `wanted` that there is more to do.
      const crmAt = crm === 'again' ? (person.writing?.leaseUntil ?? now) : undefined;
      const history = [acted(what, now, { by })];
      const write = personWrite(id, to(person, now), {
        over: stored,
        now,
        ...(crmAt && { crmAt }),
        history,
      });
      const saved = await store.save([write]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') continue;
      if (crmAt) shell.wake(crmAt);
      return Ok('done');
    }
    return Ok({ refused: 'changed_meanwhile' });
  }

  const ofAddress = (email: string): RecipientId => shell.names.recipient(email.trim());

  return {
    inspect: createInspect(shell, reads),
    search,
    health: parts.health,
    outcomes: () => countOutcomes(shell),
    async sendNow(id, act) {
      const sending = sendNow(id, act);
      sends.add(sending);
      try {
        return await sending;
      } finally {
        sends.delete(sending);
      }
    },
    drop: (id, { key, by }) =>
      change(id, (looked, now) =>
        caseIn(looked, key, now)
          .andThen(droppedByOperator)
          .map((entry) => ({
            ledger: { [key]: entry },
            what: 'reminder_dropped',
            detail: { key, reason: 'operator_dropped', by },
          })),
      ),
    mark: (id, { email, came, by }) => {
      const person = ofAddress(email);
      return change(id, ({ value }, now) => attendanceMarked(value.facts, { person, came, now, by }));
    },
    replan: (id, { by }) => change(id, () => Ok({ what: 'replanned', detail: { by } })),
    async writeCrm(id, { by }) {
      if (!shell.crmWanted && !shell.calendarWanted) return Ok({ refused: 'no_crm' });
      const looked = await reads.look(id);
      if (looked.isErr()) return looked;
      if (!looked.value) return Ok({ refused: 'no_such_booking' });
      const persons = shell.crmWanted ? concerned(looked.value.value.facts, false) : [];
      for (const person of persons) {
        const told = await changePerson(person, { to: unwritten, what: 'crm_write_asked', by, crm: 'again' });
        if (told.isErr() || told.value !== 'done') return told;
      }
      if (shell.calendarWanted) return writeEventAgain(shell, id, by);
      return Ok('done');
    },
    suppress: (email, { by }) =>
      changePerson(ofAddress(email), { to: suppressedByOperator, what: 'suppressed', by, crm: 'keep' }),
    lift: (email, { by }) =>
      changePerson(ofAddress(email), { to: lifted, what: 'suppression_lifted', by, crm: 'keep' }),
    async erase(email, { by }) {
      const asked = { to: same, what: 'erasure_asked', by, crm: 'keep' } as const;
      const noted = await changePerson(ofAddress(email), asked);
      return noted.isErr() ? noted : parts.erase(email);
    },
    async replay(id, { by }) {
      const answer = await parts.replay(id);
      if (answer?.kind === 'taken')
        await change(answer.booking, () => Ok({ what: 'replayed', detail: { by } }));
      return answer;
    },
    async idle() {
      await Promise.allSettled(sends);
    },
  };

  function caseIn(
    { value, persons, bookings }: Looked,
    key: ReminderKey,
    now: Instant,
  ): Result<BookingCase, Refusal> {
    const one = casesOf(value, { policy, now, persons, bookings }).find((known) => known.key === key);
    return one ? Ok(one) : Err('no_such_reminder');
  }
}

interface PersonChange {
  readonly to: (person: PersonRecord, now: Instant) => PersonRecord;
  readonly what: string;
  readonly by: string;
  readonly crm: 'keep' | 'again';
}

const same = (person: PersonRecord): PersonRecord => person;
const lifted = (person: PersonRecord): PersonRecord => ({ ...person, suppressed: null });
const suppressedByOperator = (person: PersonRecord, at: Instant): PersonRecord => ({
  ...person,
  suppressed: weightier(person.suppressed, { at, why: 'operator' }),
});
/** Nothing counts as written, so that all that is wanted differs. */
const unwritten = (person: PersonRecord): PersonRecord => ({
  ...person,
  written: {},
  marked: [],
  refused: false,
  tries: 0,
  wanted: person.wanted + 1,
});

function mentions({ id, attendees }: BookingView, wanted: string): boolean {
  const words = [id, ...attendees.flatMap(({ name, email }) => [name ?? '', email ?? ''])];
  return words.some((text) => text.normalize('NFC').toLowerCase().includes(wanted));
}
