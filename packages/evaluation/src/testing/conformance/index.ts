export type { ConformanceCheck } from './check.ts';
export { conformanceChecks } from './conformance-checks.ts';
export type { ConformanceOptions } from './subject.ts';
export { testModel } from './test-model.ts';
