// The indexes that the readings need.
import type { IndexDescription } from 'mongodb';
import { laneField } from './record-documents.ts';

const lanes = Object.entries(laneField).map(
  ([lane, field]): IndexDescription & { readonly name: string } => ({
    name: `precall_${lane}`,
    key: { [field]: 1, _id: 1 },
    // Most records have nothing to do: they are not in it.
    partialFilterExpression: { [field]: { $exists: true } },
  }),
);

export const indexes: readonly (IndexDescription & { readonly name: string })[] = [
  ...lanes,
  { name: 'precall_keys', key: { keys: 1, changedAt: -1, _id: -1 } },
  { name: 'precall_changed', key: { kind: 1, changedAt: -1, _id: -1 } },
];
