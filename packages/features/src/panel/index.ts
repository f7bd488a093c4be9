export * from './filled-panel.ts';
export * from './panel-source.ts';
export * from './request-panels.ts';
export * from './select-series.ts';
export * from './series-hash.ts';
