// Cal.com's documented sample webhooks, told as if somebody had booked, moved or cancelled a call just now.
import { readFileSync } from 'node:fs';
import type { Instant } from '@precall/core';

export interface DemoCall {
  readonly uid: string;
  readonly bookedAt: Instant;
  readonly startAt: Instant;
  readonly guest: string;
}

/** The booker of the samples. */
export const sampleGuest = 'guest@example.com';

/** The host that the samples' video links lead to. */
export const sampleMeetingHost = 'app.example.com';

/** Each is the compact JSON that would come over the wire. */
export function bookedBody(call: DemoCall, saidAt: Instant): string {
  return retold(samples.created, call, { saidAt });
}

export function movedBody(call: DemoCall, saidAt: Instant, { from }: { readonly from: DemoCall }): string {
  return retold(samples.rescheduled, call, {
    saidAt,
    changes: {
      rescheduleUid: from.uid,
      rescheduleStartTime: from.startAt,
      rescheduleEndTime: endOf(samples.rescheduled, from),
    },
  });
}

export function cancelledBody(call: DemoCall, saidAt: Instant): string {
  return retold(samples.cancelled, call, { saidAt });
}

interface Sample {
  readonly triggerEvent: string;
  readonly payload: {
    readonly uid: string;
    readonly length: number;
    readonly [field: string]: unknown;
  };
}

const samples = {
  created: sample('BOOKING_CREATED'),
  rescheduled: sample('BOOKING_RESCHEDULED'),
  cancelled: sample('BOOKING_CANCELLED'),
};

function sample(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Sample;
}

/** The uid and the booker's address stand in several places of a sample: they are replaced in its text. */
function retold(
  { triggerEvent, payload }: Sample,
  call: DemoCall,
  { saidAt, changes }: { readonly saidAt: Instant; readonly changes?: object },
): string {
  const { uid, startAt: startTime, guest } = call;
  const endTime = endOf({ payload }, call);
  const dated = { triggerEvent, createdAt: saidAt, payload: { ...payload, startTime, endTime, ...changes } };
  return JSON.stringify(dated)
    .replaceAll(payload.uid, uid)
    .replaceAll(JSON.stringify(sampleGuest), JSON.stringify(guest));
}

function endOf({ payload }: Pick<Sample, 'payload'>, { startAt }: DemoCall): Instant {
  return startAt.add({ minutes: payload.length });
}
