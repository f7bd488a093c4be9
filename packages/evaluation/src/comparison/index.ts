export {
  comparePaired,
  type ComparisonOptions,
  type PairedComparison,
  type Verdict,
} from './paired-comparison.ts';
export {
  findHopeless,
  type Contender,
  type Elimination,
  type EliminationOptions,
} from './successive-elimination.ts';
