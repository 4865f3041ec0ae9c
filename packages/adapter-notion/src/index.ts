// @precall/adapter-notion: everything public, by hand.
export {
  type NotionAccess,
  type NotionConnection,
  type NotionPace,
  type SharedNotion,
  shareNotion,
} from './notion-connection.ts';
export {
  createNotionCrm,
  type DatabaseOptions,
  type NotionCrmOptions,
  type SequenceOptions,
} from './notion-crm.ts';
export {
  createNotionTexts,
  type NotionText,
  type NotionTexts,
  type NotionTextsOptions,
} from './notion-texts.ts';
export type { PaceLimits } from './pace.ts';
