export * from './days-by-week.ts';
export * from './holiday-calendar.ts';
export * from './week-of-year.ts';
