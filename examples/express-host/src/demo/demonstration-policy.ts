// The default policy, played in half a minute.
import { defaultPolicy, inTestMode, type Policy, Temporal } from '@precall/core';
import { sampleMeetingHost } from './sample-booking.ts';

const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

/** How far away a call is when it is booked or moved here. */
export const lead = seconds(30);

/** The names and the words of the default rules; no minimum lead, no daily cap, short waits. */
export const demonstrationPolicy: Policy = {
  ...inTestMode(defaultPolicy),
  rules: [
    { name: '72h', when: { before: seconds(24) } },
    { name: '24h', when: { before: seconds(12) } },
    { name: '2h', when: { before: seconds(4) } },
  ],
  meetingHosts: [sampleMeetingHost],
};
