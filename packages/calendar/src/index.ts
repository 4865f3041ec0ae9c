// @precall/calendar: everything public, by hand.
export { type CalendarCall, calendarFile, type FileFor } from './calendar-file.ts';
export { calendarFiles } from './calendar-files.ts';
