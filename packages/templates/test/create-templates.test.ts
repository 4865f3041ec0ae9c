// Texts that change while reminders are planned and sent.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryClock } from '@precall/adapter-memory';
import {
  defaultPolicy,
  defaultReminder,
  Err,
  type MailFacts,
  nothingKnown,
  Ok,
  type Policy,
  type PortError,
  recipientId,
  Temporal,
  type Trouble,
} from '@precall/core';
import { describe, expect, it, vi } from 'vitest';
import { createTemplates, textsInFolder, type WrittenText } from '../src/index.ts';
import { known } from './facts-of-a-call.ts';

const text = (name: string, words: string): WrittenText => ({
  name,
  format: 'html',
  subject: words,
  body: words,
});
const all = (words: string) => [text('72h', words), text('24h', words), text('2h', words)];
/** Three rules, whatever the default policy has. */
const threeRules: Policy = {
  ...defaultPolicy,
  rules: [72, 24, 2].map((hours) => ({
    name: `${hours}h`,
    when: { before: Temporal.Duration.from({ hours }) },
  })),
};
const away: PortError = { kind: 'unavailable', reason: '503' };
const minute = Temporal.Duration.from({ minutes: 1 });

function bench(written: readonly WrittenText[], policy: Policy = threeRules) {
  const clock = createMemoryClock(known.now);
  const troubles: Trouble[] = [];
  const source: { answer: readonly WrittenText[] | PortError; others: 'fault' | 'ignored'; reads: number } = {
    answer: written,
    others: 'fault',
    reads: 0,
  };
  const templates = createTemplates({
    source: {
      name: 'the tests',
      others: 'fault',
      async read() {
        source.reads += 1;
        return 'kind' in source.answer ? Err(source.answer) : Ok(source.answer);
      },
    },
    policy,
    clock,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  return { clock, source, templates, troubles, sentences: () => troubles.map(({ sentence }) => sentence) };
}

function rulesOf({ rules }: Policy) {
  return typeof rules === 'function' ? rules(nothingKnown, recipientId('a'.repeat(32))) : rules;
}

function subject(policy: Policy, rule: string, facts: Partial<MailFacts> = {}): string {
  const found = rulesOf(policy).find(({ name }) => name === rule);
  return (found?.content ?? policy.content).render({ ...known, rule, ...facts }).subject;
}

const usual = defaultReminder.render(known).subject;

describe('the policy with texts', () => {
  it('says the default words until they are read, and these from then on', async () => {
    const { templates } = bench(all('Own'));
    expect(subject(templates.policy, '24h')).toBe(usual);
    await templates.start();
    expect(subject(templates.policy, '24h')).toBe('Own');
    expect(rulesOf(templates.policy)).toBe(rulesOf(templates.policy));
  });

  it('says an edited text within a minute, and asks no sooner', async () => {
    const { templates, source, clock } = bench(all('First'));
    await templates.start();
    source.answer = all('Second');
    await clock.advance(Temporal.Duration.from({ seconds: 59 }));
    expect([source.reads, subject(templates.policy, '24h')]).toEqual([1, 'First']);
    await clock.advance(Temporal.Duration.from({ seconds: 1 }));
    await vi.waitFor(() => expect(subject(templates.policy, '24h')).toBe('Second'));
    expect(source.reads).toBe(2);
    templates.stop();
    await clock.advance(minute);
    expect(source.reads).toBe(2);
  });

  it('chooses by rule before all rules, and by language before none', async () => {
    const names = ['72h', '72h.fr', '72h.pt-BR', 'default.fr', 'default', '2h.de'];
    const { templates, troubles } = bench(names.map((name) => text(name, name)));
    await templates.start();
    const chosen = (rule: string, locale: string) => subject(templates.policy, rule, { locale });
    expect(chosen('72h', 'en')).toBe('72h');
    expect(chosen('72h', 'fr-CA')).toBe('72h.fr');
    expect(chosen('72h', 'pt-BR')).toBe('72h.pt-BR');
    expect(chosen('72h', 'pt')).toBe('72h');
    expect(chosen('24h', 'fr')).toBe('default.fr');
    expect(chosen('2h', 'de-AT')).toBe('2h.de');
    expect(chosen('2h', 'en')).toBe('default');
    expect(troubles).toEqual([]);
  });

  it('says moments in the language of the text’s name', async () => {
    const { templates } = bench([text('default', '{{call_date}}'), text('default.fr', '{{call_date}}')]);
    await templates.start();
    expect(subject(templates.policy, '2h', { locale: 'fr' })).toBe('jeudi 3 décembre 2026');
    expect(subject(templates.policy, '2h', { locale: 'it' })).toBe('Thursday, December 3, 2026');
  });

  it('keeps the words of a rule’s own function where there is no text for it', async () => {
    const content = { needs: [], render: () => ({ subject: 'By code', text: 'x', html: 'x' }) };
    const rules = [{ name: '5h', when: { before: minute }, content }];
    const one = bench([text('default', 'See you soon')], { ...defaultPolicy, rules });
    await one.templates.start();
    expect(subject(one.templates.policy, '5h')).toBe('By code');
    const two = bench([text('5h', 'By text')], { ...defaultPolicy, rules: () => rules });
    await two.templates.start();
    expect(subject(two.templates.policy, '5h')).toBe('By text');
  });

  it('has no text for all rules where a rule has words of its own', async () => {
    const { templates, troubles } = bench([text('default', 'See you soon')], defaultPolicy);
    await templates.start();
    expect(subject(templates.policy, '2h')).toBe('See you soon');
    expect(subject(templates.policy, 'rebook')).toBe(subject(defaultPolicy, 'rebook'));
    expect(troubles).toEqual([]);
  });

  it('is of use no longer than the shortest of a rule’s texts says', async () => {
    const front = (name: string, head: string): WrittenText => ({
      name,
      format: 'markdown',
      subject: null,
      body: `---\nsubject: x\n${head}\n---\nx`,
    });
    const { templates } = bench([
      front('a.md', 'rule: 72h\nvalidFor: 12h'),
      front('b.md', 'rule: 72h.fr\nvalidFor: 2h'),
      front('default.md', ''),
    ]);
    await templates.start();
    const hours = rulesOf(templates.policy).map(({ content }) => content?.validFor?.total('hours'));
    expect(hours).toEqual([2, undefined, undefined]);
  });
});

describe('a text that cannot be used', () => {
  it('gives way to the default words in the recipient’s language, and is told once, until it is mended', async () => {
    const { templates, source, sentences } = bench(all('Own'));
    await templates.start();
    const broken = [...all('Own').slice(1), text('72h', 'Hi {{frist_name}}')];
    source.answer = broken;
    await templates.refresh();
    await templates.refresh();
    expect(subject(templates.policy, '72h', { locale: 'fr' })).toMatch(/^Votre appel/);
    expect(subject(templates.policy, '24h')).toBe('Own');
    expect(sentences()).toEqual([
      expect.stringMatching(
        /^The text 72h: It names the fact "frist_name", which does not exist\. Name one of/,
      ),
    ]);
    source.answer = all('Own');
    await templates.refresh();
    source.answer = broken;
    await templates.refresh();
    expect(sentences()).toHaveLength(2);
  });

  it('is one that is missing, one for no rule, and one too many', async () => {
    const { templates, sentences } = bench([
      text('72h', 'a'),
      text('72h.html', 'b'),
      text('48h', 'c'),
      text('24h', 'd'),
    ]);
    await templates.start();
    expect(sentences()).toEqual([
      expect.stringMatching(/^The text 72h.html: It is for the same rule and language as 72h/),
      expect.stringMatching(
        /^The text 48h: It is for no rule of the policy\. Name it after one of 72h, 24h, 2h/,
      ),
      expect.stringMatching(/^The text 2h: There is no text for the rule "2h"/),
    ]);
    expect(subject(templates.policy, '72h')).toBe('a');
    expect(subject(templates.policy, '2h')).toBe(usual);
  });
});

describe('while the texts cannot be read', () => {
  it('those read before are used, and a person is told after three minutes, once', async () => {
    const { templates, source, clock, sentences, troubles } = bench(all('Own'));
    await templates.start();
    source.answer = away;
    for (let reads = 2; reads <= 6; reads += 1) {
      await clock.advance(minute);
      await vi.waitFor(() => expect(source.reads).toBe(reads));
      await vi.waitFor(() => expect(clock.pending()).not.toEqual([]));
      expect(troubles).toHaveLength(reads < 4 ? 0 : 1);
    }
    expect(subject(templates.policy, '24h')).toBe('Own');
    expect(sentences()[0]).toContain('(503; until then those read before are used)');
    source.answer = all('New');
    await templates.refresh();
    expect(subject(templates.policy, '24h')).toBe('New');
    expect(templates.faults()).toEqual([]);
    templates.stop();
  });

  it('from the start, the default words are used, and a person is told at once', async () => {
    const { templates, source, sentences } = bench([]);
    source.answer = away;
    await templates.start();
    expect(subject(templates.policy, '24h')).toBe(usual);
    expect(sentences()).toEqual([expect.stringContaining('the default words are used')]);
    templates.stop();
  });

  it('nobody waits longer than five seconds', async () => {
    const clock = createMemoryClock(known.now);
    const source = {
      name: 'silence',
      others: 'fault',
      read: () => new Promise<never>(() => undefined),
    } as const;
    const templates = createTemplates({ source, policy: threeRules, clock, onTrouble: () => undefined });
    const started = templates.start();
    await clock.advance(Temporal.Duration.from({ seconds: 5 }));
    await started;
    expect(subject(templates.policy, '24h')).toBe(usual);
  });
});

describe('a folder', () => {
  it('has a text in each Markdown and HTML file, and an edit counts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'precall-texts-'));
    const put = (name: string, words: string) => writeFile(join(folder, name), words);
    try {
      await put('72h.fr.md', '---\nsubject: Bientôt\n---\nÀ bientôt');
      await put('24h.html', '---\nsubject: Tomorrow\n---\n<p>Tomorrow</p>');
      for (const name of ['README.md', '.draft.md', 'notes.txt']) await put(name, 'no text of ours');
      const source = textsInFolder(folder);
      const read = (await source.read()).unwrap();
      expect(read.map(({ name, format }) => [name, format])).toEqual([
        ['24h.html', 'html'],
        ['72h.fr.md', 'markdown'],
      ]);
      const clock = createMemoryClock(known.now);
      const templates = createTemplates({ source, policy: threeRules, clock, onTrouble: () => undefined });
      await templates.refresh();
      expect(subject(templates.policy, '72h', { locale: 'fr' })).toBe('Bientôt');
      await put('72h.fr.md', '---\nsubject: Très bientôt\n---\nÀ bientôt');
      await templates.refresh();
      expect(subject(templates.policy, '72h', { locale: 'fr' })).toBe('Très bientôt');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that cannot be read is told by its name', async () => {
    const read = await textsInFolder('/nowhere/at/all').read();
    expect(read.isErr() && read.error.reason).toBe('/nowhere/at/all cannot be read: ENOENT');
  });
});
