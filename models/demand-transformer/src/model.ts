import {
  defineModel,
  schemaOf,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type CurveRequest,
  type FittedModel,
  type ForecastRequest,
  type TableInput,
  type TableName,
} from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  DEMAND_CURVES,
  DemandHistory,
  OrdinalEncoder,
  panelRecipe,
  QUANTILES,
  ShrunkAverages,
  StandardScaler,
} from '@hemline/features';
import { loadTensorflow } from '@hemline/tensor';
import { loadColumns, plannedFeatures, saveColumns } from './dataset-columns.ts';
import { fit, type FittedParts } from './fit.ts';
import { FittedNetwork } from './fitted-network.ts';
import { forecastCurves, forecastGrid, forecastPlanned, type Forecaster } from './forecast.ts';
import { DEMAND_PRESETS, demandHyperparameters, type DemandHyperparameters } from './hyperparameters.ts';
import type { WindowShape } from './windows.ts';

/** A trained network with all that brings a dataset into the form it has learnt. */
class DemandTransformer implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #parts: FittedParts;
  readonly #hyperparameters: DemandHyperparameters;

  constructor(parts: FittedParts, hyperparameters: DemandHyperparameters) {
    this.metrics = parts.metrics;
    this.#parts = parts;
    this.#hyperparameters = hyperparameters;
  }

  async *predict(request: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    const { scenarios } = request;
    if (scenarios.kind === 'grid') yield* forecastGrid(this.#forecaster, request, scenarios);
    else yield* forecastPlanned(this.#forecaster, request, scenarios);
  }

  async *curves(request: CurveRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    yield* forecastCurves(this.#forecaster, request);
  }

  get #forecaster(): Forecaster {
    return { ...this.#parts, inferenceBatch: this.#hyperparameters.inferenceBatch };
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    const { columns, encoders, history, network, shape, spread, metrics } = this.#parts;
    await artifact.writeJson('model', { hyperparameters: this.#hyperparameters, shape, spread, metrics });
    await saveColumns(columns, artifact);
    await encoders.scaler.save(artifact, 'scaler');
    await encoders.categories.save(artifact, 'categories');
    await encoders.levels.save(artifact, 'levels');
    await history.save(artifact);
    await network.save(artifact);
  }

  static async load(artifact: ArtifactReader): Promise<DemandTransformer> {
    const saved = (await artifact.readJson('model')) as {
      readonly hyperparameters: unknown;
      readonly shape: WindowShape;
      readonly spread: readonly number[];
      readonly metrics: Record<string, number>;
    };
    const hyperparameters = demandHyperparameters.parse(saved.hyperparameters);
    const engine = await loadTensorflow();
    const parts: FittedParts = {
      columns: await loadColumns(artifact),
      encoders: {
        scaler: await StandardScaler.load(artifact, 'scaler'),
        categories: await OrdinalEncoder.load(artifact, 'categories'),
        levels: await ShrunkAverages.load(artifact, 'levels', ARTICLE_HIERARCHY),
      },
      history: await DemandHistory.load(artifact),
      network: await FittedNetwork.load(artifact, engine, hyperparameters),
      shape: saved.shape,
      spread: saved.spread,
      metrics: saved.metrics,
    };
    return new DemandTransformer(parts, hyperparameters);
  }

  dispose(): void {
    this.#parts.network.dispose();
  }
}

const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  weekly: {
    required: ['article', 'market', 'week', 'demand'],
    optional: ['sales', 'uncensored', 'discount', 'blackPrice'],
    covariates: true,
  },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
  sizes: { required: [], optional: ['article', 'market', 'week', 'size', 'sales', 'available'] },
};

/** Demand as a function of the discount, by one network over all series. */
export default defineModel({
  name: 'demand-transformer',
  version: 2,
  quantity: 'demand',
  description:
    'Demand as a monotone function of the discount: an encoder-decoder Transformer over all series.',
  engines: ['tensorflow'],
  capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: 26, holdsOut: true },
  hyperparameters: demandHyperparameters,
  presets: DEMAND_PRESETS,
  inputs: { fit: INPUTS, predict: INPUTS },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'discount', type: 'float64', description: 'share of the black price' },
    { name: 'demand', type: 'float64', description: 'expected units in the week' },
    ...QUANTILES.map(
      ({ column, share }) =>
        ({ name: column, type: 'float64', description: `${100 * share} % quantile of the units` }) as const,
    ),
    {
      name: 'support',
      type: 'float64',
      description: 'weeks of its own that the level of the series rests on; 0: its attributes alone',
    },
  ),
  quantiles: QUANTILES,
  curves: DEMAND_CURVES,
  trainingMetrics: [
    'loss',
    'heldOutLoss',
    'heldOutError',
    'unseenLoss',
    'heldOutWeeks',
    'series',
    'steps',
    'reduced',
  ],
  features: panelRecipe(plannedFeatures),
  async fit(job, tables, hyperparameters) {
    throwIfAborted(job.signal);
    const parts = await fit(job, tables, hyperparameters, async (cutoff, held) =>
      job.onHeldOut?.({ cutoff, fitted: new DemandTransformer(held, hyperparameters) }),
    );
    return new DemandTransformer(parts, hyperparameters);
  },
  load: (artifact) => DemandTransformer.load(artifact),
});
