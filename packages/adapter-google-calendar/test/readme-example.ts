import { createGoogleCalendar } from '@precall/adapter-google-calendar';
import type { Calendar } from '@precall/core';
import { createSystemClock } from '@precall/node';

export function googleCalendar(of: { calendarId: string; key: string; baseUrl?: string }): Calendar {
  return createGoogleCalendar({
    calendarId: of.calendarId, // such as abc@group.calendar.google.com
    key: of.key, // the text of the service account's JSON key
    clock: createSystemClock(),
    ...(of.baseUrl && { baseUrl: of.baseUrl }), // such as that of startGoogleCalendarStandIn of @precall/testing/stand-ins
  });
}
