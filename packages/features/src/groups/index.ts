export * from './group-totals.ts';
export * from './group-weeks.ts';
