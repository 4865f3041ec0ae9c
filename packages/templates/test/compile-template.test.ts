// From what somebody wrote to what is sent.
import { defaultReminder, type MailFacts, Temporal } from '@precall/core';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { compileTemplate, factNames, type WrittenText } from '../src/index.ts';
import { asHtml, asMarkdown, bare, known } from './facts-of-a-call.ts';

function told(written: WrittenText, facts: MailFacts = known) {
  return compileTemplate(written).unwrap().render(facts);
}

function faultsOf(written: WrittenText) {
  const compiled = compileTemplate(written);
  if (compiled.isOk()) throw new Error('The text compiles.');
  return compiled.error;
}

/** Every tag with the names of its attributes. */
function tagsIn(html: string): readonly string[] {
  const names: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.ChildNode): void => {
    if ('attrs' in node) names.push([node.tagName, ...node.attrs.map(({ name }) => name)].join(' '));
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  parse(html).childNodes.forEach(walk);
  return names;
}

describe('a text in Markdown', () => {
  it('is a page in HTML and the same words as plain text, with its facts put in', () => {
    const { subject, html, text } = told(
      asMarkdown(
        '# Hi {{first_name}}\n\nWe speak on **{{ call_date }}** at {{call_time}} ({{time_zone}}), {{remaining_time}}.\n\n[Join the call]({{join_link}})\n\n- Bring your numbers\n- and *time*',
        'subject: "{{first_name}}: your call with {{organizer}}"',
      ),
    );
    expect(subject).toBe('Ada: your call with Grace Hopper');
    expect(html).toContain('<a href="https://meet.google.com/abc-defg-hij" class="link"');
    expect(html).toContain('<strong>Thursday, December 3, 2026</strong>');
    expect(text).toBe(`Hi Ada

We speak on Thursday, December 3, 2026 at 10:00 AM (Eastern Standard Time (America/Toronto, GMT−5)), in 24 hours.

Join the call: https://meet.google.com/abc-defg-hij

- Bring your numbers
- and time

You get this mail because this call was booked with your address.
Stop these mails: https://calls.example.com/link/s.1
`);
  });

  it('shows HTML in it as text', () => {
    const { html } = told(asMarkdown('Hello <b>there</b> <img src=x onerror=alert(1)>'));
    expect(html).toContain('&lt;b&gt;there&lt;/b&gt;');
    expect(html).not.toContain('<img');
  });

  it('takes a fact for words, never for Markdown', () => {
    const firstName = '**[Ada](https://evil.example.com)** <i>';
    const { html } = told(asMarkdown('Hi {{first_name}}'), { ...known, firstName });
    expect(html).not.toContain('href="https://evil');
    expect(html).toContain('&lt;i&gt;');
  });

  it('leaves out what hangs on a fact that is not known, and no empty paragraph in its place', () => {
    const body =
      'Hi.\n\n{% if join_link %}\n\n[Join]({{join_link}})\n\n{% else %}\n\nWe call you.\n\n{% endif %}\n';
    expect(told(asMarkdown(body)).text).toContain('Join: https://meet');
    const { html, text } = told(asMarkdown(body), bare);
    expect(text).toMatch(/^Hi\.\n\nWe call you\.\n\n/);
    expect(html).not.toMatch(/<p>\s*<\/p>/);
  });

  it('says moments in its language, else in English', () => {
    const body = 'Am {{call_date}}, {{remaining_time}}.';
    expect(told(asMarkdown(body, 'subject: Termin\nlanguage: de')).text).toContain(
      'Am Donnerstag, 3. Dezember 2026, in 24 Stunden.',
    );
    expect(told(asMarkdown(body), { ...known, locale: 'fr' }).text).toContain('Thursday, December 3, 2026');
  });

  it('is of use for as long as its front matter says', () => {
    const hours = (length: string) =>
      compileTemplate(asMarkdown('x', `subject: x\nvalidFor: ${length}`))
        .unwrap()
        .validFor?.total('hours');
    expect([hours('30min'), hours('12h'), hours('2d')]).toEqual([0.5, 12, 48]);
    expect(compileTemplate(asMarkdown('Soon')).unwrap().validFor).toBeUndefined();
  });
});

describe('a text in HTML', () => {
  it('is sent as it is where it is a whole page', () => {
    const page = '<!DOCTYPE html><html><body><p>Hi {{first_name}}</p></body></html>';
    expect(told(asHtml(page)).html).toBe('<!DOCTYPE html><html><body><p>Hi Ada</p></body></html>');
  });

  it('gets a page around it where it is a part of one, with one way to stop these mails', () => {
    const stops = (body: string) => told(asHtml(body)).html.split('link/s.1').length - 1;
    expect(stops('<p>Hi {{first_name}}</p>')).toBe(1);
    expect(stops('<p>Hi</p><p><a href="{{unsubscribe_link}}">No more</a></p>')).toBe(1);
  });

  it('escapes facts in text and in attributes, and not in the subject', () => {
    const firstName = `O'Neil "&" <script>`;
    const { html, subject } = told(asHtml(`<p title="{{first_name}}">{{first_name}}</p>`, '{{first_name}}'), {
      ...known,
      firstName,
    });
    expect(subject).toBe(firstName);
    expect(html).toContain('title="O&#39;Neil &#34;&amp;&#34; &lt;script&gt;"');
    expect(html).not.toContain('<script');
  });

  it('has the same structure whatever the facts say', () => {
    const written = asHtml(
      '<p title="{{name}}">{{first_name}} {{organizer}} {{call_title}} {{place}}</p><a href="{{reschedule_link}}">x</a>',
    );
    const compiled = compileTemplate(written).unwrap();
    const shape = (facts: MailFacts) => tagsIn(compiled.render(facts).html);
    const plain = shape(known);
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom('"><script>', "'--></title>", '{{first_name}}', '{% if %}', '</p>'),
    );
    fc.assert(
      fc.property(anything, anything, fc.webUrl({ validSchemes: ['https'] }), (first, second, move) => {
        const facts = {
          ...known,
          firstName: `a${first}`,
          name: `a${second}`,
          host: { name: `a${first}`, timeZone: null },
          about: { title: `a${second}`, eventType: null },
          place: { kind: 'address', text: `a${first}` },
          links: { move, cancel: null },
        } as const;
        expect(shape(facts)).toEqual(plain);
      }),
    );
  });
});

describe('what a text needs', () => {
  it('is every fact that it says without other words for it and without a choice', () => {
    const needs = (body: string) => compileTemplate(asHtml(body)).unwrap().needs;
    expect(needs('{{first_name}} {{organizer}} {{call_date}} {{join_link}} {{cancel_link}}')).toEqual([
      'firstName',
      'host',
      'place',
      'links',
    ]);
    const guarded = '{{first_name | default: "there"}}{% if organizer %}{{organizer}}{% endif %}';
    expect(needs(guarded)).toEqual([]);
  });

  it('may be what this call does not have: then the default words are said', () => {
    const written = asHtml('<a href="{{join_link}}">Join</a>');
    const byPhone = { ...known, place: { kind: 'phone', number: '+1 555 0100' } } as const;
    expect(told(written, byPhone)).toEqual(defaultReminder.render(byPhone));
    const place = { kind: 'link', url: 'https://evil.example.com' } as const;
    const elsewhere = { ...known, place, placeIsTrusted: false };
    expect(told(written, elsewhere)).toEqual(defaultReminder.render(elsewhere));
  });

  it('says other words where it has them', () => {
    expect(told(asHtml('<p>Hi {{first_name | default: "there"}}</p>'), bare).text).toMatch(/^Hi there\n/);
  });

  it('never makes an empty mail', () => {
    const written = asHtml(
      '<html><body>{% if first_name %}Hi {{first_name}}{% endif %}</body></html>',
      '{% if first_name %}{{first_name}}{% endif %}',
    );
    expect(told(written).subject).toBe('Ada');
    expect(told(written, bare)).toEqual(defaultReminder.render(bare));
  });
});

describe('every fact', () => {
  const names = factNames.flatMap((fact) => fact.names.map((name) => [name, fact.isLink] as const));

  it.each(names)('%s can be said, in the subject, too', (name, isLink) => {
    const words = told(asHtml(`<p>[{{${name}}}]</p>`, `[{{${name}}}]`));
    expect(words.text).toMatch(/^\[.+\]\n/);
    expect(words.subject).toMatch(/^\[.+\]$/);
    expect(words.subject.includes('https://')).toBe(isLink || name === 'place' || name === 'location');
  });

  it('is said as it is known of the call', () => {
    const body = '<p>{{call_time}} to {{call_end_time}}, {{call_title}}, {{place}}, {{business_name}}</p>';
    expect(told(asHtml(body)).text).toMatch(
      /^10:00 AM to 10:30 AM, Diagnostic call, https:\/\/meet.google.com\/abc-defg-hij, your business\n/,
    );
    const textOf = (inner: string, facts: Partial<MailFacts>) =>
      told(asHtml(`<p>${inner}</p>`), { ...known, ...facts }).text.split('\n')[0];
    expect(textOf('{{remaining_time | default: "over"}}', { now: known.startAt })).toBe('over');
    expect(textOf('{{place | default: "none"}}', { place: { kind: 'none' } })).toBe('none');
    expect(textOf('{{place}}', { place: { kind: 'address', text: '1 Main St' } })).toBe('1 Main St');
    expect(textOf('{{place}}', { place: { kind: 'phone', number: '+1 555 0100' } })).toBe('+1 555 0100');
    expect(textOf('{{business_name}}', { responses: { business_name: 'Ada & Co' } })).toBe('Ada & Co');
    const now = Temporal.Instant.from('2026-12-03T12:55:00Z');
    expect(textOf('{{starts_in}}', { now })).toBe('in 2 hours and 5 minutes');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'http://example.com', '//example.com', 'https://a b'])(
    'that is a link is never %s',
    (url) => {
      const facts = { ...known, links: { move: url, cancel: null } };
      const written = asHtml(
        '<p>{{first_name}} {% if reschedule_link %}<a href="{{reschedule_link}}">x</a>{% endif %}</p>',
      );
      expect(told(written, facts).html).toContain('Ada');
      expect(told(written, facts).html).not.toContain('x</a>');
    },
  );
});

describe('a text with a fault', () => {
  it.each<[string, WrittenText, string, string]>([
    ['a fact that does not exist', asHtml('Hi {{frist_name}}'), '"frist_name"', 'first_name'],
    ['one in a choice', asHtml('{% if frist_name %}x{% endif %}'), '"frist_name"', 'first_name'],
    ['one in the subject', asHtml('x', 'Hi {{frist_name}}'), '"frist_name"', 'first_name'],
    ['a prototype for a fact', asHtml('{{constructor}}'), '"constructor"', 'first_name'],
    ['a part of a fact', asHtml('{{first_name.size}}'), 'names no fact', 'Name one'],
    ['another language’s section', asHtml('{{#name}}x{{/name}}'), '{{#name}}', '{% if fact %}'],
    ['another language’s braces', asHtml('{{{first_name}}}'), '{{{first_name}}', '{% if fact %}'],
    ['braces that do not close', asHtml('Hi {{first_name'), 'not closed', '{{fact}}'],
    ['a choice that does not end', asHtml('{% if first_name %}x'), 'not closed', '{% endif %}'],
    ['a file of the server', asHtml('{% render "etc" %}'), '"render"', 'if, unless'],
    ['a loop', asHtml('{% for %}{% endfor %}'), 'for', 'if, unless'],
    ['a way around escaping', asHtml('{{ first_name | raw }}'), 'raw', 'default, upcase'],
    ['a filter that is none', asHtml('{{ first_name | shout }}'), 'shout', 'default, upcase'],
    ['a fact in a script', asHtml('<script>{{first_name}}</script>'), '<script>', 'Leave it out'],
    ['a script', asHtml('<script src="https://example.com/x.js"></script>'), '<script>', 'Leave it out'],
    ['a script in an attribute', asHtml('<p onclick="x()">x</p>'), 'onclick', 'Leave it out'],
    ['a form', asHtml('<form action="https://example.com"></form>'), '<form>', 'Leave it out'],
    ['a link that runs', asHtml('<a href="javascript:x()">x</a>'), 'javascript:x()', 'https://'],
    ['a link to nowhere', asHtml('<a href="www.example.com">x</a>'), 'www.example.com', 'https://'],
    ['a picture from nowhere', asHtml('<img src="logo.png">'), 'logo.png', 'https://'],
    ['a name as a link', asHtml('<a href="{{first_name}}">x</a>'), 'href="{{first_name}}"', 'join_link'],
    ['a part of a link', asHtml('<a href="https://x.com/{{name}}">x</a>'), 'no address of a link', 'whole'],
    ['a changed link', asHtml('<a href="{{join_link | upcase}}">x</a>'), 'no address of a link', 'whole'],
    ['a link for a picture', asHtml('<img src="{{join_link}}">'), 'src="{{join_link}}"', 'href'],
    ['a fact in a style', asHtml('<style>p { color: {{first_name}} }</style>'), '<style>', 'text'],
    ['a fact in a style of its own', asHtml('<p style="color:{{first_name}}">x</p>'), 'style', 'text'],
    ['an attribute without quotes', asHtml('<p title={{name}}>x</p>'), 'title has no quotes', 'title="..."'],
    ['a fact for an attribute', asHtml('<p {{first_name}}>x</p>'), 'nothing can be put', 'in quotes'],
    ['a fact for a tag', asHtml('<{{first_name}}>x'), 'nothing can be put', 'in quotes'],
    ['a fact in a comment', asHtml('<p>x</p><!-- {{first_name}} -->'), 'nothing can be put', 'into the text'],
    ['a tag that is never closed', asHtml('<p>x</p><a title="{{name}}'), 'nothing can be put', 'the text'],
    ['a choice in a tag', asHtml('<p {% if name %}class="x"{% endif %}>x</p>'), 'nothing can be put', 'text'],
    ['a choice in an attribute', asHtml('<p class="{% if name %}x{% endif %}">x</p>'), 'class', 'whole tag'],
    ['no subject', asHtml('x', ' '), 'subject is empty', 'Write'],
    ['a subject of pages', asHtml('x', 'x'.repeat(501)), 'subject is longer', 'Shorten'],
    ['no body', asHtml(' \n'), 'body is empty', 'Write'],
    ['a body that is cut', asHtml('x'.repeat(90_001)), 'mail programs cut', 'Shorten'],
    ['no front matter', { ...asMarkdown('x'), body: 'Hello' }, 'no front matter', '---'],
    ['front matter that does not end', { ...asMarkdown('x'), body: '---\nsubject: x\n' }, 'no front', '---'],
    ['an unknown line in it', asMarkdown('x', 'subjet: x'), 'subjet', 'subject, language'],
    ['no subject in it', asMarkdown('x', 'language: en'), 'no subject', 'subject:'],
    ['a length that is none', asMarkdown('x', 'subject: x\nvalidFor: soon'), '"soon"', '12h'],
    ['a Markdown link to nowhere', asMarkdown('[x](calls)'), 'calls', 'https://'],
    ['a Markdown link by a name', asMarkdown('[x]({{name}})'), 'no address of a link', 'join_link'],
  ])('that is %s is told by its name, with a cure', (_, written, fault, cure) => {
    const faults = faultsOf(written);
    expect(faults.every(({ where }) => where === written.name)).toBe(true);
    expect(faults[0]?.fault).toContain(fault);
    expect(faults[0]?.cure).toContain(cure);
  });

  it('names every one of several', () => {
    expect(faultsOf(asHtml('{{a}} {{b}}')).map(({ fault }) => fault)).toEqual([
      'It names the fact "a", which does not exist.',
      'It names the fact "b", which does not exist.',
    ]);
  });

  it('never gets by: what compiles tells every call, whatever is known of it', () => {
    const words =
      '{{first_name}}§{{join_link}}§{% if name %}§{% endif %}§{% else %}§<p>§</p>§<a href="§">§\'§{{§}}§<!--§-->§x§<style>§</style>';
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words.split('§')), { maxLength: 8 }), (pieces) => {
        for (const written of [asHtml(pieces.join('')), asMarkdown(pieces.join(''))]) {
          const compiled = compileTemplate(written);
          if (compiled.isErr()) continue;
          for (const facts of [known, bare]) {
            const { subject, text, html } = compiled.value.render(facts);
            expect(subject && text && html).not.toBe('');
            expect(html).not.toMatch(/\{%|xqheld/);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
