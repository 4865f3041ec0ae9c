// The policies of docs/write-a-policy.md: compiled here, planned with in own-policy.test.ts.

// #region what it is written with
import {
  bySegment,
  content,
  defaultPolicy,
  defaultReminder,
  type Facts,
  type Policy,
  type Rule,
  Temporal,
  threeRebooks,
} from 'precall'; // or from '@precall/core'

const hours = (count: number) => Temporal.Duration.from({ hours: count });
const time = (text: string) => Temporal.PlainTime.from(text);
// #endregion

// #region wall clock
export const onTheWallClock: Policy = {
  ...defaultPolicy,
  rules: [
    { name: 'evening-before', when: { daysBefore: 1, at: time('18:00') } },
    { name: '2h', when: { before: hours(2) } },
  ],
  quietHours: { from: time('21:00'), to: time('08:00') },
};
// #endregion

// #region lead time
const twoWeeksMs = 14 * 24 * 3_600_000;

/** `facts` are what is known of the booking: who, when, where, since when. */
function rulesFor({ time, lastAgreedAt }: Facts): readonly Rule[] {
  if (!time || !lastAgreedAt) return ofShortLead;
  const leadMs = time.value.startAt.epochMilliseconds - lastAgreedAt.epochMilliseconds;
  return leadMs > twoWeeksMs ? ofLongLead : ofShortLead;
}

const ofShortLead: readonly Rule[] = [
  { name: '24h', when: { before: hours(24) } },
  { name: '2h', when: { before: hours(2) } },
];
const ofLongLead: readonly Rule[] = [{ name: 'week', when: { before: hours(7 * 24) } }, ...ofShortLead];

export const byLeadTime: Policy = { ...defaultPolicy, rules: rulesFor };
// #endregion

// #region own words
const guide = content({
  needs: ['host'], // without it the reminder waits, and `facts.host.name` would not compile
  render: (facts) => {
    const { subject, text, html } = defaultReminder.render(facts);
    return {
      subject: `${subject}: how to prepare`,
      text: `${facts.host.name} asks for ten minutes.\n\n${text}`,
      html,
    };
  },
});

export const withOwnWords: Policy = {
  ...defaultPolicy,
  rules: [
    { name: '72h', when: { before: hours(72) }, content: guide },
    { name: '2h', when: { before: hours(2) } },
  ],
};
// #endregion

// #region after the call
const usual: readonly Rule[] = [
  { name: '24h', when: { before: hours(24) } },
  { name: '2h', when: { before: hours(2) } },
  ...threeRebooks,
];

/** Three messages to find another time instead of the default's one, three a month at most, and a rule more for one segment. */
export const afterTheCall: Policy = {
  ...defaultPolicy,
  rules: bySegment(
    { CRITICAL: [{ name: 'week', when: { before: hours(7 * 24) } }, ...usual] }, // for these people
    usual, // for all others, and while the CRM was not read yet
  ),
  rebooksPerMonth: 3,
  projection: {
    ...defaultPolicy.projection,
    properties: { ...defaultPolicy.projection.properties, segment: 'Segment' },
  },
};
// #endregion

// #region CRM
export const inOtherWords: Policy = {
  ...defaultPolicy,
  projection: {
    ...defaultPolicy.projection,
    campaign: null, // looked up nowhere, and nothing is marked as sent
    properties: {
      ...defaultPolicy.projection.properties,
      status: 'stage',
      callDate: 'call_date',
      campaignStatus: null, // not written
    },
    values: { ...defaultPolicy.projection.values, booked: 'call booked', notBooked: 'no call' },
  },
};
// #endregion
