// @precall/adapter-notion: everything public, by hand.
export {
  createNotionCrm,
  type DatabaseOptions,
  type NotionConnection,
  type NotionCrmOptions,
  type SequenceOptions,
} from './notion-crm.ts';
export type { PaceLimits } from './pace.ts';
