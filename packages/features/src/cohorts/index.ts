export * from './cohort-counts.ts';
export * from './hazards.ts';
export * from './read-cohorts.ts';
export * from './return-time-hazard.ts';
export * from './return-times.ts';
