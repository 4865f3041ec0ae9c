// @precall/source-calcom: everything public, by hand.
export { type CalcomApiOptions, createCalcomApi } from './calcom-api.ts';
export { type CalcomSourceOptions, createCalcomSource } from './calcom-source.ts';
export { signCalcom } from './signature.ts';
