export { DECISION_STATES, type DecisionState } from './decision-cells.ts';
export {
  DECISION_EVENTS,
  DECISIONS_SCHEMA,
  type DecisionEvent,
  type DecisionLineage,
  type SegmentFacts,
} from './decision-event.ts';
export type { DecisionLedger } from './decision-ledger.ts';
export type { WeekRange } from './decision-segments.ts';
export {
  DecisionStore,
  type AppendedDecisions,
  type AppendOptions,
  type DecisionConflict,
} from './decision-store.ts';
export { fixedPrices, type FixedPrices } from './fixed-prices.ts';
export { isSamePrice } from './same-price.ts';
export { CONFLICT_WORDS, type Verdict } from './verdict.ts';
