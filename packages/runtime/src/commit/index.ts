export { type Provenance } from './provenance.ts';
export * from './manifest.ts';
export * from './output-commit.ts';
