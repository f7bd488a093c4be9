export {
  defineExperiment,
  experimentSchema,
  type Declaration,
  type DeclaredChampion,
  type Experiment,
} from './declaration.ts';
export { readExperiment } from './read-experiment.ts';
export { expandVariants, nameVariants, variantOf, type UnnamedVariant, type Variant } from './variant.ts';
export { unitsOf, unitStep, type ExperimentPlan, type Unit } from './plan.ts';
export { UnitJournal, type UnitResult, type UnitScores } from './unit-journal.ts';
export { rankVariants, type Dropped, type Ranking, type VariantStanding } from './rank-variants.ts';
export {
  runExperiment,
  type ExperimentListener,
  type ExperimentOptions,
  type ExperimentResult,
} from './run-experiment.ts';
