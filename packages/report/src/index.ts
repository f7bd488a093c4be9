export { renderReport, writeReport, type WrittenReport } from './write-report.ts';
export { readSource, type RunContext } from './source/read-source.ts';
export type { ReportSource } from './source/report-source.ts';
export type { MetricLimit } from './source/version-facts.ts';
