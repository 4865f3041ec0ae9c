// `precall preview FILE`: every mail and every text in several zones and languages, as one HTML page that needs nothing
// from outside.
import { writeFile } from 'node:fs/promises';
import { counted, type Instant, type Message, segmentsInWords, type TextMessage } from '@precall/core';
import { createSystemClock, readPartSettings, type Variables } from '@precall/node';
import type { Answer } from './answer.ts';
import { clockTime } from './draw-plan.ts';
import { variablesOfProcess } from './place.ts';
import { type SampleMessage, sampleMessages } from './sample-messages.ts';
import { writeWhole } from './store-file.ts';
import { inLines, inOwnTexts } from './texts-of.ts';
import { type PolicyOptions, type Rules, withRules } from './with-rules.ts';

export interface PreviewOptions extends PolicyOptions {
  readonly zones: readonly string[];
  readonly languages: readonly string[];
}

interface Column {
  readonly zone: string;
  readonly language: string;
  readonly messages: readonly SampleMessage[];
}

export async function runPreview(file: string, options: PreviewOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  return await withRules(options, variables, (rules) => previewBy(rules, file, { options, variables }));
}

async function previewBy(
  rules: Rules,
  file: string,
  { options, variables }: { readonly options: PreviewOptions; readonly variables: Variables },
): Promise<Answer> {
  const clock = createSystemClock();
  // The variables of other parts may be wrong: a preview asks none of them.
  const settings = readPartSettings(variables, { fault: () => undefined });
  const { policy, faults } = await inOwnTexts(rules.policy, settings, clock);
  const now = clock.now();
  const startAt = nextFullHour(now.add({ hours: 24 * 5 }));
  const pairs = options.languages.flatMap((language) => options.zones.map((zone) => ({ language, zone })));
  const columns = await Promise.all(
    pairs.map(async ({ language, zone }) => ({
      language,
      zone,
      messages: await sampleMessages(policy, {
        now,
        startAt,
        timeZone: zone,
        locale: language,
        email: 'ada@example.com',
      }),
    })),
  );
  await writeWhole(file, (partial) => writeFile(partial, pageOf(columns)));
  const all = columns.flatMap(({ messages }) => messages);
  const moved = columns.flatMap(({ zone, language, messages }) =>
    messages.flatMap((one) =>
      one.moved ? [{ rule: one.rule, zone, language, dueAt: one.dueAt, ...one.moved }] : [],
    ),
  );
  const [mails, texts] = [all.filter(({ mail }) => mail).length, all.filter(({ text }) => text).length];
  return {
    json: { file, mails, texts, moved, faults, zones: options.zones, languages: options.languages },
    words: `${file} shows ${counted(mails, 'mail')}${texts > 0 ? ` and ${counted(texts, 'text')}` : ''}, in ${options.languages.join(', ')} and in ${options.zones.join(', ')}. Open it in a browser.${inLines(faults)}\n${rules.line}`,
  };
}

/** A frame's document stands in an attribute, which the `html` of core does not take: so each text is escaped here. */
function pageOf(columns: readonly Column[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Precall: all messages</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark; }
.messages { display: flex; flex-wrap: wrap; gap: 1.5rem; }
article { width: 24rem; border: 1px solid #8886; border-radius: 8px; padding: 1rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; }
iframe { width: 100%; height: 34rem; border: 0; background: #fff; border-radius: 4px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
<h1>All messages</h1>
${columns.map(columnOf).join('\n')}
</html>
`;
}

function columnOf({ zone, language, messages }: Column): string {
  const heading = escaped(`${language}, ${zone}`);
  const lang = escaped(language);
  return `<section>\n<h2>${heading}</h2>\n<div class="messages">${messages.map(messageOf).join('\n')}</div>\n</section>`;

  function messageOf({ rule, mail, text, dueAt, moved }: SampleMessage): string {
    const name = `<code>${escaped(rule)}</code>`;
    const when = moved
      ? `\n<p>Due ${clockTime(dueAt, zone)}, moved from ${clockTime(moved.from, zone)} by quiet hours, ${moved.hours}</p>`
      : '';
    return `<article>\n${mail ? mailOf(mail, name) : ''}${text ? textOf(text, mail ? `${name} by text, where the mail fails` : `${name} by text`) : ''}${when}\n</article>`;
  }

  function mailOf(mail: Message, name: string): string {
    return `<h3>${name} <span lang="${lang}">${escaped(mail.subject)}</span></h3>
<iframe sandbox title="${escaped(mail.subject)}, ${heading}" srcdoc="${escaped(mail.html)}"></iframe>
<details><summary>as plain text</summary><pre lang="${lang}">${escaped(mail.text)}</pre></details>`;
  }

  function textOf({ text }: TextMessage, title: string): string {
    return `<h3>${title}</h3>
<pre lang="${lang}">${escaped(text)}</pre>
<p>${escaped(segmentsInWords(text))}</p>`;
  }
}

function escaped(text: string): string {
  const names: { readonly [sign: string]: string } = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}

function nextFullHour(moment: Instant): Instant {
  return moment.round({ smallestUnit: 'hour', roundingMode: 'ceil' });
}
