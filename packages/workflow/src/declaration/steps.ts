/** Which week a job knows last: the data's last, the one before the held-out weeks, or each of a backtest's. */
export type CutoffName = 'latest' | 'held-out' | 'each';

/** Writes the features that a model declares. */
export interface FeaturesStep {
  readonly kind: 'features';
  readonly cutoff: CutoffName;
}

/** Trains a model. */
export interface TrainStep {
  readonly kind: 'train';
  readonly cutoff: CutoffName;
}

/** Scores a trained model on the weeks after its cutoff. */
export interface EvaluateStep {
  readonly kind: 'evaluate';
  /** Name of the step that trained it. */
  readonly model: string;
  readonly cutoff: CutoffName;
}

/** Forecasts. */
export interface ForecastStep {
  readonly kind: 'forecast';
  /** Name of the step that trained the model, or `approved`: the latest approved version, read once an execution. */
  readonly model: string;
  readonly cutoff: CutoffName;
}

/** Checks a trained model against its requirements and registers it, approved or pending with the reason. */
export interface RegisterStep {
  readonly kind: 'register';
  /** Name of the step that trained it. */
  readonly model: string;
  /** Name of the step that scored it. It waits for the scores of all models: one may have to be better than another. */
  readonly scores: string;
}

/** A step that is done for every model. */
export type ModelStep = FeaturesStep | TrainStep | EvaluateStep | ForecastStep | RegisterStep;

/** A step of a model that is a job. */
export type ModelJobStep = Exclude<ModelStep, RegisterStep>;

/** Prices what all models have forecast: done once, when the set of forecasts is whole. Where no model forecasts demand the step does not exist. */
export interface OptimiseStep {
  readonly kind: 'optimise';
  /** Name of the step that forecasts. */
  readonly forecasts: string;
}

/** Any step of a workflow. */
export type WorkflowStep = ModelStep | OptimiseStep;

/** The model that a forecast takes when no step of the workflow trains one. */
export const APPROVED = 'approved';

/**
 * @param step its cutoff; features are of models that declare some, for others the step does not exist
 * @returns the step
 */
export const features = (step: Omit<FeaturesStep, 'kind'>): FeaturesStep => ({ kind: 'features', ...step });

/**
 * @param step its cutoff
 * @returns the step
 */
export const train = (step: Omit<TrainStep, 'kind'>): TrainStep => ({ kind: 'train', ...step });

/**
 * @param step which model, and from which week on
 * @returns the step
 */
export const evaluate = (step: Omit<EvaluateStep, 'kind'>): EvaluateStep => ({ kind: 'evaluate', ...step });

/**
 * @param step which model, and from which week on
 * @returns the step
 */
export const forecast = (step: Omit<ForecastStep, 'kind'>): ForecastStep => ({ kind: 'forecast', ...step });

/**
 * @param step which model, and its scores
 * @returns the step
 */
export const register = (step: Omit<RegisterStep, 'kind'>): RegisterStep => ({ kind: 'register', ...step });

/**
 * @param step which forecasts it prices
 * @returns the step
 */
export const optimise = (step: Omit<OptimiseStep, 'kind'>): OptimiseStep => ({ kind: 'optimise', ...step });

/**
 * The steps that each model does by itself, as jobs: the others wait for all models.
 * @param steps of a workflow, by name
 * @param hasFeatures whether the model declares features: for others there is nothing to write
 * @returns those of one model
 */
export function modelJobs(
  steps: Readonly<Record<string, WorkflowStep>>,
  hasFeatures: boolean,
): Readonly<Record<string, ModelJobStep>> {
  return Object.fromEntries(
    Object.entries(steps).filter(
      (entry): entry is [string, ModelJobStep] =>
        entry[1].kind !== 'register' &&
        entry[1].kind !== 'optimise' &&
        (entry[1].kind !== 'features' || hasFeatures),
    ),
  );
}

/**
 * The steps that a step waits for.
 * @param step of a workflow
 * @returns their names
 */
export function dependencies(step: WorkflowStep): readonly string[] {
  switch (step.kind) {
    case 'features':
    case 'train':
      return [];
    case 'evaluate':
    case 'forecast':
      return step.model === APPROVED ? [] : [step.model];
    case 'register':
      return [step.model, step.scores];
    case 'optimise':
      return [step.forecasts];
  }
}
