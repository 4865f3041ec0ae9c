// Every configured part against the real thing.
import { type Clock, defaultPolicy } from '@precall/core';
import type { PartSettings } from '@precall/node';
import { askCalcom, askCalendar, askCrm, askMail, askStore, askTexting } from './ask-parts.ts';
import { asked, type Diagnosis, diagnosisOf, notAsked } from './diagnosis.ts';
import { pingWebhook } from './ping-webhook.ts';
import { askTexts } from './texts-of.ts';
import { zoneFaults } from './time-zones.ts';

/** What is configured, and where the webhook stands. */
export interface DoctorOptions {
  /** As `readPartSettings` of @precall/node gives them when it told no fault. */
  readonly settings: PartSettings;
  /** The whole address of a mounted webhook; null: it is not pinged. */
  readonly url: string | null;
  readonly clock: Clock;
}

/** No mail is sent, no contact written, no booking made; of MongoDB's indexes those that are missing are made. Never rejects. */
export async function examine({ settings, url, clock }: DoctorOptions): Promise<Diagnosis> {
  const { calcom, mail, mongodbUri, businessTimeZone } = settings;
  const secret =
    'unsigned' in calcom
      ? 'none: ANYBODY who reaches the host can book and cancel'
      : `${calcom.secrets.length === 1 ? 'one' : calcom.secrets.length}, long enough`;
  const zone = `dates in the CRM in ${businessTimeZone ?? "the organizer's zone"}, zone data ${process.versions.tz}`;
  return diagnosisOf(
    await Promise.all([
      asked('secret', secret, []),
      askCalcom(settings.calcomApi, clock),
      askCrm(settings, clock),
      askMail(mail, clock),
      askTexting(settings, clock),
      askCalendar(settings.googleCalendar, clock),
      askTexts(defaultPolicy, settings, clock),
      askStore(mongodbUri),
      asked('time zones', zone, zoneFaults()),
      url === null
        ? notAsked('webhook', 'give --url to have it pinged')
        : pingWebhook(url, calcom).then((faults) => asked('webhook', `a signed PING to ${url}`, faults)),
    ]),
  );
}
