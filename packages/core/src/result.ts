// The one Result type of Precall. Everybody imports it from core, so that an Ok made here is an Ok there.
export { Err, Ok, Result } from 'ts-results';
