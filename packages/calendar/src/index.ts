// @precall/calendar: everything public, by hand.
export { calendarFeed } from './calendar-feed.ts';
export { type CalendarCall, calendarFile, type FileFor } from './calendar-file.ts';
export { calendarFiles } from './calendar-files.ts';
