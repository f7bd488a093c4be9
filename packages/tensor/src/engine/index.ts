export * from './load-tensorflow.ts';
