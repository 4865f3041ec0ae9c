// Where a text may name facts, and what no mail may hold. Looked at once, when the text is read: what passes is safe whatever
// the facts are, since each is escaped for text and quoted attributes.
import { Parser } from 'htmlparser2';
import { factNamed } from './fact-names.ts';
import { type Held, heldIn, isHeldAlone } from './placeholders.ts';

/** A sentence with what is wrong, and one with its cure. */
export interface Finding {
  readonly fault: string;
  readonly cure: string;
}

/** What mail programs take out, or what asks people for input in a mail. */
const forbidden = new Set(
  'script iframe frame object embed applet form input textarea select button base link svg math'.split(' '),
);
const urlAttributes = new Set('href src background action formaction poster cite data srcset'.split(' '));

export function checkPlaces(html: string, held: Held): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let closedIn: string | null = null;
  const note = (part: string) => {
    for (const { source } of heldIn(part, held)) seen.add(source);
  };
  const find = (fault: string, cure: string) => void findings.push({ fault, cure });

  const parser = new Parser({
    onopentagname(name) {
      if (forbidden.has(name)) find(`It holds <${name}>, which mail programs take out.`, 'Leave it out.');
      if (name === 'style') closedIn = name;
    },
    onclosetag(name) {
      if (name === closedIn) closedIn = null;
    },
    onattribute(name, value, quote) {
      const inside = heldIn(value, held);
      note(value);
      if (/^on/.test(name)) find(`It holds the attribute ${name}, which runs a script.`, 'Leave it out.');
      if (inside.some(({ kind }) => kind === 'chooses')) {
        find(`A choice ({% %}) stands inside the attribute ${name}.`, 'Put it around the whole tag.');
      } else if (inside.length > 0 && !quote) {
        find(`The attribute ${name} has no quotes.`, `Write ${name}="...".`);
      } else if (urlAttributes.has(name)) {
        checkUrl(name, value);
      } else if (inside.length > 0 && (name === 'style' || name === 'srcdoc' || /^on/.test(name))) {
        find(`A fact stands in the attribute ${name}.`, 'Put it into the text.');
      }
    },
    ontext(text) {
      note(text);
      if (closedIn !== null && heldIn(text, held).length > 0)
        find('A fact stands in a <style>.', 'Put it into the text.');
    },
  });

  function checkUrl(name: string, value: string): void {
    const [only, another] = heldIn(value, held);
    if (only) {
      const isLink = name === 'href' && only.name !== null && factNamed(only.name)?.isLink === true;
      if (!isLink || another || !only.isPlain || !isHeldAlone(value.trim()))
        find(
          `${name}="${value.trim().replace(/xqheld\d+x/g, only.source)}" is no address of a link.`,
          'Give one whole address, or one fact that is a link, such as href="{{join_link}}".',
        );
      return;
    }
    const form = name === 'href' ? /^(?:https?:\/\/|mailto:|tel:|sms:|#)/i : /^(?:https?:\/\/|cid:)/i;
    if (!form.test(value.trim()))
      find(
        `The address ${JSON.stringify(value.slice(0, 60))} leads nowhere from a mail.`,
        'Begin it with https://, or mailto: or tel: in a link.',
      );
  }

  parser.end(html);
  // In a comment, a tag's or an attribute's name, or after a tag that is never closed.
  for (const { source } of held.placeholders)
    if (!seen.has(source))
      find(
        `${source} stands where nothing can be put.`,
        'Put it into the text, or into an attribute in quotes.',
      );
  return findings;
}
