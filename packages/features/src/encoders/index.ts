export * from './ordinal-encoder.ts';
