export * from './week.ts';
