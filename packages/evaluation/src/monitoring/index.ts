export { type ChangeWindows } from './change-test.ts';
export { DataDrift, type DataRow, type FeatureDrift } from './data-drift.ts';
export { DemandMonitor, type MonitoredRow } from './demand-monitor.ts';
export { DemandAtDiscount } from './demand-at-discount.ts';
export { ErrorDrift, type ComparedRow, type SegmentDrift } from './error-drift.ts';
export { ALARM_LEVEL, type AlarmLevel } from './finding.ts';
export { articleGroup } from './ratio-panel.ts';
