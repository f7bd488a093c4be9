import type { z } from 'zod';
import type { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import type { Tables } from '../tables/tables.ts';
import type { ArtifactReader, ArtifactWriter } from './artifact.ts';
import type { CurveRequest, ForecastCurves, ForecastRequest } from './forecast-request.ts';
import type { TrainingJob } from './job.ts';
import type { ModelInputs } from './model-inputs.ts';
import type { PanelRecipeMaker } from './panel-recipe.ts';
import type { QuantityName } from './quantity.ts';

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
}

/** A model after `fit` or `load`. */
export interface FittedModel {
  /** Metrics of the fit, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What it has learnt, as small tables for people and reports: importances, effects. Written beside the scores. */
  readonly insights?: Readonly<Record<string, Batch>>;
  /**
   * Forecasts, in batches of at most `batchRows` rows, with the columns of the definition's `output`. For item-grain
   * quantities in the order of the items; for `planned` scenarios in the order of their rows.
   */
  predict(request: ForecastRequest): AsyncIterable<Batch>;
  /**
   * Forecasts as curves, in batches of at most `batchRows` rows, with the columns of the definition's `curves.output`. Of models
   * that declare curves, and of no others.
   */
  curves?(request: CurveRequest): AsyncIterable<Batch>;
  save(artifact: ArtifactWriter): Promise<void>;
  /** Frees what is not garbage-collected. May be called twice. */
  dispose(): void;
}

/** A column of forecasts that holds a quantile. */
export interface QuantileColumn {
  readonly column: string;
  /** Share of observations that are to be at most the forecast, in (0, 1). */
  readonly share: number;
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
  fit(job: TrainingJob, tables: Tables, hyperparameters: z.output<H>): Promise<FittedModel>;
  load(artifact: ArtifactReader): Promise<FittedModel>;
}

/** A model whose hyperparameters are not known by type: what the runtime and the evaluation work with. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `fit` is contravariant in H: only `any` takes every model
export type AnyModel = ModelDefinition<any>;

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
  return definition;
}
