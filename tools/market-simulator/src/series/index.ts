export * from './series-parameters.ts';
export * from './series-record.ts';
export * from './simulate-series.ts';
