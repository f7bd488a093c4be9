export * from './discount-grid.ts';
