// Mail texts from the pages of a Notion database, as a TextSource of @precall/templates.
import { isFullPage, type PageObjectResponse, type QueryDataSourceResponse } from '@notionhq/client';
import { type Clock, Err, Ok, type PortResult, type Result, type SchemaFault } from '@precall/core';
import { createContainer, type Source } from './containers.ts';
import { findTextFaults } from './describe.ts';
import type { NotionCall } from './notion-calls.ts';
import { checkDatabase, type NotionConnection, type NotionPace, sharedIn } from './notion-connection.ts';
import type { NotionError, NotionResult } from './notion-error.ts';
import type { Property } from './schema.ts';
import { textProperties } from './text-properties.ts';

/** Which database of Notion's holds the texts. */
export type NotionTextsOptions = NotionConnection &
  NotionPace & {
    readonly clock: Clock;
    /** The id in the database's address, before `?v=`. */
    readonly database: string;
    /** Id or name of its data source; needed only where it has several. */
    readonly dataSource?: string | null;
  };

/** A page: `Template Name` (title), `Subject Line` and `Email Body HTML` (both rich text). */
export interface NotionText {
  readonly name: string;
  readonly format: 'html';
  readonly subject: string;
  readonly body: string;
}

/** Mail texts that people write in Notion, and what is wrong with the database. */
export interface NotionTexts {
  readonly name: string;
  /** Other mails may be kept in the same database. */
  readonly others: 'ignored';
  /** Every page that is not in the trash and has a name; more than 1,000 are refused. */
  read(): PortResult<readonly NotionText[]>;
  describe(): PortResult<readonly SchemaFault[]>;
}

const pageSize = 100;
const mostPages = 1_000;

/** Throws for options that cannot be right, naming the option and how to mend it. */
export function createNotionTexts(options: NotionTextsOptions): NotionTexts {
  const { clock, database, dataSource = null } = options;
  checkDatabase('texts', database);
  const { begin } = sharedIn(options);
  const texts = createContainer({ database, dataSource, clock });

  return {
    name: 'in Notion',
    others: 'ignored',
    read() {
      const call = begin();
      return texts.on(call, (source) => readPages(call, source));
    },
    describe: () => findTextFaults(begin(), { database, dataSource }),
  };
}

async function readPages(call: NotionCall, source: Source): NotionResult<readonly NotionText[]> {
  const name = source.property(textProperties.name);
  const subject = source.property(textProperties.subject);
  const body = source.property(textProperties.body);
  if (!name || !subject || !body) return refuse(missingIn(source));
  const found: NotionText[] = [];
  let cursor: string | undefined;
  do {
    const start_cursor = cursor;
    const slice: Result<QueryDataSourceResponse, NotionError> = await call.read((client) =>
      client.dataSources.query({
        data_source_id: source.id,
        page_size: pageSize,
        result_type: 'page',
        ...(start_cursor !== undefined && { start_cursor }),
      }),
    );
    if (slice.isErr()) return slice;
    for (const page of slice.value.results.filter((one) => isFullPage(one))) {
      const text = {
        name: wordsIn(page, name).trim(),
        subject: wordsIn(page, subject),
        body: wordsIn(page, body),
      };
      if (!page.in_trash && text.name !== '') found.push({ ...text, format: 'html' });
    }
    if (found.length > mostPages) return refuse(`the database has more than ${mostPages} pages`);
    cursor = slice.value.has_more ? (slice.value.next_cursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return Ok(found);
}

function missingIn({ property }: Source): string {
  const names = Object.values(textProperties).filter((name) => !property(name));
  return `the database has no property ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** Long words, and addresses in them, come in pieces. */
function wordsIn(page: PageObjectResponse, { id }: Property): string {
  const value = Object.values(page.properties).find((one) => one.id === id);
  const pieces = value?.type === 'title' ? value.title : value?.type === 'rich_text' ? value.rich_text : [];
  return pieces.map((piece) => piece.plain_text).join('');
}

function refuse(reason: string): Err<NotionError> {
  return Err({ kind: 'rejected', reason });
}
