// Whether the calendar is there and may be written: one question, which changes nothing.
import { Err, Ok, type SchemaFault } from '@precall/core';
import type { Ask, Question } from './google-calls.ts';
import type { GoogleError, GoogleResult } from './google-error.ts';

/** Who may read events is told what they may do there; who may not, that there is no such calendar. */
export function probe(events: string): Question {
  return { method: 'GET', path: `${events}?maxResults=1&fields=accessRole` };
}

export async function findFaults(
  ask: Ask,
  { events, account }: { readonly events: string; readonly account: string },
): GoogleResult<readonly SchemaFault[]> {
  const answer = await ask(probe(events));
  if (answer.isErr()) return told(answer.error, account);
  const { accessRole } = Object(answer.value);
  if (accessRole === 'writer' || accessRole === 'owner') return Ok([]);
  const fault = 'The service account may see its events and not change them.';
  return Ok([{ where: 'Google Calendar', fault, cure: share(account) }]);
}

/** What Google says no to is a finding; an answer that could not be had is none. */
function told(error: GoogleError, account: string): Awaited<GoogleResult<readonly SchemaFault[]>> {
  const { of, status, words = [] } = error;
  const isRefused = status === 400 || status === 401;
  if (isRefused && (of === 'token' || status === 401))
    return Ok([
      {
        where: 'Google, service account',
        fault: `Google does not take its key (${status}${words.map((word) => `, ${word}`).join('')}).`,
        cure: "Make a new JSON key for the account in the Google Cloud console, and look whether this machine's clock is right.",
      },
    ]);
  if (words.some((word) => word === 'accessNotConfigured' || word === 'SERVICE_DISABLED'))
    return Ok([
      {
        where: 'Google, project',
        fault: "The Google Calendar API is not enabled in the service account's project.",
        cure: 'Enable it in the Google Cloud console, under APIs & Services, and ask again some minutes later.',
      },
    ]);
  if (status === 404)
    return Ok([
      {
        where: 'Google Calendar',
        fault: `There is ${noCalendar}.`,
        cure: `Copy the id from the calendar's settings, under Integrate calendar. ${share(account)}`,
      },
    ]);
  return Err(error);
}

const noCalendar = 'no calendar of this id, or it is not shared with the service account';

/** Of an answer that there is no such calendar: the reason says so, in words that lead to the cure. */
export function ofNoCalendar(error: GoogleError): GoogleError {
  return { ...error, reason: `${error.reason}: ${noCalendar}` };
}

function share(account: string): string {
  return `In the calendar's settings, under Share with specific people, give ${account} the right to make changes to events.`;
}
