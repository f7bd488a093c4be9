export { Dataset, setMaxThreads, type DatasetOptions } from './dataset.ts';
export { DatasetStream, type StreamOptions } from './dataset-stream.ts';
export type { Field } from './fields.ts';
export type { Columns, Matrix, NumericArray, NumericTable } from './numeric-table.ts';
