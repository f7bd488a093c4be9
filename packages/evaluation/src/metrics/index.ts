export { Coverage } from './coverage.ts';
export { CompensatedSum } from './compensated-sum.ts';
export { ErrorSums, type Metrics } from './error-sums.ts';
export { DemandScore, ShareScore, WeightedScore, type Score, type SegmentScore } from './scores.ts';
