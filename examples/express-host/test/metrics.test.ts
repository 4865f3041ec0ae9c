// A day's traffic in half a minute at the real host, and what it says of it at /metrics; and the dashboard and the alert
// rules, which ask for nothing that it does not say.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ok, Temporal } from '@precall/core';
import { createMetrics } from '@precall/metrics';
import { type SendgridStandIn, startSendgridStandIn } from '@precall/testing/stand-ins';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type HostProcess, postBooking, startHost } from '../scripts/host-process.ts';
import { readSample, redated } from '../scripts/sample-webhooks.ts';

const secret = 'a-secret-of-the-tests';
const apiKey = 'SG.a-key.of-the-tests';
const password = 'twelve-characters';
const read = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const alerts = read('monitoring/alerts.yml');
const dashboard = read('monitoring/grafana-dashboard.json');
const operate = read('operate.md');

let folder = '';
let sendgrid: SendgridStandIn;
let host: HostProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precall-metrics-'));
  sendgrid = await startSendgridStandIn({ apiKey });
  const texts = join(folder, 'texts');
  mkdirSync(texts);
  writeFileSync(join(texts, '24h.md'), 'A text without a subject.');
  const mail = {
    SENDGRID_API_KEY: apiKey,
    SENDGRID_FROM: 'calls@example.com',
    SENDGRID_BASE_URL: sendgrid.url,
  };
  const env = {
    CALCOM_WEBHOOK_SECRET: secret,
    OPERATOR_PASSWORD: password,
    TESTING_MODE: 'true',
    PORT: '0',
    MAIL_TEMPLATES_DIR: texts,
  };
  host = await startHost({ folder, env: { ...env, ...mail } });
}, 60_000);
afterAll(async () => {
  await host.end('SIGKILL');
  await sendgrid.stop();
  rmSync(folder, { recursive: true });
});

/** By name and labels, as they stand in the text. */
type Values = ReadonlyMap<string, number>;

async function ask(path: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
  return await (await fetch(`${host.baseUrl}${path}`, { headers: { authorization } })).text();
}

function valuesIn(text: string): Values {
  const lines = text.split('\n').filter((line) => /^[^#]/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Asks until they are so, at most 25 s. */
async function until(wanted: { readonly [series: string]: number }): Promise<string> {
  const endsAtMs = Date.now() + 25_000;
  for (;;) {
    const response = await fetch(`${host.baseUrl}/metrics`);
    const text = await response.text();
    const values = valuesIn(text);
    const found = Object.fromEntries(Object.keys(wanted).map((series) => [series, values.get(series)]));
    if (Object.entries(wanted).every(([series, value]) => found[series] === value)) return text;
    if (Date.now() > endsAtMs) expect(found).toEqual(wanted);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface Call {
  readonly startsIn: number;
  readonly saidAgo?: number;
  readonly payload?: object;
}
/** Seconds; a reminder goes a minute before. */
function call({ startsIn, saidAgo = 0, payload = {} }: Call): object & { readonly payload: object } {
  const now = Temporal.Now.instant();
  const webhook = redated(readSample('BOOKING_CREATED'), now.subtract({ seconds: saidAgo }));
  const startTime = now.add({ seconds: startsIn });
  const endTime = startTime.add({ minutes: 15 });
  return { ...webhook, payload: { ...Object(webhook.payload), startTime, endTime, ...payload } };
}

const post = (webhook: object): Promise<Answer> => postBooking(host.baseUrl, secret, webhook);
const offset = (utcOffset: number) => ({
  attendees: [{ email: 'guest@example.com', name: 'Guest', timeZone: 'Asia/Kolkata', utcOffset }],
});

describe('GET /metrics of the host', () => {
  it('has each metric, with what only this traffic can have made of it, and nothing about anybody', async () => {
    // A call that is called off once somebody took its booker out of the CRM; then one by a booker who can be written.
    const { payload } = call({ startsIn: 7_200 });
    const created = { ...call({ startsIn: 7_200 }), payload };
    expect((await post(created)).body.status).toBe('scheduled');
    await until({ 'crm_writes_total{outcome="written"}': 1 });
    writeFileSync(join(folder, '.precall/address-book.json'), '[]');
    const dropped = (await post({ ...created, triggerEvent: 'BOOKING_CANCELLED' })).body.dropped;
    expect(dropped).toHaveLength(3);
    await until({ 'crm_writes_total{outcome="rejected"}': 1, 'troubles_total{kind="crm_refused"}': 1 });
    await post(call({ startsIn: 7_200, payload: offset(330) }));

    // A reminder that is refused at first; then one that nobody knows about, and goes again.
    sendgrid.failNext({ status: 500 });
    await post(call({ startsIn: 45, saidAgo: 60 }));
    await until({ 'sends_total{outcome="sent"}': 1, 'sends_total{outcome="refused"}': 1 });
    sendgrid.failNext('cut_after_accepting');
    await post(call({ startsIn: 45, saidAgo: 60 }));
    await until({ 'sends_total{outcome="unknown"}': 1, 'sends_total{outcome="resent"}': 1 });

    // One whose link never comes, one from a source with other clocks.
    const pending = { metadata: {}, videoCallData: undefined, location: 'integrations:daily' };
    await post(call({ startsIn: 4, saidAgo: 90, payload: pending }));
    await post(call({ startsIn: 7_200, payload: offset(0) }));

    // Strangers, and what is not understood.
    for (const _ of [1, 2]) await postBooking(host.baseUrl, 'a-secret-of-somebody-else', created);
    await fetch(`${host.baseUrl}/webhook/sendgrid-events`, { method: 'POST', body: '[]' });
    expect((await post({ triggerEvent: 'BOOKING_CREATED' })).status).toBe(400);

    const text = await until({
      ready: 1,
      plan_live: 2,
      crm_backlog: 0,
      oldest_due_seconds: 0,
      quarantined_deliveries: 1,
      sends_running: 0,
      outcomes_unsaved: 0,
      tz_mismatch_total: 1,
      'sends_total{outcome="sent"}': 1,
      'sends_total{outcome="resent"}': 1,
      'sends_total{outcome="refused"}': 1,
      'sends_total{outcome="unknown"}': 1,
      'sends_total{outcome="void"}': 3,
      'reminders_unsent_total{state="missed"}': 1,
      'reminders_unsent_total{state="refused"}': 0,
      'bad_signatures_total{route="bookings"}': 2,
      'delivery_event_posts_total{answer="not_configured"}': 1,
      'troubles_total{kind="reminder_missed"}': 1,
      'troubles_total{kind="quarantined"}': 1,
      'intake_ack_seconds_count{answer="taken"}': 7,
      'intake_ack_seconds_count{answer="forged"}': 2,
      'intake_ack_seconds_count{answer="not_understood"}': 1,
      reminder_lateness_seconds_count: 2,
      [`messaging_client_operation_duration_seconds_count${labels('send', 'reminders', 'unknown')}`]: 1,
      [`messaging_client_operation_duration_seconds_count${labels('send', 'contacts', 'rejected')}`]: 1,
      [`messaging_process_duration_seconds_count${labels('process', 'bookings', '')}`]: 10,
    });
    const values = valuesIn(text);
    const value = (series: string) => values.get(series) ?? Number.NaN;
    // Both were 15 s late when their bookings came in, the second one at least 5 s more.
    expect(value('reminder_lateness_seconds_sum')).toBeGreaterThan(35);
    expect(value('reminder_lateness_seconds_sum')).toBeLessThan(90);
    expect(value('intake_ack_seconds_sum{answer="taken"}')).toBeGreaterThan(0);
    expect(value('intake_ack_seconds_sum{answer="taken"}')).toBeLessThan(20);
    expect(value('webhook_silence_seconds')).toBeLessThan(60);
    expect(value('crm_writes_total{outcome="written"}')).toBeGreaterThan(0);
    expect(
      value(`messaging_client_operation_duration_seconds_count${labels('receive', 'reminders', '')}`),
    ).toBeGreaterThan(3);
    expect(value('troubles_total{kind="text_unusable"}')).toBeGreaterThan(0);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);

    const uid = String(Object(payload).uid);
    expect(text).not.toMatch(/@|guest|example|calcom:|[0-9a-f]{8}-[0-9a-f]{4}|\b[0-9a-f]{12}\b/i);
    expect(text).not.toContain(uid);

    // The operator's page says the same.
    const page = await ask('/operator');
    expect(page).toContain('Nothing waits to be written.');
    expect(page).toContain('<dt>Outcomes not saved yet</dt><dd><span class="is-well">0</span>');
    expect(page).toContain('<dt>Host and store</dt><dd><span class="is-well">ready</span>');
    expect(page.match(/>Take in again</g)).toHaveLength(value('quarantined_deliveries'));

    // Whatever the log says of a booking has its short hash, and nobody's name.
    const { stdout } = await host.end('SIGTERM');
    const told = stdout.split('\n').filter((line) => line.includes('"trouble":"reminder_'));
    expect(told).toHaveLength(1);
    for (const line of told) expect(JSON.parse(line).booking).toMatch(/^[0-9a-f]{12}$/);
    expect(stdout).not.toMatch(/guest|@example/);
    expect(stdout).not.toContain(uid);
  }, 120_000);
});

function labels(operation: string, destination: string, error: string): string {
  return `{messaging_operation_name="${operation}",messaging_destination_name="${destination}",error_type="${error}"}`;
}

describe('the dashboard and the alert rules', () => {
  const exprs = [
    ...[...alerts.matchAll(/^ +expr: (.*)$/gm)].map(([, expr = '']) => expr),
    ...[...dashboard.matchAll(/^ +"expr": (".*"),?$/gm)].map(([, expr = '']): string => JSON.parse(expr)),
  ];
  const rules = [...alerts.matchAll(/- alert: (\w+)\n/g)].map(([, name = '']) => name);

  /** Told by a host to which nothing has happened yet. */
  const told = async (): Promise<string> => {
    const at = Temporal.Instant.from('2026-11-30T15:00:00Z');
    const none = { nextMailAt: null, plans: 0, crmWaiting: 0, quarantined: 0, sending: 0, unsaved: 0 };
    return await createMetrics({ processMetrics: true }).text({
      ready: async () => true,
      measure: async () => Ok({ at, heardAt: at, ...none }),
    });
  };

  it('ask only for metrics that there are', async () => {
    const text = await told();
    expect(exprs.length).toBeGreaterThan(40);
    for (const name of exprs.flatMap(metricsIn))
      expect([name, new RegExp(`^${name}[ {]`, 'm').test(text)]).toEqual([name, true]);
  });

  it('ask only for labels and words that there are', async () => {
    const text = await told();
    const asked = exprs.flatMap((expr) => [...expr.matchAll(/(\w+)\{(\w+)=~?"([^"]+)"\}/g)]);
    expect(asked.length).toBeGreaterThan(12);
    for (const [, name, label, words = ''] of asked)
      for (const word of words.split('|'))
        expect(text).toMatch(new RegExp(`^${name}\\{(.*,)?${label}="${word}"`, 'm'));
  });

  it('show every metric of ours somewhere', async () => {
    const names = [...(await told()).matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    const ours = names.filter((name) => !/^(process|nodejs)_/.test(name));
    for (const name of ours) expect(exprs.join('\n')).toContain(name);
  });

  it('ring for every kind of trouble, and docs/operate.md says of each alert what to do', () => {
    const kinds = [...operate.matchAll(/^\| `(\w+)` +\| [^|]+ \| [^|]+ \|$/gm)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(10);
    for (const kind of kinds) expect(alerts).toContain(`troubles_total{kind="${kind}"}`);
    const rows = [...operate.matchAll(/^\| (\w+) +\| \w+ +\| [^|]+\| [^|]+\|$/gm)].map(([, name]) => name);
    expect(rows.filter((name) => name !== 'alert').toSorted()).toEqual(rules.toSorted());
  });
});

/** What is left of an expression without its words, labels and functions. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring) *\([^)]*\)/g, ' ')
    .replace(/\b\w+(?=\s*\()/g, ' ');
  return (bare.match(/\b[a-z]\w+/g) ?? []).filter((word) => word !== 'and' && word !== 'or');
}
