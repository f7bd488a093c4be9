export { conductExperiment, type ConductOptions, type ExperimentEnd } from './conduct-experiment.ts';
export {
  defineExperiment,
  experimentSchema,
  type Declaration,
  type DeclaredChampion,
  type Experiment,
} from './declaration.ts';
export { ExperimentFolder } from './experiment-folder.ts';
export { readOutcome, type ExperimentOutcome } from './experiment-result.ts';
export type { KnownModels } from './find-champion.ts';
export type { ExperimentWatch } from './fit-progress.ts';
export type { ExperimentPlace } from './places/experiment-place.ts';
export { machinePlace, type MachineOptions } from './places/machine-place.ts';
export { sageMakerPlace, type SageMakerPlaceOptions } from './places/sagemaker-place.ts';
export { planExperiment, type DecidedExperiment } from './plan-experiment.ts';
export { unitsOf, unitStep, type ExperimentPlan, type Unit } from './plan.ts';
export { promotionOf } from './promotion/promote-variant.ts';
export { readPromotion, writePromotion, type Promotion } from './promotion/promotion.ts';
export { rankVariants, type Dropped, type Ranking, type VariantStanding } from './rank-variants.ts';
export { parseExperiment, readExperiment } from './read-experiment.ts';
export {
  runExperiment,
  type ExperimentListener,
  type ExperimentOptions,
  type ExperimentResult,
} from './run-experiment.ts';
export { serveUnits } from './units/serve-units.ts';
export { UnitJournal, type UnitResult, type UnitScores } from './units/unit-journal.ts';
export { expandVariants, nameVariants, variantOf, type UnnamedVariant, type Variant } from './variant.ts';
