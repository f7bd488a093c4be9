import {
  ArtifactError,
  defineModel,
  schemaOf,
  sliceRows,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { LightgbmError, TreeModel } from '@hemline/lightgbm/scoring';
import { Attributes } from './attributes.ts';
import type { FittedParts } from './fit.ts';
import { DISCOUNT_LEVELS, Forecaster } from './forecaster.ts';
import { RETURN_TREES_PRESETS, returnTreesHyperparameters } from './hyperparameters.ts';
import { ItemStates } from './item-states.ts';
import { plannedWeeks } from './planned-weeks.ts';

/** Trees over what was known of each item. */
class ReturnRateTrees implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly insights: Readonly<Record<string, Batch>>;
  readonly #parts: FittedParts;
  readonly #forecaster: Forecaster;

  constructor(parts: FittedParts) {
    this.metrics = parts.metrics;
    this.insights = { ...parts.insights };
    this.#parts = parts;
    this.#forecaster = new Forecaster(
      parseTrees(parts.text),
      parts.attributes,
      parts.states,
      parts.leadWeeks,
    );
  }

  async *predict({ cutoff, items, scenarios, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    const planned = plannedWeeks(items, scenarios, cutoff, this.#parts.leadWeeks);
    for (let start = 0; start < items.length; start += batchRows) {
      throwIfAborted(signal);
      const end = Math.min(items.length, start + batchRows);
      yield this.#forecaster.forecast(sliceRows(items, start, end), cutoff, {
        discount: planned.discount.subarray(start, end),
        price: planned.price.subarray(start, end),
      });
    }
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    const { text, attributes, states, insights, leadWeeks, metrics } = this.#parts;
    await artifact.writeJson('model', { leadWeeks, metrics });
    await artifact.writeBytes('trees', new TextEncoder().encode(text));
    await attributes.save(artifact);
    await states.save(artifact);
    await artifact.writeTable('importance', insights.importance);
    await artifact.writeTable('effects', insights.effects);
  }

  static async load(artifact: ArtifactReader): Promise<ReturnRateTrees> {
    const { leadWeeks, metrics } = (await artifact.readJson('model')) as Pick<
      FittedParts,
      'leadWeeks' | 'metrics'
    >;
    return new ReturnRateTrees({
      leadWeeks,
      metrics,
      text: new TextDecoder().decode(await artifact.readBytes('trees')),
      attributes: await Attributes.load(artifact),
      states: await ItemStates.load(artifact),
      insights: {
        importance: await artifact.readTable('importance'),
        effects: await artifact.readTable('effects'),
      },
    });
  }

  dispose(): void {}
}

function parseTrees(text: string): TreeModel {
  try {
    return TreeModel.parse(text);
  } catch (error) {
    if (!(error instanceof LightgbmError)) throw error;
    throw new ArtifactError('the saved trees are damaged', {
      found: error.message,
      where: { file: 'trees' },
      remedy: 'Train the model again.',
      cause: error,
    });
  }
}

/** What share of the units sold comes back, by trees on weekly cohorts. */
export default defineModel({
  name: 'return-rate-trees',
  version: 1,
  quantity: 'return-rate',
  description:
    'Return rate: gradient-boosted trees on weekly cohorts, with a likelihood that knows returns to be still arriving.',
  engines: ['lightgbm'],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters: returnTreesHyperparameters,
  presets: RETURN_TREES_PRESETS,
  inputs: {
    fit: {
      weekly: {
        required: ['article', 'market', 'week'],
        optional: ['sales', 'demand', 'discount', 'blackPrice', 'uncensored'],
      },
      returns: { required: ['article', 'market', 'saleWeek', 'returnWeek', 'units'] },
      articles: {
        required: [],
        optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
        covariates: true,
      },
      markets: { required: [], optional: ['market'], covariates: true },
    },
    predict: {},
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    {
      name: 'returnRate',
      type: 'float64',
      description: 'share of the units sold that comes back, at the planned (else the last) discount',
    },
    ...DISCOUNT_LEVELS.map(
      ({ discount, column }) =>
        ({ name: column, type: 'float64', description: `the same at a discount of ${discount}` }) as const,
    ),
    {
      name: 'support',
      type: 'float64',
      description: 'units sold of the article itself in this market, young ones counted by their maturity',
    },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'finest level with units sold: article, article in other markets, group, market or all',
    },
  ),
  trainingMetrics: ['logLoss', 'trees', 'returnRate', 'correlation', 'cohorts'],
  async fit(job, tables, hyperparameters) {
    // Only training needs LightGBM's library, or the package that calls it.
    const { fit } = await import('./fit.ts');
    return new ReturnRateTrees(await fit(job, tables, hyperparameters));
  },
  load: (artifact) => ReturnRateTrees.load(artifact),
});
