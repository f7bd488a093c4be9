export { DemandSegments } from './demand-segments.ts';
export { ItemSegments } from './item-segments.ts';
export type { SegmentRow } from './segment-row.ts';
