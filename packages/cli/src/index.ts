// @precall/cli: everything public, by hand.
export type { Diagnosis, PartName, PartReport } from './diagnosis.ts';
export { type DoctorOptions, examine } from './doctor.ts';
