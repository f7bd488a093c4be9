export * from './job-facts.ts';
export * from './telemetry.ts';
export * from './metric-line.ts';
export * from './embedded-metric.ts';
