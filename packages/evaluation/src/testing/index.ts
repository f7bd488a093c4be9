export { BatchBuilder, type Cell } from './batch-builder.ts';
export * from './conformance/index.ts';
export { MemoryArtifact } from './memory-artifact.ts';
export * from './synthetic/index.ts';
