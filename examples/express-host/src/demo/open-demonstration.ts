// Puts the demonstration together: local parts in one folder, the webhook route, the page, all on loopback.
import { randomBytes } from 'node:crypto';
import { createAddressBook, createMailbox } from '@precall/adapter-embedded';
import type { Result } from '@precall/core';
import { createPrecallRouter } from '@precall/http-express';
import { createMetrics } from '@precall/metrics';
import { createPrecall, createSystemClock, createSystemEntropy } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import express from 'express';
import { closeServer, listen } from '../listen.ts';
import { createCrmSwitch } from './crm-switch.ts';
import { demonstrationPolicy } from './demonstration-policy.ts';
import { openEmptyStore } from './empty-store.ts';
import { createJournal } from './journal.ts';
import { createLiveFeed } from './live-feed.ts';
import { loopbackOnly } from './loopback-only.ts';
import { createPageRouter } from './page-router.ts';
import { createSceneReader, type ReadScene } from './scene.ts';
import { createStory, type Story } from './story.ts';
import { createWatchedMailer } from './watched-mailer.ts';
import { createWebhookSender } from './webhook-sender.ts';

export interface Demonstration {
  readonly baseUrl: string;
  readonly story: Story;
  readonly readScene: ReadScene;
  stop(): Promise<void>;
}

/** `folder` is emptied of an earlier demonstration first. An error is a sentence that says what to change. */
export async function openDemonstration({
  folder,
  port,
  print,
  troubles,
}: {
  readonly folder: string;
  readonly port: number;
  readonly print: (line: string) => void;
  readonly troubles: 'shown' | 'hidden';
}): Promise<Result<Demonstration, string>> {
  const opened = await openEmptyStore(folder);
  if (opened.isErr()) return opened.mapErr((sentence) => `DATA_DIR cannot be used: ${sentence}`);
  const app = express().disable('x-powered-by').use(loopbackOnly);
  const listening = await listen(app, { host: '127.0.0.1', port });
  if (listening.isErr()) {
    await opened.value.close();
    return listening;
  }
  const { server, baseUrl } = listening.value;

  // the parts
  const store = opened.value;
  const clock = createSystemClock();
  const entropy = createSystemEntropy();
  const secret = randomBytes(32).toString('hex');
  const journal = createJournal({ clock, print });
  const mailbox = createMailbox({ folder, clock });
  const crm = createCrmSwitch(createAddressBook({ folder }), journal);
  const metrics = createMetrics({ processMetrics: true });
  const precall = createPrecall({
    source: createCalcomSource({ secrets: [secret] }),
    store,
    mailer: createWatchedMailer(mailbox, { journal, bookings: (query) => precall.bookings(query) }),
    crm,
    policy: demonstrationPolicy,
    clock,
    entropy,
    observe: metrics.observe,
    onTrouble({ sentence }) {
      if (troubles === 'shown') journal.say(`Trouble: ${sentence}`);
    },
  });

  // what can be seen and done
  const story = createStory({ send: createWebhookSender({ baseUrl, secret }), clock, entropy, journal });
  const readScene = createSceneReader({ precall, story, mailbox, crm, journal, folder });
  const feed = createLiveFeed({ readScene });
  app.use(createPrecallRouter({ precall, metrics, mailbox, operator: { authorize: () => 'yes' } }));
  app.use(createPageRouter({ story, crm, readScene, feed, clock }));

  const started = await precall.start();
  if (started.isErr()) {
    await stop();
    return started.mapErr(({ reason }) => `DATA_DIR cannot be used: ${reason}.`);
  }
  return started.map(() => ({ baseUrl, story, readScene, stop }));

  async function stop(): Promise<void> {
    feed.close();
    await precall.stop();
    await closeServer(server);
    await store.close();
  }
}
