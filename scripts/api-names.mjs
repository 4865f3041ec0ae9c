// Lets the API reference name each entry as one imports it: `@precall/core`, not `core/src`.
import { Converter } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const entry of project.children ?? []) {
      const name = entry.name.replace(/\/src(?=\/|$)/, '');
      entry.name = name === 'precall' ? name : `@precall/${name}`;
    }
  });
}
