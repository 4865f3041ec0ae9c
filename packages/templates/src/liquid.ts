// Liquid, of which a text gets what it needs to put facts in and to choose: no loops, no files, no way around escaping.
import { Err, Ok, type Result } from '@precall/core';
import { Liquid } from 'liquidjs';
import type { Finding } from './check-places.ts';

export interface Template {
  /** Null: not known. Names that are not given are a fault of the template's reader. */
  render(facts: { readonly [name: string]: string | null }): string;
}
export interface Engine {
  parse(source: string): Result<Template, Finding>;
}

const tags = new Set(['if', 'unless', 'case']);
const filters = new Set(['default', 'upcase', 'downcase', 'capitalize', 'truncate', 'strip']);

export const engineForHtml = engine('escape');
/** For a subject, which is no HTML. */
export const engineForWords = engine(null);

function engine(outputEscape: 'escape' | null): Engine {
  const liquid = new Liquid({
    ...(outputEscape && { outputEscape }),
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
  });
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) {
    if (!filters.has(name) && name !== outputEscape) delete liquid.filters[name];
  }

  return {
    parse(source) {
      try {
        const parsed = liquid.parse(source);
        return Ok({ render: (facts) => String(liquid.renderSync(parsed, facts)) });
      } catch (cause) {
        return Err({ fault: faultIn(cause), cure: cureOf });
      }
    },
  };
}

const cureOf = `Write {{fact}}, {{fact | default: "words"}} or {% if fact %}...{% endif %}; there are the tags ${[...tags].join(', ')} and the filters ${[...filters].join(', ')}.`;

/** Its own words, without the place: that is one in the page, which its author does not see. */
function faultIn(cause: unknown): string {
  const said = cause instanceof Error ? (cause.message.split(/, line:|\n/)[0] ?? '') : '';
  return `It is not understood: ${said || 'an unknown fault'}.`;
}
