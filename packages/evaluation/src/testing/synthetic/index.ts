export { SeededRandom } from './random.ts';
export type { SyntheticOptions } from './market.ts';
export { cut, syntheticTables, SyntheticTables } from './tables.ts';
