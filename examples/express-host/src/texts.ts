// The mail texts that people edit, where some are configured: in a folder, or in Notion.
import type { SharedNotion } from '@precall/adapter-notion';
import type { Clock, Policy, Trouble } from '@precall/core';
import { createTemplates, type Templates, textsInFolder } from '@precall/templates';
import type { HostConfiguration } from './configuration.ts';

/** Null: the policy's own words. */
export async function openTexts(
  { texts }: Pick<HostConfiguration, 'texts'>,
  {
    notion,
    ...rest
  }: {
    readonly notion: SharedNotion | null;
    readonly policy: Policy;
    readonly clock: Clock;
    readonly onTrouble: (trouble: Trouble) => void;
  },
): Promise<Templates | null> {
  if (texts?.kind === 'folder') return createTemplates({ ...rest, source: textsInFolder(texts.folder) });
  if (!texts || !notion) return null;
  const { createNotionTexts } = await import('@precall/adapter-notion');
  const source = createNotionTexts({ shared: notion, clock: rest.clock, database: texts.database });
  return createTemplates({ ...rest, source });
}
