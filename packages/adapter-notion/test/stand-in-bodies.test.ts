// The stand-in's bodies, read with Notion's own client and its types.
import { Client, isFullDatabase, isFullDataSource, isFullPage } from '@notionhq/client';
import { describe, expect, it } from 'vitest';
import { onBench, token } from './asking.ts';

const named = (name: string) => expect.objectContaining({ name });

describe('the stand-in', () => {
  it('gives bodies that the SDK takes for full ones', async () => {
    await onBench({}, async ({ notion, contacts, row }) => {
      const client = new Client({ auth: token, baseUrl: notion.url, retry: false });
      const database = await client.databases.retrieve({ database_id: contacts.id });
      if (!isFullDatabase(database)) throw new Error('the database is not full');
      const dataSource = await client.dataSources.retrieve({
        data_source_id: `${database.data_sources[0]?.id}`,
      });
      if (!isFullDataSource(dataSource)) throw new Error('the data source is not full');
      expect(dataSource.properties).toMatchObject({
        'Booking Status': { type: 'select', select: { options: expect.arrayContaining([named('Booked')]) } },
        email: { type: 'email', name: 'email', id: expect.any(String) },
      });

      const page = await client.pages.retrieve({ page_id: row(0).id });
      const { results } = await client.dataSources.query({ data_source_id: dataSource.id });
      expect(results).toEqual([page]);
      if (!isFullPage(page)) throw new Error('the page is not full');
      expect(page.properties['Diagnostic Call Date']).toMatchObject({
        type: 'date',
        date: { start: '2026-01-01' },
      });
      expect(page.parent).toMatchObject({ type: 'data_source_id', data_source_id: dataSource.id });
    });
  });

  it('makes pages by the client, in either version of the API', async () => {
    await onBench({}, async ({ notion, contacts }) => {
      for (const notionVersion of ['2025-09-03', '2026-03-11']) {
        const client = new Client({ auth: token, baseUrl: notion.url, retry: false, notionVersion });
        const database = await client.databases.retrieve({ database_id: contacts.id });
        const id = isFullDatabase(database) ? `${database.data_sources[0]?.id}` : '';
        const page = await client.pages.create({
          parent: { type: 'data_source_id', data_source_id: id },
          properties: { email: { email: `${notionVersion}@example.com` } },
        });
        expect(notion.rows(contacts.id).at(-1)?.id).toBe(page.id);
      }
    });
  });
});
