// A person as they are kept: with what is wanted of their record and nothing else, and found among others once erased.
import { describe, expect, it } from 'vitest';
import { personRecord } from '../src/ids.ts';
import { newPerson } from '../src/person.ts';
import { erasuresAmong, personWrite, readPerson } from '../src/person-record.ts';
import { ana, at, ben } from './agreed-call.ts';

const now = at('2026-11-23T12:00:00Z');
const later = at('2026-11-24T12:00:00Z');
const kept = (person = newPerson, id = ana) => personWrite(id, person, { over: null, now }).put;

describe('a person as they are kept', () => {
  it('is of the first version, without history of their own unless something is told', () => {
    const { put, history } = personWrite(ana, newPerson, { over: null, now });
    expect(put).toMatchObject({ id: personRecord(ana), version: 1, revision: 1, keys: [] });
    expect(history).toEqual([]);
    expect(readPerson(put).value).toEqual(newPerson);
  });

  it('is forgotten in the end, but for what they said and that they were erased', () => {
    expect(`${kept().lanes.forget}`).toBe('2027-12-28T12:00:00Z');
    expect(kept({ ...newPerson, suppressed: { at: now, why: 'link' } }).lanes.forget).toBeNull();
    expect(kept({ ...newPerson, erasedAt: now }).lanes.forget).toBeNull();
  });

  it('is looked at by the CRM when asked, and else when it would have been', () => {
    const over = personWrite(ana, newPerson, { over: null, now, crmAt: later }).put;
    const crmAt = (options: object) => personWrite(ana, newPerson, { over, now, ...options }).put.lanes.crm;
    expect([crmAt({}), crmAt({ crmAt: now }), crmAt({ crmAt: null })]).toEqual([later, now, null]);
  });

  it('is found among others once they were erased', () => {
    const erased = kept({ ...newPerson, erasedAt: later }, ben);
    expect(erasuresAmong([kept(), erased, { ...kept(), kind: 'meta', body: '{}' }])).toEqual([
      { recipient: ben, erasedAt: later },
    ]);
  });
});
