export * from './filled-panel.ts';
export * from './panel-source.ts';
export * from './series-hash.ts';
