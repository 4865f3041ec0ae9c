import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { adasRef, callDate, campaign, choice, errorOf, kindOf, onBench, refOf, status } from './asking.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const people = (count: number) => Array.from({ length: count }, (_, n) => ({ email: `p${n}@example.com` }));

describe('the database', () => {
  it('A1: is resolved to its data source once, however many ask at once', async () => {
    await onBench({}, async ({ crm, notion }) => {
      await Promise.all(people(5).map(({ email }) => crm.findContact(email)));
      await adasRef(crm);
      expect([notion.count('database'), notion.count('data_source'), notion.count('query')]).toEqual([
        1, 1, 6,
      ]);
    });
  });

  it('A1: is resolved again when its data source has vanished', async () => {
    await onBench({}, async ({ crm, notion, contacts }) => {
      const ref = await adasRef(crm);
      notion.replaceDataSource(contacts.id);
      expect(await adasRef(crm)).toBe(ref);
      expect(notion.count('database')).toBe(2);
    });
  });

  it('A1: with several data sources is asked for none, until configuration says which', async () => {
    const contacts = { dataSources: ['People', 'Companies'] } as const;
    await onBench({ contacts }, async ({ crm, notion }) => {
      const error = await errorOf(crm.findContact('ada@example.com'));
      expect(error).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('dataSource') });
      expect(notion.count('query')).toBe(0);
    });
    for (const [dataSource, kind] of [
      ['People', 'one'],
      ['Companies', 'none'],
    ] as const) {
      await onBench({ contacts, contactsOptions: { dataSource } }, async ({ crm }) => {
        expect(await kindOf(crm.findContact('ada@example.com'))).toBe(kind);
      });
    }
  });

  it('A4: that is not shared is unavailable: what is wanted is wanted still when it is', async () => {
    await onBench({ contacts: { shared: false } }, async ({ crm }) => {
      expect(await errorOf(crm.findContact('ada@example.com'))).toMatchObject({ kind: 'unavailable' });
    });
  });
});

describe('findContact', () => {
  it('A2: asks by the real type of the property and by its id, for the address as given and in lower case', async () => {
    await onBench({}, async ({ crm, notion }) => {
      await crm.findContact('ADA@Example.com');
      const query = notion.requests.find(({ kind }) => kind === 'query');
      expect(JSON.parse(query?.body ?? '')).toMatchObject({
        page_size: 100,
        filter: {
          and: [
            {
              or: [
                { property: expect.stringMatching(/^%3A/), email: { equals: 'ADA@Example.com' } },
                { property: expect.stringMatching(/^%3A/), email: { equals: 'ada@example.com' } },
              ],
            },
          ],
        },
      });
    });
  });

  it('A2: finds an address written in lower case, whether Notion minds case or not', async () => {
    for (const letters of ['any_case', 'exact'] as const) {
      const contacts = { rows: [{ email: 'bob@example.com' }] };
      await onBench({ contacts, standIn: { letters } }, async ({ crm }) => {
        expect(await kindOf(crm.findContact('Bob@Example.com'))).toBe('one');
      });
    }
  });

  it('A2: compares again what Notion found: an address that only looks alike is nobody', async () => {
    const contacts = { rows: [{ email: 'adä@example.com' }] };
    await onBench({ contacts, standIn: { letters: 'any_accent' } }, async ({ crm }) => {
      expect(await kindOf(crm.findContact('ada@example.com'))).toBe('none');
      expect(await kindOf(crm.findContact('ADÄ@example.com'))).toBe('one');
    });
  });

  it('A2: two with one address are many', async () => {
    const rows = [{ email: 'ada@example.com' }, { email: 'Ada@Example.com' }];
    await onBench({ contacts: { rows } }, async ({ crm }) => {
      expect(await kindOf(crm.findContact('ada@example.com'))).toBe('many');
    });
  });

  it('A2: goes on after an answer with fewer rows than were asked for', async () => {
    const rows = [{ email: 'ada@example.com' }, { email: 'Ada@Example.com' }];
    await onBench({ contacts: { rows }, standIn: { rowsPerAnswer: 1 } }, async ({ crm, notion }) => {
      expect(await kindOf(crm.findContact('ada@example.com'))).toBe('many');
      expect(notion.count('query')).toBe(2);
    });
  });

  it('A2: leaves out what is in the trash', async () => {
    await onBench({}, async ({ crm, notion, row }) => {
      notion.trash(row(0).id);
      expect(await kindOf(crm.findContact('ada@example.com'))).toBe('none');
    });
  });

  it('finds the address property by its type, and by configuration in a text or title', async () => {
    for (const type of ['rich_text', 'title'] as const) {
      const contacts = { properties: { Mail: { type } }, rows: [{ Mail: 'Ada@Example.com' }] };
      await onBench({ contacts, contactsOptions: { emailProperty: 'Mail' } }, async ({ crm }) => {
        expect(await kindOf(crm.findContact('ada@example.com'))).toBe('one');
      });
      await onBench({ contacts }, async ({ crm }) => {
        expect((await errorOf(crm.findContact('ada@example.com'))).kind).toBe('rejected');
      });
    }
  });

  it('refuses to guess between two properties of type email', async () => {
    const contacts = {
      properties: { Work: { type: 'email' }, Home: { type: 'email' } },
      rows: [{ Work: 'ada@work.example', Home: 'ada@home.example' }],
    } as const;
    await onBench({ contacts }, async ({ crm }) => {
      const error = await errorOf(crm.findContact('ada@home.example'));
      expect(error).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('emailProperty') });
    });
    await onBench({ contacts, contactsOptions: { emailProperty: 'Home' } }, async ({ crm }) => {
      expect(await kindOf(crm.findContact('ada@home.example'))).toBe('one');
      expect(await kindOf(crm.findContact('ada@work.example'))).toBe('none');
    });
  });
});

describe('a property', () => {
  it('A6: that is renamed is found by its id', async () => {
    await onBench({}, async ({ crm, notion, contacts, row }) => {
      const ref = await adasRef(crm);
      notion.rename(contacts.id, { from: 'email', to: 'Address' });
      notion.rename(contacts.id, { from: status, to: 'State' });
      expect(await adasRef(crm)).toBe(ref);
      expect((await crm.update(ref, { [status]: choice('Booked') })).isOk()).toBe(true);
      expect(row(0).values.State).toBe('Booked');
      expect([notion.count('patch'), notion.count('data_source')]).toEqual([1, 1]);
    });
  });

  it('A6: that is renamed is found even after the schema was read anew', async () => {
    await onBench({}, async ({ crm, notion, contacts, clock, row }) => {
      const ref = await adasRef(crm);
      notion.rename(contacts.id, { from: status, to: 'State' });
      await clock.advance(minutes(11));
      expect((await crm.update(ref, { [status]: choice('Booked') })).isOk()).toBe(true);
      expect(notion.count('data_source')).toBe(2);
      expect(row(0).values.State).toBe('Booked');
    });
  });

  it('can be configured by its id', async () => {
    await onBench({}, async ({ crm, notion }) => {
      const ref = await adasRef(crm);
      const query = notion.requests.find(({ kind }) => kind === 'query')?.body ?? '';
      const id = /"property":"([^"]+)"/.exec(query)?.[1] ?? '';
      expect((await crm.update(ref, { [id]: { type: 'email', value: 'new@example.com' } })).isOk()).toBe(
        true,
      );
      expect(await refOf(crm.findContact('new@example.com'))).toBe(ref);
    });
  });
});

describe('findMembership', () => {
  const entries = [
    { Email: 'ada@example.com', Campaign: campaign },
    { Email: 'ada@example.com', Campaign: campaign, 'Template Type': 'No-Show Recovery' },
    { Email: 'ada@example.com', Campaign: 'Other' },
    { Email: 'bob@example.com', Campaign: 'Other' },
  ];
  const ofAda = (value: string | null) => ({ only: { property: 'Template Type', value } });

  it('is none without a database of memberships, and asks nobody', async () => {
    await onBench({ sequenceOptions: null }, async ({ crm, notion }) => {
      expect(await kindOf(crm.findMembership('ada@example.com', campaign))).toBe('none');
      expect(notion.requests).toEqual([]);
    });
  });

  it('goes by address and campaign: many where several entries are in it', async () => {
    await onBench({ sequence: { rows: entries } }, async ({ crm }) => {
      expect(await kindOf(crm.findMembership('ada@example.com', campaign))).toBe('many');
      expect(await kindOf(crm.findMembership('ADA@example.com', 'Other'))).toBe('one');
      expect(await kindOf(crm.findMembership('bob@example.com', campaign))).toBe('none');
    });
  });

  it('tells several entries in one campaign apart by what configuration says the right one has, or has not', async () => {
    for (const [value, index] of [
      ['No-Show Recovery', 1],
      [null, 0],
    ] as const) {
      await onBench({ sequence: { rows: entries }, sequenceOptions: ofAda(value) }, async (bench) => {
        const ref = await refOf(bench.crm.findMembership('ada@example.com', campaign));
        expect(ref).toBe(bench.member(index).id);
      });
    }
  });

  it('A2: is none where Notion has no such campaign, which it says with 400', async () => {
    await onBench({}, async ({ crm, notion }) => {
      expect(await kindOf(crm.findMembership('ada@example.com', 'Easter 2027'))).toBe('none');
      expect(notion.count('query')).toBe(1);
    });
  });

  it('finds a campaign that was added after the schema was read', async () => {
    await onBench({ sequence: { rows: [{ Email: 'ada@example.com' }] } }, async (bench) => {
      const { crm, notion, sequence, member } = bench;
      expect(await kindOf(crm.findMembership('ada@example.com', 'Easter 2027'))).toBe('none');
      notion.addOption(sequence.id, { property: 'Campaign', option: 'Easter 2027' });
      expect(await kindOf(crm.findMembership('ada@example.com', 'Easter 2027'))).toBe('none');
      const patched = await fetch(`${notion.url}/v1/pages/${member(0).id}`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer ntn_of-the-tests', 'notion-version': '2025-09-03' },
        body: JSON.stringify({ properties: { Campaign: { select: { name: 'Easter 2027' } } } }),
      });
      expect(patched.status).toBe(200);
      expect(await kindOf(crm.findMembership('ada@example.com', 'Easter 2027'))).toBe('one');
    });
  });
});

describe('the schema', () => {
  it('A2: is read again when a type has changed, so that the filter has the right key', async () => {
    const contacts = {
      properties: { Mail: { type: 'email' } },
      rows: [{ Mail: 'ada@example.com' }],
    } as const;
    const contactsOptions = { emailProperty: 'Mail' };
    await onBench({ contacts, contactsOptions }, async ({ crm, notion, contacts: { id } }) => {
      const ref = await refOf(crm.findContact('ada@example.com'));
      notion.changeType(id, { property: 'Mail', to: 'rich_text' });
      expect(await refOf(crm.findContact('ada@example.com'))).toBe(ref);
      expect(notion.count('data_source')).toBe(2);
    });
  });

  it('is not read again for a page that is gone, more than once', async () => {
    await onBench({}, async ({ crm, notion }) => {
      await adasRef(crm);
      const before = notion.requests.length;
      const error = await errorOf(crm.update('0'.repeat(32), { [callDate]: { type: 'date', value: null } }));
      expect(error).toMatchObject({ kind: 'rejected' });
      expect(notion.requests.slice(before).map(({ kind }) => kind)).toEqual(['patch', 'data_source']);
    });
  });
});
