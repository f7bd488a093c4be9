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
import { panelRecipe, QUANTILES } from '@hemline/features';
import { TREE_CURVES } from './curve-table.ts';
import { plannedFeatures } from './dataset-columns.ts';
import type { FittedParts } from './fit.ts';
import { forecastCurves, forecastGrid, forecastPlanned } from './forecast.ts';
import { DEMAND_TREES_PRESETS, demandTreesHyperparameters } from './hyperparameters.ts';
import { loadParts, saveParts } from './saved-parts.ts';

/** Trees, with all that brings a dataset into the form they have learnt. */
class DemandTrees implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #parts: FittedParts;

  constructor(parts: FittedParts) {
    this.metrics = parts.metrics;
    this.#parts = parts;
  }

  async *predict(request: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    const { scenarios } = request;
    if (scenarios.kind === 'grid') yield* forecastGrid(this.#parts, request, scenarios);
    else yield* forecastPlanned(this.#parts, request, scenarios);
  }

  async *curves(request: CurveRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    yield* forecastCurves(this.#parts, request);
  }

  save(artifact: ArtifactWriter): Promise<void> {
    return saveParts(this.#parts, artifact);
  }

  static async load(artifact: ArtifactReader): Promise<DemandTrees> {
    return new DemandTrees(await loadParts(artifact));
  }

  /** There is nothing that is not garbage-collected. */
  dispose(): void {}
}

const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  weekly: {
    required: ['article', 'market', 'week', 'demand'],
    optional: ['sales', 'uncensored', 'discount', 'blackPrice', 'stock'],
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

/** Demand as a function of the discount, by gradient-boosted trees over all series. */
export default defineModel({
  name: 'demand-trees',
  version: 1,
  quantity: 'demand',
  description: 'Demand as a monotone function of the discount: gradient-boosted trees over all series.',
  engines: ['lightgbm'],
  capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: 26, holdsOut: true },
  hyperparameters: demandTreesHyperparameters,
  presets: DEMAND_TREES_PRESETS,
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
      description: 'known weeks that the level of the series rests on; 0: its attributes alone',
    },
  ),
  quantiles: QUANTILES,
  curves: TREE_CURVES,
  trainingMetrics: ['loss', 'demandError', 'heldOutWeeks', 'trees', 'examples'],
  features: panelRecipe(plannedFeatures),
  async fit(job, tables, hyperparameters) {
    throwIfAborted(job.signal);
    const { fit } = await import('./fit.ts');
    return new DemandTrees(await fit(job, tables, hyperparameters, (parts) => new DemandTrees(parts)));
  },
  load: (artifact) => DemandTrees.load(artifact),
});
