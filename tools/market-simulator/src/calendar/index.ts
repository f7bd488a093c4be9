export * from './holidays.ts';
export * from './seasons.ts';
export * from './market-calendar.ts';
