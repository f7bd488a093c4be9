export { importDataset, type ImportOptions, type ImportSummary } from './import-dataset.ts';
export type { LineCount, LineCounts } from './lines/read-lines.ts';
export { importMapSchema, type ImportMap, type ImportMapInput } from './map/import-map.ts';
export { parseMap, readMap } from './map/read-map.ts';
export type { ReturnCount, ReturnCounts } from './tables/returns.ts';
export { guessMap, type GuessedMap } from './guess/guess-map.ts';
