export * from './engine-pins.ts';
export * from './engine-record.ts';
export * from './places.ts';
export * from './setup-error.ts';
export * from './stage-engines.ts';
export * from './stage-page.ts';
