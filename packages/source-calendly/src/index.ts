// @precall/source-calendly: everything public, by hand.
export { type CalendlySourceOptions, createCalendlySource } from './calendly-source.ts';
export { signCalendly } from './signature.ts';
