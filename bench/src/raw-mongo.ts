// The baseline on MongoDB: the driver alone writing the very documents that Precall writes, in its collection with its indexes:
// a record is read before it is changed, and changed by compare-and-set.
import type { Write } from '@precall/core';
import { type AnyBulkWriteOperation, type Collection, ObjectId } from 'mongodb';
import type { Put } from './captured-writes.ts';

export const recordsName = 'precall_records';

/** As the store's own. Kept here so that the baseline stays what it is when the store changes. */
export interface RawDocument {
  readonly _id: string;
  readonly kind: string;
  readonly version: number;
  readonly revision: number;
  readonly by: readonly ObjectId[];
  readonly changedAt: Date;
  readonly mailAt?: Date;
  readonly crmAt?: Date;
  readonly forgetAt?: Date;
  readonly keys: readonly string[];
  readonly body: string;
  readonly history: readonly { readonly at: Date; readonly what: string; readonly detail: string }[];
}

export function toRawDocument({ put, history }: Pick<Put, 'put' | 'history'>): RawDocument {
  const { mail, crm, forget } = put.lanes;
  const date = ({ epochMilliseconds }: { readonly epochMilliseconds: number }) => new Date(epochMilliseconds);
  return {
    _id: put.id,
    kind: put.kind,
    version: put.version,
    revision: put.revision,
    by: [new ObjectId()],
    changedAt: date(put.changedAt),
    ...(mail && { mailAt: date(mail) }),
    ...(crm && { crmAt: date(crm) }),
    ...(forget && { forgetAt: date(forget) }),
    keys: put.keys,
    body: put.body,
    history: history.map(({ at, what, detail }) => ({ at: date(at), what, detail: JSON.stringify(detail) })),
  };
}

/** One bulk write's worth, and the ids that have to be read before it. */
export interface RawBulk {
  readonly ids: readonly string[];
  readonly operations: AnyBulkWriteOperation<RawDocument>[];
}

/** Made before the clock runs. Removals are left out: nothing measured here removes. */
export function toRawBulk(writes: readonly Write[]): RawBulk {
  const puts = writes.filter((write): write is Put => 'put' in write);
  return {
    ids: puts.filter(({ expected }) => expected > 0).map(({ put }) => put.id),
    operations: puts.map((write) => operationOf(toRawDocument(write), write.expected)),
  };
}

export async function saveBulk(
  records: Collection<RawDocument>,
  { ids, operations }: RawBulk,
): Promise<void> {
  if (ids.length > 0) await records.find({ _id: { $in: [...ids] } }).toArray();
  const done = await records.bulkWrite(operations, { ordered: false });
  if (done.insertedCount + done.matchedCount !== operations.length)
    throw new Error('the replay does not follow: a record is not at the revision expected');
}

function operationOf(document: RawDocument, expected: number): AnyBulkWriteOperation<RawDocument> {
  if (expected === 0) return { insertOne: { document } };
  const { _id, by, history, ...fields } = document;
  const emptied = (['mailAt', 'crmAt', 'forgetAt'] as const).filter((lane) => !(lane in fields));
  const update = {
    $set: fields,
    $unset: Object.fromEntries(emptied.map((lane) => [lane, ''] as const)),
    $push: { by: { $each: [...by], $slice: -8 }, history: { $each: [...history] } },
  };
  return { updateOne: { filter: { _id, revision: expected }, update } };
}
