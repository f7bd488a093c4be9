export { EarlyStopping, type EarlyStoppingOptions, type Evaluation } from './early-stopping.ts';
export {
  train,
  type CustomMetric,
  type CustomObjective,
  type IterationEvent,
  type TrainOptions,
} from './train.ts';
