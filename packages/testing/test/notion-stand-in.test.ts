import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type NotionDatabase,
  type NotionStandIn,
  type NotionStandInOptions,
  startNotionStandIn,
} from '../src/stand-ins.ts';

const token = 'ntn_of-the-tests';
const id = 'd'.repeat(32);
const nobody = '0'.repeat(32);
const properties = {
  Name: { type: 'title' },
  Mail: { type: 'email' },
  Kind: { type: 'select', options: ['Lead'] },
  State: { type: 'status', options: ['Open', 'Closed'] },
  Day: { type: 'date' },
  Score: { type: 'number' },
  Note: { type: 'rich_text' },
  Done: { type: 'checkbox' },
  Site: { type: 'url' },
} as const;
const rows = [
  {
    Name: 'Ada',
    Mail: 'Ada@Example.com',
    Kind: 'Lead',
    State: 'Open',
    Day: '2026-03-05',
    Score: 3,
    Done: true,
  },
  { Name: 'Bob', Mail: 'bob@example.com', Day: '2026-03-05T10:00:00Z' },
  { Name: 'Cy', Mail: 'cy@example.com' },
];

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
interface Stage {
  readonly notion: NotionStandIn;
  ask(request: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Answer>;
  /** Of the database's data source. */
  readonly source: string;
  query(body: unknown): Promise<Answer>;
  /** PATCHes the first row. */
  write(values: unknown): Promise<Answer>;
}

async function onStandIn(
  run: (stage: Stage) => Promise<void>,
  options: Partial<NotionStandInOptions> & { readonly database?: Partial<NotionDatabase> } = {},
): Promise<void> {
  const { database, ...others } = options;
  const databases = [{ id, properties, rows, ...database }];
  const notion = await startNotionStandIn({ token, databases, ...others });
  const ask: Stage['ask'] = async (request, body, headers = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${notion.url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  try {
    const source = `${inside((await ask(`GET databases/${id}`)).body, 'data_sources', 0, 'id')}`;
    await run({
      notion,
      ask,
      source,
      query: (body) => ask(`POST data_sources/${source}/query`, body),
      write: (values) => ask(`PATCH pages/${notion.rows(id)[0]?.id}`, { properties: values }),
    });
  } finally {
    await notion.stop();
  }
}

function inside(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), value);
}

function namesIn({ body }: Answer): readonly unknown[] {
  const results = inside(body, 'results');
  return Array.isArray(results)
    ? results.map((page) => inside(page, 'properties', 'Name', 'title', 0, 'plain_text'))
    : [];
}

const refused = (message: string) => ({
  status: 400,
  body: { object: 'error', status: 400, code: 'validation_error', message: expect.stringContaining(message) },
});

describe('every request', () => {
  it('needs the token (401) and a version (400)', async () => {
    await onStandIn(async ({ ask }) => {
      expect(
        await ask(`GET databases/${id}`, undefined, { authorization: 'Bearer ntn_other' }),
      ).toMatchObject({
        status: 401,
        body: { code: 'unauthorized' },
      });
      expect(await ask(`GET databases/${id}`, undefined, { 'notion-version': '' })).toMatchObject({
        status: 400,
        body: { code: 'missing_version' },
      });
    });
  });

  it('is 404 for what is not there or not shared, with the words of Notion', async () => {
    await onStandIn(async ({ ask, source }) => {
      for (const request of [
        `GET databases/${nobody}`,
        `GET databases/${source}`,
        `GET data_sources/${id}`,
        `GET pages/${nobody}`,
      ])
        expect(await ask(request)).toMatchObject({ status: 404, body: { code: 'object_not_found' } });
      expect(await ask(`POST data_sources/${id}/query`, {})).toMatchObject({
        status: 404,
        body: {
          message: expect.stringMatching(/^Could not find database .* shared with your integration\.$/),
        },
      });
    });
    const notion = await startNotionStandIn({ token, databases: [{ id, properties, rows, shared: false }] });
    const headers = { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' };
    for (const path of [`databases/${id}`, `pages/${notion.rows(id)[0]?.id}`]) {
      expect((await fetch(`${notion.url}/v1/${path}`, { headers })).status).toBe(404);
    }
    await notion.stop();
  });

  it('is 400 for an id that is none, and for a path that is none', async () => {
    await onStandIn(async ({ ask }) => {
      expect(await ask('GET databases/people')).toMatchObject(refused('should be a valid uuid'));
      expect(await ask(`POST databases/${id}/query`, {})).toMatchObject({
        status: 400,
        body: { code: 'invalid_request_url' },
      });
    });
  });

  it('is kept, with its kind and its body', async () => {
    await onStandIn(async ({ notion, write }) => {
      await write({ Score: { number: 4 } });
      expect(notion.requests.at(-1)).toEqual({
        kind: 'patch',
        method: 'PATCH',
        path: `/v1/pages/${notion.rows(id)[0]?.id}`,
        body: '{"properties":{"Score":{"number":4}}}',
      });
      expect([notion.count('patch'), notion.count('query')]).toEqual([1, 0]);
    });
  });
});

describe('a query', () => {
  const byName = (value: string) => ({ property: 'Name', title: { equals: value } });

  it('gives the rows that fit, in their order', async () => {
    await onStandIn(async ({ query }) => {
      expect(namesIn(await query({}))).toEqual(['Ada', 'Bob', 'Cy']);
      expect(namesIn(await query({ filter: byName('bob') }))).toEqual(['Bob']);
      expect(namesIn(await query({ filter: { or: [byName('Cy'), byName('Ada')] } }))).toEqual(['Ada', 'Cy']);
      expect(namesIn(await query({ filter: { and: [byName('Cy'), byName('Ada')] } }))).toEqual([]);
      expect(namesIn(await query({ filter: { property: 'Kind', select: { is_empty: true } } }))).toEqual([
        'Bob',
        'Cy',
      ]);
    });
  });

  it('minds case or accents, or does not, as it is told: Notion says nowhere what it does', async () => {
    for (const [letters, found] of [
      ['exact', []],
      ['any_case', ['Bob']],
      ['any_accent', ['Bob']],
    ] as const) {
      await onStandIn(
        async ({ query }) => expect(namesIn(await query({ filter: byName('BOB') }))).toEqual(found),
        {
          letters,
        },
      );
    }
    await onStandIn(
      async ({ query }) => expect(namesIn(await query({ filter: byName('Böb') }))).toEqual(['Bob']),
      { letters: 'any_accent' },
    );
  });

  it('takes a property by name or id, and refuses one that is not there', async () => {
    await onStandIn(async ({ query, ask, source }) => {
      const schema = (await ask(`GET data_sources/${source}`)).body;
      const property = inside(schema, 'properties', 'Mail', 'id');
      expect(property).toMatch(/^%/);
      expect(namesIn(await query({ filter: { property, email: { equals: 'cy@example.com' } } }))).toEqual([
        'Cy',
      ]);
      expect(await query({ filter: { property: 'mail', email: { equals: 'x' } } })).toMatchObject(
        refused('Could not find property with name or id: mail'),
      );
    });
  });

  it.each([
    ['a key that is not the type', { property: 'Mail', rich_text: { equals: 'x' } }],
    ['the key of older versions', { property: 'Note', text: { equals: 'x' } }],
    ['a value of another type', { property: 'Score', number: { equals: '3' } }],
    ['more than two levels', { and: [{ or: [{ and: [] }] }] }],
    ['what is no object', []],
  ])('refuses a filter with %s', async (_, filter) => {
    await onStandIn(async ({ query }) => {
      expect(await query({ filter })).toMatchObject(refused('body failed validation'));
    });
  });

  it('refuses to look for an option that is not there, and names those that are', async () => {
    await onStandIn(async ({ query }) => {
      for (const [property, type, available] of [
        ['Kind', 'select', '"Lead"'],
        ['State', 'status', '"Open", "Closed"'],
      ] as const) {
        expect(await query({ filter: { property, [type]: { equals: 'lead' } } })).toMatchObject(
          refused(
            `${type} option "lead" not found for property "${property}". Available options: ${available}.`,
          ),
        );
      }
    });
  });

  it('gives at most 100 rows, at most what was asked for, and maybe fewer, with where to go on', async () => {
    const many = Array.from({ length: 101 }, (_, n) => ({ Name: `${n}` }));
    await onStandIn(
      async ({ query }) => {
        const first = await query({});
        expect(namesIn(first)).toHaveLength(100);
        expect(first.body).toMatchObject({ has_more: true });
        const last = await query({ start_cursor: inside(first.body, 'next_cursor') });
        expect(namesIn(last)).toEqual(['100']);
        expect(last.body).toMatchObject({ has_more: false, next_cursor: null });
        expect(await query({ page_size: 101 })).toMatchObject(refused('page_size'));
        expect(await query({ start_cursor: nobody })).toMatchObject(refused('start_cursor'));
      },
      { database: { rows: many } },
    );
    await onStandIn(
      async ({ query }) => {
        expect((await query({ page_size: 3 })).body).toMatchObject({ has_more: true });
        expect(namesIn(await query({ page_size: 3 }))).toEqual(['Ada', 'Bob']);
      },
      { rowsPerAnswer: 2 },
    );
  });

  it('leaves out what is in the trash', async () => {
    await onStandIn(async ({ notion, query }) => {
      notion.trash(notion.rows(id)[1]?.id ?? '');
      expect(namesIn(await query({}))).toEqual(['Ada', 'Cy']);
    });
  });
});

describe('a page', () => {
  it.each([
    ['Name', { title: [{ text: { content: 'A' } }, { text: { content: 'da' } }] }, 'Ada'],
    ['Note', { rich_text: [] }, null],
    ['Mail', { email: 'x@example.com' }, 'x@example.com'],
    ['Kind', { select: null }, null],
    ['State', { status: { name: 'Closed' } }, 'Closed'],
    ['Day', { date: { start: '2026-12-03T15:00:00+01:00' } }, '2026-12-03T15:00:00+01:00'],
    ['Score', { number: 0 }, 0],
    ['Done', { checkbox: false }, false],
    ['Site', { type: 'url', url: 'https://example.com' }, 'https://example.com'],
  ])('takes into %s %j', async (name, given, held) => {
    await onStandIn(async ({ notion, write }) => {
      expect((await write({ [name]: given })).status).toBe(200);
      expect(notion.rows(id)[0]?.values).toEqual({ Note: null, Site: null, ...rows[0], [name]: held });
    });
  });

  it('shows a moment with an offset, and a day as it is', async () => {
    await onStandIn(async ({ query }) => {
      const { body } = await query({});
      expect(inside(body, 'results', 0, 'properties', 'Day', 'date', 'start')).toBe('2026-03-05');
      expect(inside(body, 'results', 1, 'properties', 'Day', 'date', 'start')).toBe(
        '2026-03-05T10:00:00.000+00:00',
      );
    });
  });

  it.each([
    ['of another type', { Score: { rich_text: [] } }, 'Score is expected to be number.'],
    ['of the right key and another type', { Score: { number: '3' } }, 'Score is expected to be number.'],
    ['of no property', { score: { number: 3 } }, 'score is not a property that exists.'],
    ['of an unknown status', { State: { status: { name: 'open' } } }, 'Status option "open" does not exist.'],
    ['of a day that is none', { Day: { date: { start: '3 December' } } }, 'Day is expected to be date.'],
    [
      'of a moment without its offset',
      { Day: { date: { start: '2026-12-03T15:00:00' } } },
      'Day is expected',
    ],
    ['of a text over 2000', { Note: { rich_text: [{ text: { content: 'x'.repeat(2_001) } }] } }, '2000'],
    ['of an address over 200', { Mail: { email: 'x'.repeat(201) } }, '200'],
  ])('refuses a value %s, and all others with it', async (_, given, message) => {
    await onStandIn(async ({ notion, write }) => {
      const before = notion.rows(id);
      expect(await write({ Name: { title: [] }, ...given })).toMatchObject(refused(message));
      expect(notion.rows(id)).toEqual(before);
    });
  });

  it('makes an option that a select does not have, without a word', async () => {
    await onStandIn(async ({ notion, write }) => {
      expect((await write({ Kind: { select: { name: 'laed' } } })).status).toBe(200);
      expect(notion.options(id, 'Kind')).toEqual(['Lead', 'laed']);
    });
  });

  it('in the trash can be read, and not be changed', async () => {
    await onStandIn(async ({ notion, ask, write }) => {
      const page = notion.rows(id)[0]?.id ?? '';
      notion.trash(page);
      expect(await ask(`GET pages/${page}`)).toMatchObject({ status: 200, body: { in_trash: true } });
      expect(await write({ Score: { number: 1 } })).toMatchObject(
        refused("Can't edit block that is archived."),
      );
    });
  });

  it('can be made, in a data source that is there', async () => {
    await onStandIn(async ({ notion, ask, source }) => {
      const made = await ask('POST pages', {
        parent: { data_source_id: source },
        properties: { Name: { title: [{ text: { content: 'Di' } }] } },
      });
      expect(made.status).toBe(200);
      expect(notion.rows(id).at(-1)).toMatchObject({ id: inside(made.body, 'id'), values: { Name: 'Di' } });
      expect((await ask('POST pages', { parent: { data_source_id: nobody }, properties: {} })).status).toBe(
        404,
      );
      expect(
        (await ask('POST pages', { parent: { data_source_id: source }, properties: { x: {} } })).status,
      ).toBe(400);
      expect(notion.rows(id)).toHaveLength(4);
    });
  });
});

describe('the data given at the start', () => {
  it.each([
    ['a property that is not there', { name: 'Ada' }, 'no property'],
    ['a value of another type', { Score: 'high' }, 'of type number'],
    ['an unknown status', { State: 'Lost' }, '"Lost"'],
  ])('is refused with %s', async (_, row, message) => {
    const databases = [{ id, properties, rows: [row] }] as readonly NotionDatabase[];
    await expect(startNotionStandIn({ token, databases })).rejects.toThrow(message);
  });
});

describe('a fault', () => {
  it('happens as often as it was asked for, to the kind it was asked for, with its headers and body', async () => {
    await onStandIn(async ({ notion, ask, query }) => {
      notion.failNext({ status: 429, headers: { 'retry-after': '7' } }, { times: 2, kind: 'query' });
      expect((await ask(`GET databases/${id}`)).status).toBe(200);
      const headers = { authorization: `Bearer ${token}` };
      const raw = await fetch(`${notion.url}/v1/data_sources/${nobody}/query`, { method: 'POST', headers });
      expect([raw.status, raw.headers.get('retry-after')]).toEqual([429, '7']);
      expect(await query({})).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect((await query({})).status).toBe(200);
      notion.failNext({ status: 502, body: '"Bad gateway"' });
      expect(await query({})).toEqual({ status: 502, body: 'Bad gateway' });
    });
  });

  it('lasts until it is told, or for a time', async () => {
    await onStandIn(async ({ notion, query }) => {
      notion.failAll({ status: 503 });
      expect([(await query({})).status, (await query({})).status]).toEqual([503, 503]);
      notion.failAll(null);
      expect((await query({})).status).toBe(200);
      notion.failFor(60_000, { status: 529 });
      expect((await query({})).status).toBe(529);
      notion.failFor(0, { status: 529 });
      expect((await query({})).status).toBe(200);
    });
  });

  it('may be a cut connection, before the write or after', async () => {
    await onStandIn(async ({ notion, write }) => {
      for (const [fault, score] of [
        ['cut_before', 3],
        ['cut_after', 9],
      ] as const) {
        notion.failNext(fault);
        await expect(write({ Score: { number: 9 } })).rejects.toThrow();
        expect(notion.rows(id)[0]?.values.Score).toBe(score);
      }
    });
  });

  it('may be no answer, or half of one', async () => {
    await onStandIn(async ({ notion }) => {
      for (const fault of ['silence', 'half'] as const) {
        notion.failNext(fault);
        const signal = AbortSignal.timeout(300);
        const headers = { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' };
        const answer = fetch(`${notion.url}/v1/databases/${id}`, { headers, signal });
        await expect(answer.then((response) => response.text())).rejects.toThrow('timeout');
      }
    });
  });
});

describe('the module', () => {
  it('runs in a plain script', async () => {
    const script = `
      import { campaignDatabases, startNotionStandIn } from '@precall/testing/stand-ins';
      const databases = Object.values(campaignDatabases({ contacts: [{ email: 'ada@example.com' }] }));
      const notion = await startNotionStandIn({ token: 'ntn_x', databases });
      console.log(notion.rows(databases[0].id)[0].values.email);
      await notion.stop();
    `;
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const args = ['--conditions=@precall/source', '--import', 'tsx', '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env: {} });
    expect(stdout).toBe('ada@example.com\n');
  });
});
