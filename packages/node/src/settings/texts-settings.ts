// Where the mail texts are that people edit: in a folder, or in Notion.
import { readDatabase } from './notion-settings.ts';
import type { VariableReading } from './variable-reading.ts';

/** Where mail texts are written, as the environment names it. */
export type TextsSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  /** In the workspace of the CRM's Notion. */
  | { readonly kind: 'notion'; readonly database: string };

/** Null: the words of the policy. That a folder is there is not looked at: without it the reminders go out all the same. */
export function readTextsSettings(reading: VariableReading): TextsSettings | null {
  const { value, fault } = reading;
  const folder = value('MAIL_TEMPLATES_DIR');
  const database = readDatabase('NOTION_EMAIL_TEMPLATES_DB_ID', reading);
  if (folder !== null && database !== null) {
    fault(
      'MAIL_TEMPLATES_DIR and NOTION_EMAIL_TEMPLATES_DB_ID are both set, and texts come from one place: leave out one.',
    );
  }
  if (folder !== null) return { kind: 'folder', folder };
  return database === null ? null : { kind: 'notion', database };
}
