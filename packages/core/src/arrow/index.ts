export * from './to-arrow.ts';
export * from './from-arrow.ts';
export { arrowTimeZones } from './time-zones.ts';
