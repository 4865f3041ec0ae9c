// @precall/adapter-google-calendar: everything public, by hand.
export { createGoogleCalendar, type GoogleCalendarOptions } from './google-calendar.ts';
