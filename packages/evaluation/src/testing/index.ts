export { BatchBuilder, type Cell } from './batch-builder.ts';
export type { ConformanceCheck } from './conformance/check.ts';
export type { ConformanceOptions } from './conformance/subject.ts';
export { conformanceChecks, testModel } from './conformance/test-model.ts';
export { MemoryArtifact } from './memory-artifact.ts';
export { MemoryCheckpoints } from './memory-checkpoints.ts';
export { SeededRandom } from './synthetic/random.ts';
export type { SyntheticOptions } from './synthetic/market.ts';
export { cut, syntheticTables, SyntheticTables } from './synthetic/tables.ts';
