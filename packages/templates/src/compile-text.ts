// From a text as somebody wrote it to a Content of core, or to what is wrong with it.
import {
  type Content,
  type Duration,
  defaultReminder,
  Err,
  type MailFacts,
  type NeededFact,
  Ok,
  oneLine,
  Result,
  type SchemaFault,
  type Temporal,
} from '@precall/core';
import { checkPlaces, type Finding } from './check-places.ts';
import { factNamed, factNames } from './fact-names.ts';
import { readFrontMatter, readLength } from './front-matter.ts';
import { engineForHtml, engineForWords, type Template } from './liquid.ts';
import { markdownToHtml } from './markdown.ts';
import { framed, isWholePage } from './page-frame.ts';
import { type Held, hold, type Placeholder, release } from './placeholders.ts';
import { plainText } from './plain-text.ts';

/** A text as its source has it. */
export interface WrittenText {
  /** Says what it is for, such as `72h`, `72h.fr` or `default`; what its author knows it by. */
  readonly name: string;
  readonly format: 'markdown' | 'html';
  /** Null: the body begins with front matter, which says it. */
  readonly subject: string | null;
  readonly body: string;
}

export interface CompiledText {
  /** As the front matter says, where it does. */
  readonly rule: string | null;
  readonly language: string | null;
  readonly needs: readonly NeededFact[];
  readonly validFor: Duration | null;
  /** Null: this call lacks a fact that the text cannot do without. */
  tell(facts: MailFacts): ReturnType<Content['render']> | null;
}

/** Gmail cuts a mail that is longer than 102 KB; so much is left for what is put in. */
const longest = 90_000;
const longestSubject = 500;
const spokenUnlessSaid = 'en';

/**
 * A Content from one text, that declares the facts it needs. A call that lacks one of them for good (one by phone has no
 * `join_link`) is told in the words of `fallback`, the default ones unless given.
 */
export function compileTemplate(
  written: WrittenText,
  { fallback = defaultReminder }: { readonly fallback?: Content } = {},
): Result<Content, readonly SchemaFault[]> {
  return compileText(written).map(({ needs, validFor, tell }) => ({
    needs,
    ...(validFor && { validFor }),
    render: (facts) => tell(facts) ?? fallback.render(facts),
  }));
}

/**
 * `spoken`: the language in which moments are said, where the text does not say it itself; English unless given. Every
 * fault is found here: what compiles can be sent about any call.
 */
export function compileText(
  written: WrittenText,
  { spoken = spokenUnlessSaid }: { readonly spoken?: string } = {},
): Result<CompiledText, readonly SchemaFault[]> {
  const where = written.name;
  const inPlace = (findings: readonly Finding[]) => findings.map((one) => ({ where, ...one }));
  const parts = partsOf(written);
  if (parts.isErr()) return Err(inPlace([parts.error]));
  const { subject, body, rule, language, validFor } = parts.value;
  const heldSubject = hold(subject);
  const heldBody = hold(body);
  const heldHtml = written.format === 'markdown' ? markdownToHtml(heldBody) : heldBody.text;
  const findings = [
    ...sizeFindings(subject, body),
    ...[...heldSubject.placeholders, ...heldBody.placeholders].flatMap(nameFindings),
  ];
  if (findings.length === 0) findings.push(...checkPlaces(heldHtml, heldBody));
  const each = findings.filter((one, at) => findings.findIndex(({ fault }) => fault === one.fault) === at);
  if (each.length > 0) return Err(inPlace(each));
  const made = templatesOf({ heldSubject, heldBody, heldHtml, language: language ?? spoken });
  return made
    .map((templates) => ({ rule, language, validFor, ...tellingOf(templates) }))
    .mapErr((finding) => inPlace([finding]));
}

function partsOf({ subject, body }: WrittenText): Result<
  {
    readonly subject: string;
    readonly body: string;
    readonly rule: string | null;
    readonly language: string | null;
    readonly validFor: Duration | null;
  },
  Finding
> {
  if (subject !== null) return Ok({ subject, body, rule: null, language: null, validFor: null });
  return readFrontMatter(body).andThen(({ front, body: rest }) => {
    if (front.subject === undefined)
      return Err({
        fault: 'Its front matter has no subject.',
        cure: 'Add a line such as subject: Your call.',
      });
    const { rule = null, language = null } = front;
    const length: Result<Temporal.Duration | null, Finding> =
      front.validFor === undefined ? Ok(null) : readLength(front.validFor);
    return length.map((validFor) => ({ subject: front.subject ?? '', body: rest, rule, language, validFor }));
  });
}

function sizeFindings(subject: string, body: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (subject.trim() === '') findings.push({ fault: 'Its subject is empty.', cure: 'Write one.' });
  if (subject.length > longestSubject)
    findings.push({
      fault: `Its subject is longer than ${longestSubject} characters.`,
      cure: 'Shorten it to a line.',
    });
  if (body.trim() === '') findings.push({ fault: 'Its body is empty.', cure: 'Write one.' });
  if (body.length > longest)
    findings.push({
      fault: `Its body is longer than ${longest} characters, and mail programs cut it.`,
      cure: 'Shorten it, and keep pictures out of it.',
    });
  return findings;
}

const words = new Set('and or contains true false nil null empty blank'.split(' '));
const known = factNames.map(({ names }) => names[0]).join(', ');

function nameFindings({ source, kind, name, mentions }: Placeholder): readonly Finding[] {
  if (/^\{\{-?\s*[#/^{>&!]/.test(source))
    return [
      {
        fault: `${source} is of another template language.`,
        cure: 'Write {{fact}} to say a fact, and {% if fact %}...{% endif %} to choose.',
      },
    ];
  if (kind === 'says' && name === null)
    return [{ fault: `${source} names no fact.`, cure: `Name one, and nothing else: ${known}.` }];
  return mentions
    .filter((one) => !words.has(one) && factNamed(one) === null)
    .map((one) => ({
      fault: `It names the fact "${one}", which does not exist.`,
      cure: `Name one of these: ${known}.`,
    }));
}

interface Templates {
  readonly subject: Template;
  readonly html: Template;
  readonly language: string;
  /** Names of the facts that are put in or chosen by. */
  readonly named: readonly string[];
  /** Those of them without which the text cannot be. */
  readonly needed: readonly string[];
}

function templatesOf({
  heldSubject,
  heldBody,
  heldHtml,
  language,
}: {
  readonly heldSubject: Held;
  readonly heldBody: Held;
  readonly heldHtml: string;
  readonly language: string;
}): Result<Templates, Finding> {
  const all = [...heldSubject.placeholders, ...heldBody.placeholders];
  const guarded = new Set(all.filter(({ kind }) => kind === 'chooses').flatMap(({ mentions }) => mentions));
  const saying = all.flatMap(({ name, hasDefault }) => (name === null || hasDefault ? [] : [name]));
  const title = release(heldSubject.text, heldSubject);
  const body = release(heldHtml, heldBody);
  const hasStop = all.some(({ mentions }) =>
    mentions.some((name) => /^(?:stop|unsubscribe)_link$/.test(name)),
  );
  const page = isWholePage(body) ? body : framed({ title, body, language, footer: !hasStop });
  const subject = engineForWords.parse(title);
  const html = engineForHtml.parse(page);
  return Result.all([subject, html]).map(() => ({
    subject: subject.unwrap(),
    html: html.unwrap(),
    language,
    named: [...new Set([...all.flatMap(({ mentions }) => mentions), 'stop_link'])],
    needed: [...new Set(saying)].filter((name) => !guarded.has(name)),
  }));
}

function tellingOf({
  subject,
  html,
  language,
  named,
  needed,
}: Templates): Pick<CompiledText, 'needs' | 'tell'> {
  const needs = needed.flatMap((name) => factNamed(name)?.need ?? []);
  const say = (name: string, facts: MailFacts) => factNamed(name)?.say(facts, language) ?? null;
  return {
    needs: [...new Set(needs)],
    tell(facts) {
      if (needed.some((name) => say(name, facts) === null)) return null;
      const said = Object.fromEntries(named.map((name) => [name, say(name, facts)]));
      const page = html.render(said);
      const told = { subject: oneLine(subject.render(said)), html: page, text: plainText(page) };
      // All of it may hang on a choice.
      return told.subject === '' || told.text.trim() === '' ? null : told;
    },
  };
}
