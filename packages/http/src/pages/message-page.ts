// A page that says why there is no other.
import { html } from '@precall/core';
import type { PageBody } from './frame.ts';

export function messagePage(status: number, title: string, sentence: string): PageBody {
  return {
    status,
    title,
    here: null,
    main: html`<section class="card"><h1>${title}</h1><p class="headline">${sentence}</p></section>`,
  };
}
