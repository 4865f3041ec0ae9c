// An act as a form asks for it, and its answer.
import {
  type ActAnswer,
  type BookingId,
  type Desk,
  Ok,
  type PortResult,
  type ReminderKey,
} from '@precall/core';
import { type ActName, isActName } from './words.ts';

export interface Act {
  readonly name: ActName;
  readonly run: (desk: Desk, by: string) => PortResult<ActAnswer | { readonly refused: string }>;
}

const addressLimit = 320;
const aboutPerson: ReadonlySet<ActName> = new Set(['suppress', 'lift', 'erase', 'no_show', 'came']);

/** Null: the form asks for nothing that there is on its page; `booking` null is the overview. */
export function readAct(form: URLSearchParams, booking: BookingId | null): Act | null {
  const name = form.get('act') ?? '';
  const email = (form.get('email') ?? '').trim();
  if (!isActName(name) || email.length > addressLimit) return null;
  if (name === 'replay') {
    const id = form.get('id') ?? '';
    return booking === null ? { name, run: (desk, by) => replayed(desk, id, by) } : null;
  }
  if (booking === null) return null;
  const key = (form.get('key') ?? '') as ReminderKey;
  const run = {
    send_now: (desk, by) => desk.sendNow(booking, { key, by }),
    drop: (desk, by) => desk.drop(booking, { key, by }),
    no_show: (desk, by) => desk.mark(booking, { email, came: false, by }),
    came: (desk, by) => desk.mark(booking, { email, came: true, by }),
    replan: (desk, by) => desk.replan(booking, { by }),
    write_crm: (desk, by) => desk.writeCrm(booking, { by }),
    suppress: (desk, by) => desk.suppress(email, { by }),
    lift: (desk, by) => desk.lift(email, { by }),
    erase: async (desk, by) => (await desk.erase(email, { by })).map(() => 'done' as const),
  } satisfies { readonly [N in Exclude<ActName, 'replay'>]: Act['run'] };
  if ((aboutPerson.has(name) && email === '') || (name === 'erase' && form.get('sure') !== 'yes'))
    return null;
  return { name, run: run[name] };
}

export function act(desk: Desk, { run }: Act, by: string): ReturnType<Act['run']> {
  return run(desk, by);
}

async function replayed(desk: Desk, id: string, by: string): ReturnType<Act['run']> {
  const answer = await desk.replay(id, { by });
  if (answer?.kind === 'taken') return Ok('done');
  return Ok({
    refused: answer === null ? 'no_such_delivery' : answer.kind === 'ignored' ? answer.reason : answer.kind,
  });
}
