// The rules in force, and what they would do for a call.
import {
  counted,
  explain,
  type Html,
  html,
  segmentsInWords,
  Temporal,
  type Tried,
  type TriedReminder,
} from '@precall/core';
import type { Asked, PageBody } from './frame.ts';
import { type Moments, momentsIn } from './moments.ts';
import { channelWords } from './way.ts';
import { movedWords } from './words.ts';

export interface TriedForm {
  /** Wall-clock times in `zone`, as the form has them: `2026-12-03T15:00`. */
  readonly start: string;
  readonly agreed: string;
  readonly zone: string;
  /** Empty: none. */
  readonly segment: string;
  readonly fault: string | null;
}

/** What the form asks for; what it does not name is a call in three days, agreed now. */
export function readForm({ query, now, moments }: Asked): TriedForm & {
  readonly call: {
    readonly startAt: Temporal.Instant;
    readonly agreedAt: Temporal.Instant;
    readonly timeZone: string;
    readonly segment?: string;
  };
} {
  const zone = query.get('zone') || moments.zone;
  const segment = query.get('segment')?.trim() ?? '';
  const inThreeDays = now.add({ hours: 100 });
  const read = (zoned: string): Omit<TriedForm, 'fault'> & Pick<ReturnType<typeof readForm>, 'call'> => {
    const local = (moment: Temporal.Instant) =>
      moment.toZonedDateTimeISO(zoned).toPlainDateTime().toString().slice(0, 16);
    const start = query.get('start') || local(inThreeDays);
    const agreed = query.get('agreed') || local(now);
    const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zoned).toInstant();
    return {
      start,
      agreed,
      zone: zoned,
      segment,
      call: { startAt: at(start), agreedAt: at(agreed), timeZone: zoned, ...(segment && { segment }) },
    };
  };
  try {
    momentsIn(zone);
    return { ...read(zone), fault: null };
  } catch {
    const call = { startAt: inThreeDays, agreedAt: now, timeZone: moments.zone };
    const [start, agreed] = [query.get('start') ?? '', query.get('agreed') ?? ''];
    const fault =
      'This is no moment or no zone: give times such as 2026-12-03T15:00 and a zone such as Europe/Berlin.';
    return { start, agreed, zone, segment, fault, call };
  }
}

export function policyPage({ policy, reminders }: Tried, form: TriedForm): PageBody {
  const shown = momentsIn(form.fault === null ? form.zone : 'UTC');
  const main = html`<h1>Policy</h1>
<section class="card" aria-labelledby="try">
<h2 id="try">What the rules do for a call</h2>
<form class="line" method="get">
<label>Start <input type="datetime-local" name="start" value="${form.start}"></label>
<label>Agreed <input type="datetime-local" name="agreed" value="${form.agreed}"></label>
<label>Zone of the recipient <input name="zone" value="${form.zone}" autocomplete="off"></label>
<label>Segment <input name="segment" value="${form.segment}" autocomplete="off"></label>
<button class="first">Show</button>
</form>
${
  form.fault
    ? html`<p class="is-ill" role="alert">${form.fault}</p>`
    : html`<table class="table tried"><caption class="note">A half-hour call with a link, in ${form.zone} time</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">When</th><th scope="col">For this call</th><th scope="col">Subject, or the text</th></tr></thead>
<tbody>${reminders.map((one) => ruleRow(one, shown))}</tbody></table>`
}
${reminders.length === 0 ? html`<p class="note">No rule asks for a reminder of such a call.</p>` : null}
</section>
<section class="card" aria-labelledby="bounds">
<h2 id="bounds">Bounds in force</h2>
<dl>${bounds(policy).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
  return { title: 'Policy', here: 'policy', main };
}

function ruleRow(tried: TriedReminder, shown: Moments): Html {
  const { rule, channel, dueAt, movedFrom, skip, subject, fallback } = tried;
  const otherwise = rule.fallback ? ` or, where that fails, by ${channelWords[rule.fallback]}` : '';
  const words = channel === 'sms' ? textWords(subject) : (subject ?? notMade);
  const second = rule.fallback
    ? html`<p><span class="quiet">As a text:</span> ${textWords(fallback)}</p>`
    : null;
  const way = `${rule.to === 'host' ? ', to the host' : ''}, by ${channelWords[channel]}${otherwise}`;
  return html`<tr><th scope="row" class="rule">${rule.name}</th><td>${whenWords(rule.when)}${way}</td>${skip ? html`<td colspan="2"><span class="is-ill">Not sent.</span> ${explain(skip)}</td>` : html`<td>${shown.exact(dueAt)}${movedFrom && html`<p class="quiet">${movedWords(movedFrom, shown)}</p>`}</td><td class="words">${words}${second}</td>`}</tr>`;
}

const notMade = 'The text cannot be made for such a call.';

/** A text message with what it weighs. */
function textWords(text: string | null): Html {
  return text === null
    ? html`${notMade}`
    : html`${text}<br><span class="quiet">${segmentsInWords(text)}</span>`;
}

function bounds(policy: Tried['policy']): readonly (readonly [string, string | Html])[] {
  const { messagesPerDay, doubtWait } = policy;
  return [
    ['No reminder before calls nearer than', lengthWords(policy.minimumLead)],
    ['Quiet hours of mails', hoursWords(policy.quietHours)],
    ['Quiet hours of texts', hoursWords(policy.smsQuietHours)],
    ['Guests get reminders', policy.remindGuests ? 'yes' : 'no'],
    ['Recipients of one booking without seats, at most', String(policy.recipientsPerBooking)],
    [
      'Messages to one person in 24 hours, at most',
      messagesPerDay === null ? 'no cap' : String(messagesPerDay),
    ],
    [
      'Messages after a no-show to one person in 30 days, at most',
      policy.rebooksPerMonth === null ? 'no cap' : String(policy.rebooksPerMonth),
    ],
    [
      'A message of unknown outcome',
      policy.afterUnknown === 'resend_once' ? 'is sent once more after a wait' : 'is never sent again',
    ],
    [
      'That wait, of a mailer that sends nothing twice / that reports / of another',
      `${lengthWords(doubtWait.once)} / ${lengthWords(doubtWait.reported)} / ${lengthWords(doubtWait.silent)}`,
    ],
    ['Sends at the same time, at most', String(policy.concurrency)],
    ['Campaign in the CRM', policy.projection.campaign ?? 'none'],
    ['Zone of the date in the CRM', policy.projection.timeZone ?? "the organizer's"],
  ];
}

/** On the recipient's clock. */
function hoursWords(hours: Tried['policy']['quietHours']): string {
  if (!hours) return 'none';
  const { from, to } = hours;
  return `${from.toString({ smallestUnit: 'minute' })} to ${to.toString({ smallestUnit: 'minute' })}`;
}

function whenWords(when: TriedReminder['rule']['when']): string {
  if ('before' in when) return `${lengthWords(when.before)} before the start`;
  if ('after' in when) return `${lengthWords(when.after)} after the end`;
  if ('afterNoShow' in when)
    return `${lengthWords(when.afterNoShow)} after it became known that they did not come`;
  return `${counted(when.daysBefore, 'day')} before, at ${when.at.toString({ smallestUnit: 'minute' })}`;
}

/** Such as `72 h`, `90 min` or `15 s`. */
function lengthWords(length: Temporal.Duration): string {
  const seconds = Math.round(length.total('seconds'));
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
