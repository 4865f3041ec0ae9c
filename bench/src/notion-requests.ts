// What many bookings of few people cost of Notion's requests: counted on a stand-in that keeps its rules, not timed. So the
// adapter's own pace is set as fast as it goes.
import { createMemoryStore } from '@precall/adapter-memory';
import { createNotionCrm } from '@precall/adapter-notion';
import { createSystemClock } from '@precall/node';
import {
  campaignDatabases,
  type NotionRequestKind,
  type NotionStandIn,
  startNotionStandIn,
} from '@precall/testing/stand-ins';
import { figureOf, type Row } from './measure.ts';
import { precallOn, scaled, takeIn } from './rig.ts';
import { bookedBody, delivered, startAhead } from './webhooks.ts';

const bookings = scaled(1_000);
const contacts = scaled(300);
const token = 'a-token-of-the-benchmarks';
const campaign = 'Christmas 2025';

export async function notionRequests(name: string): Promise<readonly Row[]> {
  const databases = campaignDatabases({
    contacts: people().map((email) => ({ email, 'Booking Status': 'Not Booked' })),
    sequence: people().map((email) => ({ Email: email, Campaign: campaign })),
  });
  const notion = await startNotionStandIn({ token, databases: Object.values(databases) });
  try {
    const precall = precallOn(createMemoryStore(), { crm: crmOn(notion, databases) });
    const nowMs = Date.now();
    const all = Array.from({ length: bookings }, (_, number) =>
      delivered(bookedBody({ number, startMs: startAhead(nowMs, number), contacts })),
    );
    await takeIn(precall, all, { atOnce: 32 });
    await precall.tick();
    const changed = notion
      .rows(databases.contacts.id)
      .filter(({ values }) => values['Booking Status'] === 'Booked').length;
    if (changed !== contacts) throw new Error(`${changed} of ${contacts} contacts were changed`);
    const each = (kind: NotionRequestKind): readonly number[] => [notion.count(kind) / changed];
    const what = `${bookings} bookings for ${contacts} contacts in Notion:`;
    const unit = 'requests/contact';
    const rows = [
      figureOf({ name, what: `${what} queries`, unit, target: { atMost: 2 } }, each('query')),
      figureOf({ name, what: `${what} PATCHes`, unit, target: { atMost: 1 } }, each('patch')),
    ];
    const before = notion.requests.length;
    for (const delivery of all) await precall.receive(delivery);
    await precall.tick();
    const again = notion.requests.length - before;
    return [
      ...rows,
      figureOf(
        {
          name,
          what: 'requests for the same webhooks delivered again',
          unit: 'requests',
          target: { atMost: 0 },
        },
        [again],
      ),
    ];
  } finally {
    await notion.stop();
  }
}

function people(): readonly string[] {
  return Array.from({ length: contacts }, (_, who) => `guest-${who}@example.com`);
}

function crmOn(notion: NotionStandIn, databases: ReturnType<typeof campaignDatabases>) {
  return createNotionCrm({
    token,
    baseUrl: notion.url,
    clock: createSystemClock(),
    contacts: { database: databases.contacts.id },
    sequence: { database: databases.sequence.id },
    pace: { perSecond: 1_000, burst: 1_000 },
  });
}
