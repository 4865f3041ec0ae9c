// What the owner of an address wants: the last word holds, but it does not take back an operator's.
import { personRecord, type RecipientId } from './ids.ts';
import { isBadNews, newPerson } from './person.ts';
import { personWrite, readPersonIfSound, unreadablePerson } from './person-record.ts';
import type { AddressEvent, PortResult } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';

/** Tries at a compare-and-set before whoever told is asked to come again. */
const tries = 5;

export function createHear({
  store,
  clock,
}: Shell): (owner: RecipientId, wish: Omit<AddressEvent, 'address'>) => PortResult<'saved' | 'conflict'> {
  return async (owner, { said, at }) => {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const found = await store.find([personRecord(owner)]);
      if (found.isErr()) return found;
      const [stored = null] = found.value;
      const person = stored ? readPersonIfSound(stored)?.value : newPerson;
      if (!person) return unreadablePerson;
      const suppressed = said === 'stop' ? { at, why: 'stop' } : null;
      const known = person.suppressed;
      // That nothing reached an address is no word of whoever has it.
      const isSame = said === 'stop' ? known && !isBadNews(known.why) : !known;
      if (isSame || known?.why === 'operator') return Ok('saved');
      const what = said === 'stop' ? 'texts_stopped' : 'texts_started';
      const history = [{ at, what, detail: {} }];
      const saved = await store.save([
        personWrite(owner, { ...person, suppressed }, { over: stored, now: clock.now(), history }),
      ]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'saved') return Ok('saved');
    }
    return Ok('conflict');
  };
}
