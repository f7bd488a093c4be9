export { BatchBuilder, type Cell } from './batch-builder.ts';
export type { ConformanceCheck } from './conformance/check.ts';
export { conformanceChecks } from './conformance/conformance-checks.ts';
export type { ConformanceOptions } from './conformance/subject.ts';
export { testModel } from './conformance/test-model.ts';
export { MemoryArtifact } from './memory-artifact.ts';
export { SeededRandom } from './synthetic/random.ts';
export type { SyntheticOptions } from './synthetic/market.ts';
export { cut, syntheticTables, SyntheticTables } from './synthetic/tables.ts';
