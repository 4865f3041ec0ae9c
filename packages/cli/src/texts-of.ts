// The mail texts that the host would send, where some are configured, read once.
import { type Clock, Ok, type Policy, type SchemaFault } from '@precall/core';
import type { PartSettings } from '@precall/node';
import { createTemplates, type TextSource, textsInFolder } from '@precall/templates';
import { asked, notAsked, type PartReport } from './diagnosis.ts';

type Settings = Pick<PartSettings, 'texts' | 'notion'>;

/** The policy in these texts, and what is wrong with them; the policy as it is where none are configured. */
export async function inOwnTexts(
  policy: Policy,
  settings: Settings,
  clock: Clock,
): Promise<{ readonly policy: Policy; readonly faults: readonly SchemaFault[] }> {
  const source = await sourceOf(settings, clock);
  if (!source) return { policy, faults: [] };
  const templates = createTemplates({ source, policy, clock, onTrouble: () => undefined });
  await templates.refresh();
  return { policy: templates.policy, faults: templates.faults() };
}

/** Under a command's answer: what is wrong with the texts, so that other words stand in their place. */
export function inLines(faults: readonly SchemaFault[]): string {
  return faults.map(({ where, fault, cure }) => `\nThe text ${where}: ${fault} ${cure}`).join('');
}

/** For the doctor. */
export async function askTexts(policy: Policy, settings: Settings, clock: Clock): Promise<PartReport> {
  const { texts } = settings;
  if (!texts) return notAsked('texts', 'the default words');
  const about = `${texts.kind === 'folder' ? texts.folder : 'pages in Notion'}: their facts, for every rule`;
  try {
    const source = await sourceOf(settings, clock);
    const described = (await source?.describe?.()) ?? Ok([]);
    // What cannot be read at all has no texts to look at.
    if (described.isOk() && described.value.length > 0) return asked('texts', about, described.value);
    return asked('texts', about, (await inOwnTexts(policy, settings, clock)).faults);
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : 'They cannot be used.';
    return asked('texts', about, [{ where: 'texts', fault, cure: 'Mend what this sentence names.' }]);
  }
}

interface Described extends TextSource {
  describe?(): ReturnType<
    ReturnType<typeof import('@precall/adapter-notion')['createNotionTexts']>['describe']
  >;
}

async function sourceOf({ texts, notion }: Settings, clock: Clock): Promise<Described | null> {
  if (texts?.kind === 'folder') return textsInFolder(texts.folder);
  if (!texts || !notion) return null;
  const { createNotionTexts } = await import('@precall/adapter-notion');
  const { token, baseUrl } = notion;
  return createNotionTexts({ token, baseUrl, clock, database: texts.database });
}
