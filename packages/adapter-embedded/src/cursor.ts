// Where a page ended: which reading it belongs to and the place of its last row. Nothing in it is trusted when it returns.
import { Err, Ok, type Page, type PortError, type Result, type Slice } from '@precall/core';

/** The order of a reading: by moment, then by the row's number. */
export interface Place {
  readonly at: number;
  readonly seq: number;
}

/** Before every row of a reading that ascends. */
export const first: Place = { at: Number.MIN_SAFE_INTEGER, seq: Number.MIN_SAFE_INTEGER };
/** Before every row of a reading that descends. */
export const last: Place = { at: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };

const maxLimit = 1000;

/** `start` without a cursor. `rejected` when the cursor is not one of this reading's, or the limit is not 1 to 1,000. */
export function placeOf(reading: string, page: Page, start: Place): Result<Place, PortError> {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > maxLimit)
    return rejected('the limit of a page is 1 to 1,000');
  if (page.cursor === null) return Ok(start);
  const parts = /^([a-z-]+)\.(-?\d{1,16})\.(\d{1,16})$/.exec(page.cursor);
  const place = { at: Number(parts?.[2]), seq: Number(parts?.[3]) };
  if (parts?.[1] !== reading || !Number.isSafeInteger(place.at) || !Number.isSafeInteger(place.seq))
    return rejected('the cursor is not one that this reading gave');
  return Ok(place);
}

/** The page made of `rows`, of which one more than the limit was asked for to learn whether there is more. */
export function toSlice<Row, Item>(
  reading: string,
  rows: readonly Row[],
  { limit, place, item }: { limit: number; place: (row: Row) => Place; item: (row: Row) => Item },
): Slice<Item> {
  const shown = rows.slice(0, limit);
  const end = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(item), next: end ? `${reading}.${place(end).at}.${place(end).seq}` : null };
}

function rejected(reason: string): Err<PortError> {
  return Err({ kind: 'rejected', reason });
}
