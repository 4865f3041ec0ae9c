// @precall/adapter-agenda: everything public, by hand.
export { type AgendaSchedulerOptions, createAgendaScheduler } from './agenda-scheduler.ts';
