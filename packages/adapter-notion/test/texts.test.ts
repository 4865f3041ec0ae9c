// Mail texts from the pages of a Notion database.
import { createMemoryClock } from '@precall/adapter-memory';
import { defaultPolicy, nothingKnown, recipientId, type SchemaFault } from '@precall/core';
import { createTemplates } from '@precall/templates';
import { type NotionDatabase, startNotionStandIn, textsDatabase } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { known } from '../../templates/test/facts-of-a-call.ts';
import { createNotionTexts, type NotionTexts, shareNotion } from '../src/index.ts';
import { errorOf, noon, token } from './asking.ts';

const row = (name: string, subject: string, body: string) => ({
  'Template Name': name,
  'Subject Line': subject,
  'Email Body HTML': body,
});
const rows = [row('24h', 'Hi {{first_name}}', '<p>Tomorrow</p>'), row('Nurture 1', '{{score}}', '{{tips}}')];

async function onTexts(
  changed: Partial<NotionDatabase>,
  run: (bench: {
    readonly texts: NotionTexts;
    readonly notion: Awaited<ReturnType<typeof startNotionStandIn>>;
    readonly clock: ReturnType<typeof createMemoryClock>;
    readonly database: string;
  }) => Promise<void>,
  rowsPerAnswer = 100,
): Promise<void> {
  const database = { ...textsDatabase(rows), ...changed };
  const notion = await startNotionStandIn({ token, databases: [database], rowsPerAnswer });
  const clock = createMemoryClock(noon);
  try {
    const texts = createNotionTexts({ token, baseUrl: notion.url, clock, database: database.id });
    await run({ texts, notion, clock, database: database.id });
  } finally {
    await notion.stop();
  }
}

describe('createNotionTexts', () => {
  it('reads each page, however long, slice by slice', async () => {
    const long = `<p>${'é'.repeat(7_001)}</p>`;
    const many = [...rows, row('72h.fr', 'Bientôt', long), row('', 'no name', 'x')];
    await onTexts(
      { rows: many },
      async ({ texts, notion }) => {
        expect((await texts.read()).unwrap()).toEqual([
          { name: '24h', format: 'html', subject: 'Hi {{first_name}}', body: '<p>Tomorrow</p>' },
          { name: 'Nurture 1', format: 'html', subject: '{{score}}', body: '{{tips}}' },
          { name: '72h.fr', format: 'html', subject: 'Bientôt', body: long },
        ]);
        expect(notion.count('query')).toBe(4);
        expect(notion.count('patch')).toBe(0);
      },
      1,
    );
  });

  it('costs one request once the database is known, and does not see the trash', async () => {
    await onTexts({}, async ({ texts, notion, database }) => {
      await texts.read();
      const before = notion.requests.length;
      notion.trash(notion.rows(database)[0]?.id ?? '');
      expect((await texts.read()).unwrap()).toHaveLength(1);
      expect(notion.requests.length - before).toBe(1);
    });
  });

  it('lets an edit count, and other mails in the database alone', async () => {
    await onTexts({}, async ({ texts, notion, clock, database }) => {
      const told: string[] = [];
      const policy = {
        ...defaultPolicy,
        rules: [{ name: '24h', when: { before: known.now.until(known.startAt) } }],
      };
      const templates = createTemplates({
        source: texts,
        policy,
        clock,
        onTrouble: ({ sentence }) => told.push(sentence),
      });
      const subject = () => {
        const { rules } = templates.policy;
        const [rule] = typeof rules === 'function' ? rules(nothingKnown, recipientId('a'.repeat(32))) : rules;
        return rule?.content?.render(known).subject;
      };
      await templates.refresh();
      expect(subject()).toBe('Hi Ada');
      notion.edit(notion.rows(database)[0]?.id ?? '', { 'Subject Line': 'Dear {{first_name}}' });
      await templates.refresh();
      expect(subject()).toBe('Dear Ada');
      notion.failAll({ status: 503 });
      await templates.refresh();
      expect(subject()).toBe('Dear Ada');
      expect(told).toEqual([]);
    });
  });

  it('refuses a database without its properties, by their names', async () => {
    const properties = { Name: { type: 'title' }, 'Subject Line': { type: 'rich_text' } } as const;
    await onTexts({ properties, rows: [] }, async ({ texts }) => {
      expect(await errorOf(texts.read())).toMatchObject({
        kind: 'rejected',
        reason: 'the database has no property "Template Name", "Email Body HTML"',
      });
    });
  });

  it.each<[string, Partial<NotionDatabase>, Partial<SchemaFault>[]]>([
    ['nothing of one that is right', {}, []],
    ['one that is not shared', { shared: false }, [{ fault: expect.stringContaining('no database') }]],
    [
      'a name that is another, and a body that is no text',
      {
        rows: [],
        properties: {
          'Template name': { type: 'title' },
          'Subject Line': { type: 'rich_text' },
          'Email Body HTML': { type: 'url' },
        },
      },
      [
        { fault: expect.stringContaining('there is "Template name"') },
        { fault: expect.stringContaining('of type url'), cure: expect.stringContaining('rich_text') },
      ],
    ],
  ])('describes %s', async (_, changed, faults) => {
    await onTexts(changed, async ({ texts }) => {
      const where = 'NOTION_EMAIL_TEMPLATES_DB_ID (texts)';
      const found = (await texts.describe()).unwrap();
      expect(found).toEqual(
        faults.map((one) => ({ where, fault: expect.anything(), cure: expect.anything(), ...one })),
      );
    });
  });

  it('keeps to one pace with whatever shares its connection', async () => {
    await onTexts({}, async ({ notion, clock, database }) => {
      const shared = shareNotion({ token, baseUrl: notion.url, clock, pace: { perSecond: 1, burst: 3 } });
      const [first, second] = [1, 2].map(() => createNotionTexts({ shared, clock, database }));
      expect((await first?.read())?.isOk()).toBe(true);
      // The first has used up what may be asked at once, and the clock stands still.
      void second?.read();
      await new Promise((resolve) => setImmediate(resolve));
      expect(notion.requests).toHaveLength(3);
      expect(clock.pending()).toHaveLength(1);
    });
  });

  it('throws for a database that is not named', () => {
    const clock = createMemoryClock(noon);
    expect(() => createNotionTexts({ token, clock, database: '' })).toThrow('texts.database is empty');
  });
});
