// Readings: from the primary, in pages whose cursor names the last record given.
import {
  Err,
  type Lane,
  Ok,
  type Page,
  type PortError,
  type RecordId,
  type Result,
  type Slice,
  type Store,
  type Stored,
} from '@precall/core';
import type { Collection, Filter, FindOptions } from 'mongodb';
import { answered } from './answered.ts';
import { createGroupFinds } from './group-finds.ts';
import { toPortError } from './port-error.ts';
import {
  laneField,
  type RecordDocument,
  toDate,
  toHistoryEntry,
  toInstant,
  toStored,
} from './record-documents.ts';

export type Records = Collection<RecordDocument>;
type Reading = Pick<Store, 'find' | 'findByKey' | 'due' | 'nextDueAt' | 'list' | 'history'>;
/** The order of a reading: by a moment, then by id. */
interface Order {
  readonly reading: string;
  readonly field: 'mailAt' | 'crmAt' | 'forgetAt' | 'changedAt';
  readonly direction: 1 | -1;
}

const withoutHistory: FindOptions = { projection: { history: 0, by: 0 } };
const idsPerQuery = 1_000;
const maxLimit = 1_000;

export function createRecordReader(records: Records): Reading {
  return {
    find: createGroupFinds((ids) =>
      attempt(async () => {
        const found: Stored[] = [];
        for (let from = 0; from < ids.length; from += idsPerQuery) {
          const some = ids.slice(from, from + idsPerQuery);
          found.push(...(await records.find({ _id: { $in: some } }, withoutHistory).toArray()).map(toStored));
        }
        return Ok(found);
      }),
    ),
    findByKey: (key, page) => pageOf({ keys: key }, newestFirst(`key`), page),
    due: (lane, by, page) => pageOf({ [laneField[lane]]: { $lte: toDate(by) } }, earliestFirst(lane), page),
    nextDueAt: (lane) =>
      attempt(async () => {
        const field = laneField[lane];
        const options = { projection: { [field]: 1 }, sort: { [field]: 1 } } as const;
        const next = await records.findOne({ [field]: { $exists: true } }, options);
        const dueAt = next?.[field];
        return Ok(dueAt ? toInstant(dueAt) : null);
      }),
    list: (kind, page) => pageOf({ kind }, newestFirst('list'), page),
    history: (id, page) =>
      attempt(async () => {
        const fault = limitFault(page);
        if (fault) return fault;
        const place = page.cursor === null ? null : /^history\.(\d{1,9})$/.exec(page.cursor)?.[1];
        if (place === undefined) return strangeCursor;
        const record = await records.findOne({ _id: id }, { projection: { history: 1 } });
        const entries = record?.history ?? [];
        const until = place === null ? entries.length : Math.min(Number(place), entries.length);
        const from = Math.max(0, until - page.limit);
        return Ok({
          items: entries.slice(from, until).toReversed().map(toHistoryEntry),
          next: from > 0 ? `history.${from}` : null,
        });
      }),
  };

  function pageOf(
    filter: Filter<RecordDocument>,
    order: Order,
    page: Page,
  ): Promise<Result<Slice<Stored>, PortError>> {
    return attempt(async () => {
      const after = placeOf(order, page);
      if (after.isErr()) return after;
      const { field, direction } = order;
      const ahead: Filter<RecordDocument>[] = after.value === null ? [] : [beyond(order, after.value)];
      const documents = await records
        .find({ $and: [filter, ...ahead] }, withoutHistory)
        .sort({ [field]: direction, _id: direction })
        .limit(page.limit + 1)
        .toArray();
      const items = documents.slice(0, page.limit);
      const last = documents.length > page.limit ? items.at(-1) : undefined;
      return Ok({ items: items.map(toStored), next: last ? cursorOf(order, last) : null });
    });
  }
}

const newestFirst = (reading: string): Order => ({ reading, field: 'changedAt', direction: -1 });
const earliestFirst = (lane: Lane): Order => ({ reading: lane, field: laneField[lane], direction: 1 });

interface Place {
  readonly at: Date;
  readonly id: RecordId;
}

/** The first condition bounds the scan of the index, the second takes out what was given already. */
function beyond({ field, direction }: Order, { at, id }: Place): Filter<RecordDocument> {
  const [orEqual, strictly] = direction === 1 ? (['$gte', '$gt'] as const) : (['$lte', '$lt'] as const);
  const ahead = [{ [field]: { [strictly]: at } }, { [field]: at, _id: { [strictly]: id } }];
  return { [field]: { [orEqual]: at }, $or: ahead } as Filter<RecordDocument>;
}

function cursorOf({ reading, field }: Order, last: RecordDocument): string {
  const id = Buffer.from(last._id).toString('base64url');
  return `${reading}.${last[field]?.getTime() ?? 0}.${id}`;
}

/** Nothing in a cursor is trusted when it returns. */
function placeOf({ reading }: Order, page: Page): Result<Place | null, PortError> {
  const fault = limitFault(page);
  if (fault) return fault;
  if (page.cursor === null) return Ok(null);
  const [, given, at, id = ''] = /^([a-z]+)\.(-?\d{1,16})\.([\w-]+)$/.exec(page.cursor) ?? [];
  if (given !== reading) return strangeCursor;
  return Ok({ at: new Date(Number(at)), id: Buffer.from(id, 'base64url').toString() as RecordId });
}

const strangeCursor = Err({
  kind: 'rejected',
  reason: 'the cursor is not one that this reading gave',
} as const);

function limitFault({ limit }: Page): Err<PortError> | null {
  const isRight = Number.isInteger(limit) && limit >= 1 && limit <= maxLimit;
  return isRight ? null : Err({ kind: 'rejected', reason: 'the limit of a page is 1 to 1,000' });
}

async function attempt<T>(read: () => Promise<Result<T, PortError>>): Promise<Result<T, PortError>> {
  try {
    return await answered(read());
  } catch (cause) {
    return Err(toPortError(cause));
  }
}
