// The page and what its buttons do.
import { readFileSync } from 'node:fs';
import type { Clock } from '@precall/core';
import { isSameOrigin } from '@precall/http';
import express, { type Request, type RequestHandler, type Router } from 'express';
import type { SwitchedCrm } from './crm-switch.ts';
import type { LiveFeed } from './live-feed.ts';
import { mailDocument } from './mail-document.ts';
import { renderPage } from './page.ts';
import type { ReadScene } from './scene.ts';
import type { Story } from './story.ts';

export function createPageRouter({
  story,
  crm,
  readScene,
  feed,
  clock,
}: {
  readonly story: Story;
  readonly crm: SwitchedCrm;
  readonly readScene: ReadScene;
  readonly feed: LiveFeed;
  readonly clock: Pick<Clock, 'now'>;
}): Router {
  const router = express.Router();
  router.use(secured);
  router.get('/', async (_request, response) => {
    response.type('html').send(renderPage(await readScene(), clock.now()));
  });
  router.get('/demo/events', (_request, response) => feed.join(response));
  router.get('/demo/mail', async (request, response) => {
    const { mails } = await readScene();
    const { id } = request.query;
    const mail = id === undefined ? mails[0] : mails.find(({ message }) => message.attemptId === id);
    const { status, policy, document } = mailDocument(mail?.message ?? null, { wanted: id !== undefined });
    response.status(status).set('content-security-policy', policy).type('html').send(document);
  });
  router.get('/demo/style.css', asset('style.css', 'text/css'));
  router.get('/demo/live.js', asset('live.js', 'text/javascript'));
  act('/demo/book', () => story.book());
  act('/demo/move', () => story.move());
  act('/demo/cancel', () => story.cancel());
  act('/demo/crm-away', () => crm.takeAway());
  act('/demo/crm-back', () => crm.bringBack());
  return router;

  /** 303: the browser looks at the page again, and loading it again does nothing twice. */
  function act(path: string, run: () => void | Promise<void>): void {
    router.post(path, async (request, response) => {
      if (!isAskedByUs(request))
        return void response.status(403).type('text').send('Press the button on the page.\n');
      await run();
      response.redirect(303, '/');
    });
  }
}

/** Nothing inline, nothing from elsewhere; nobody shows this page in a frame. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const secured: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': pagePolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  next();
};

function isAskedByUs({ headersDistinct }: Request): boolean {
  return isSameOrigin(
    Object.fromEntries(Object.entries(headersDistinct).map(([name, lines]) => [name, lines ?? []])),
  );
}

function asset(name: string, type: string): RequestHandler {
  const content = readFileSync(new URL(`assets/${name}`, import.meta.url));
  return (_request, response) => void response.type(type).send(content);
}
