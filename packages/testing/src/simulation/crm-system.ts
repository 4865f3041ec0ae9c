// The CRM that all workers share: contacts with fields, members of one campaign with their marks.
import {
  type Crm,
  Err,
  type Fields,
  Ok,
  type PortError,
  type PortResult,
  type Result,
  Temporal,
  textOf,
} from '@precall/core';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

export interface CrmContact {
  readonly email: string;
  readonly isMember: boolean;
  /** It is made so long after it is first sought. */
  readonly madeAfterMs: number;
  firstSoughtMs: number | null;
  fields: { [property: string]: string | null };
  readonly marks: Map<string, number>;
}

/** What the oracle is told about writes. */
export interface CrmWatch {
  called(worker: Worker): void;
  /** The worker heard that no call is wanted for so long. */
  askedForPatience(worker: Worker, forMs: number): void;
  wrote(fields: Fields): void;
  began(worker: Worker, email: string): void;
  ended(worker: Worker, email: string): void;
  marked(email: string, rule: string, atMs: number): void;
  refused(email: string): void;
}

export function crmFor(
  worker: Worker,
  {
    contacts,
    call,
    weather,
    random,
    tally,
    nowMs,
    isCalm,
    watch,
  }: {
    /** More than one of an address: nobody can tell which is meant. */
    readonly contacts: readonly CrmContact[];
    readonly call: Call;
    readonly weather: Weather;
    readonly random: Random;
    readonly tally: Tally;
    readonly nowMs: () => number;
    readonly isCalm: () => boolean;
    readonly watch: CrmWatch;
  },
): Crm {
  const port = 'crm';
  const contactOf = (ref: string): CrmContact | undefined => contacts[Number(ref.replace(/\D/g, ''))];

  /** Nothing happens, and it says so. */
  function refusal(email: string): Result<never, PortError> | null {
    if (isCalm() || !random.chance(weather.refusal / 4)) return null;
    if (random.chance(0.6)) {
      tally.count('CRM asks for patience');
      return Err({
        kind: 'unavailable',
        reason: 'too many',
        retryAfter: Temporal.Duration.from({ seconds: random.between(1, 60) }),
      });
    }
    tally.count('CRM refuses for good');
    watch.refused(email.toLowerCase());
    return Err({ kind: 'rejected', reason: '400, by chance' });
  }

  function isMade(contact: CrmContact): boolean {
    contact.firstSoughtMs ??= nowMs();
    const isThere = nowMs() - contact.firstSoughtMs >= contact.madeAfterMs;
    if (!isThere) tally.count('contact not made yet');
    return isThere;
  }

  function found(
    prefix: string,
    wanted: (contact: CrmContact) => boolean,
  ): Awaited<ReturnType<Crm['findContact']>> {
    const refs = contacts.flatMap((contact, index) => (wanted(contact) ? [`${prefix}${index}`] : []));
    const [ref] = refs;
    if (ref === undefined) return Ok({ kind: 'none' });
    return Ok(refs.length > 1 ? { kind: 'many' } : { kind: 'one', ref });
  }

  async function asking<T>(make: () => PortResult<T>): PortResult<T> {
    watch.called(worker);
    const answer = await make();
    if (answer.isErr() && answer.error.kind === 'unavailable' && answer.error.retryAfter)
      watch.askedForPatience(worker, answer.error.retryAfter.total('milliseconds'));
    return answer;
  }

  async function writing<T>(ref: string, write: () => PortResult<T>): PortResult<T> {
    const email = contactOf(ref)?.email ?? '';
    watch.began(worker, email);
    const answer = await asking(write);
    watch.ended(worker, email);
    return answer;
  }

  return {
    findContact: (email) =>
      asking(() =>
        call(
          { port, method: 'findContact', describe: () => email },
          () => refusal(email) ?? found('c', (contact) => isSame(contact.email, email) && isMade(contact)),
        ),
      ),
    findMembership: (email, campaign) =>
      asking(() =>
        call(
          { port, method: 'findMembership', describe: () => `${email} ${campaign}` },
          () => refusal(email) ?? found('m', (contact) => contact.isMember && isSame(contact.email, email)),
        ),
      ),
    update: (ref, fields) =>
      writing(ref, () =>
        call({ port, method: 'update', describe: () => `${ref} ${fieldsText(fields)}` }, () => {
          const refused = refusal(contactOf(ref)?.email ?? '');
          if (refused) return refused;
          const contact = contactOf(ref);
          if (!contact) return Err({ kind: 'rejected', reason: 'no such contact' });
          watch.wrote(fields);
          const texts = Object.entries(fields).map(([name, field]) => [name, textOf(field)]);
          contact.fields = { ...contact.fields, ...Object.fromEntries(texts) };
          return Ok(undefined);
        }),
      ),
    recordSent: (ref, rule, at) =>
      writing(ref, () =>
        call({ port, method: 'recordSent', describe: () => `${ref} ${rule}` }, () => {
          const refused = refusal(contactOf(ref)?.email ?? '');
          if (refused) return refused;
          const contact = contactOf(ref);
          if (!contact) return Err({ kind: 'rejected', reason: 'no such member' });
          contact.marks.set(rule, at.epochMilliseconds);
          watch.marked(contact.email.toLowerCase(), rule, at.epochMilliseconds);
          return Ok(undefined);
        }),
      ),
    describe: () => call({ port, method: 'describe', describe: () => '' }, () => Ok([])),
  };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, field]) => `${name}=${textOf(field)}`)
    .join(' ');
}
