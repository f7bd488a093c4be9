import type { z } from 'zod';
import type { Schema } from '../batch/schema.ts';
import type { Tables } from '../tables/tables.ts';
import type { ArtifactReader, Checkpoints } from './artifact.ts';
import type { FittedModel } from './fitted-model.ts';
import type { ForecastCurves } from './forecast-request.ts';
import type { HeldOutFit, ProgressEvent } from './job.ts';
import type { ModelInputs } from './model-inputs.ts';
import type { PanelRecipeMaker } from './panel-recipe.ts';
import type { QuantityName } from './quantity.ts';
import type { Week } from '../weeks/week.ts';

/** Engines that an image may contain. */
export type Engine = 'tensorflow' | 'lightgbm';

/** What a model can do, as data. */
export interface ModelCapabilities {
  /** False for baselines that only remember their hyperparameters. */
  readonly trains: boolean;
  /** Inputs in which the forecast never falls as they rise. */
  readonly monotoneIn: readonly 'discount'[];
  /** Most weeks ahead; null where there is no limit. */
  readonly maximumHorizon: number | null;
  /**
   * Whether training holds the last weeks before the cutoff out first (to stop in time, to choose), and learns from everything
   * then: such a model tells its held-out fit by the job's `onHeldOut`.
   */
  readonly holdsOut?: boolean;
}

/** A column of forecasts that holds a quantile. */
export interface QuantileColumn {
  readonly column: string;
  /** Share of observations that are to be at most the forecast, in (0, 1). */
  readonly share: number;
}

/** What a model is told besides data and hyperparameters when it is trained. */
export interface TrainingJob {
  /** The last week the model may know. The tables hold nothing later. */
  readonly cutoff: Week;
  readonly seed: number;
  /** Raised when the job must stop: save a checkpoint, then throw InterruptedError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Reports a metric of the training, one that the model declares. */
  readonly onMetric?: (name: string, value: number) => void;
  readonly checkpoints?: Checkpoints;
  /** Definitions of the model's members and of theirs, by name; given to every model that declares members. */
  readonly members?: Members;
  /** Weeks that a model with the capability `holdsOut` is to hold out; where not given, as many as it finds right. */
  readonly heldOutWeeks?: number;
  /**
   * Takes the fit of a model with the capability `holdsOut` that has not learnt from the held-out weeks, before it goes on to learn
   * from everything. Called once, unless the data is too short to hold anything out. The weeks held out may have chosen among
   * what was learnt from the weeks before (when to stop, which of a handful of settings), and nothing else: their own values are
   * in none of the forecasts.
   */
  readonly onHeldOut?: (held: HeldOutFit) => Promise<void>;
}

/** A model: business logic only. Everything else is done by the runtime. */
export interface ModelDefinition<H extends z.ZodObject = z.ZodObject> {
  /** Kebab-case; the package's folder, the registry's key. */
  readonly name: string;
  /** Version of the artifact's format; raise it when old artifacts can no longer be loaded. */
  readonly version: number;
  readonly quantity: QuantityName;
  /** One sentence. */
  readonly description: string;
  /** Decides what the image contains; none for pure TypeScript. */
  readonly engines: readonly Engine[];
  readonly capabilities: ModelCapabilities;
  /** A flat object of strings, numbers, booleans and enums, every one with a default and a description. */
  readonly hyperparameters: H;
  /** Named sets of hyperparameters; `tiny` runs in seconds. */
  readonly presets: Readonly<Record<string, Partial<z.input<H>>>>;
  readonly inputs: ModelInputs;
  /** Columns of the forecasts: the quantity's key and values, then `support` and whatever else the model tells. */
  readonly output: Schema;
  /** Quantiles of demand among these columns, rising: the evaluation reports how many observations they cover. */
  readonly quantiles?: readonly QuantileColumn[];
  /** Where the model can tell its forecasts as functions of the discount: what they look like. */
  readonly curves?: ForecastCurves;
  /** Every metric that a training reports, while it runs or of its result: the platform is told to look for these. */
  readonly trainingMetrics: readonly string[];
  /** Features that the model reads, where it reads a panel: the step `features` writes them. */
  readonly features?: PanelRecipeMaker;
  /**
   * Names of the models that it is made of, of the same quantity. Models do not import each other: whoever runs the model loads
   * them by name (the package `@hemline/NAME`, a dependency in the package.json of the model), checks them
   * (`resolveMembers`), and hands their definitions over to `fit` and `load`.
   */
  readonly members?: readonly string[];
  fit(job: TrainingJob, tables: Tables, hyperparameters: z.output<H>): Promise<FittedModel>;
  /**
   * @param artifact what `save` has written
   * @param members definitions of the members and of theirs, by name; given to every model that declares members
   * @returns the fitted model
   */
  load(artifact: ArtifactReader, members?: Members): Promise<FittedModel>;
}

/** A model whose hyperparameters are not known by type: what the runtime and the evaluation work with. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `fit` is contravariant in H: only `any` takes every model
export type AnyModel = ModelDefinition<any>;

/** Definitions of models by name. */
export type Members = ReadonlyMap<string, AnyModel>;

/**
 * Declares a model; keeps the hyperparameters' types.
 * @param definition the model
 * @returns it
 * @throws TypeError when the definition contradicts itself
 */
export function defineModel<H extends z.ZodObject>(definition: ModelDefinition<H>): ModelDefinition<H> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.name))
    throw new TypeError(`model name ${definition.name} is not kebab-case`);
  for (const [preset, values] of Object.entries(definition.presets)) {
    const parsed = definition.hyperparameters.strict().safeParse(values);
    if (!parsed.success)
      throw new TypeError(`preset ${preset} of ${definition.name} is not valid: ${parsed.error.message}`);
  }
  for (const { column, share } of definition.quantiles ?? [])
    if (!definition.output.fields.some(({ name }) => name === column) || !(share > 0 && share < 1))
      throw new TypeError(`${column} of ${definition.name} is no column with a quantile in (0, 1): ${share}`);
  const { members = [] } = definition;
  const odd = members.find((name, at) => name === definition.name || members.indexOf(name) !== at);
  if (odd !== undefined)
    throw new TypeError(`${odd} is named as a member of ${definition.name} twice, or is itself`);
  return definition;
}
