import {
  Batch,
  defineModel,
  float64Column,
  schemaOf,
  sliceRows,
  throwIfAborted,
  type ArtifactWriter,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { fulfillmentCostHyperparameters } from './hyperparameters.ts';
import { UnitCosts } from './unit-costs.ts';

/** Averages by article, group and market; a forecast looks the item up. */
class FulfillmentCostAverage implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #costs: UnitCosts;

  constructor(costs: UnitCosts) {
    this.#costs = costs;
    this.metrics = { shippingCost: costs.shipping.overall, returnCost: costs.returning.overall };
  }

  async *predict({ items, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    for (let start = 0; start < items.length; start += batchRows) {
      throwIfAborted(signal);
      const some = sliceRows(items, start, start + batchRows);
      const { shipping, returning } = this.#costs.lookup(some);
      yield new Batch({
        article: some.strings('article'),
        market: some.strings('market'),
        shippingCost: float64Column(shipping.value),
        returnCost: float64Column(returning.value),
        support: float64Column(shipping.support),
        supportLevel: shipping.supportLevel,
      });
    }
  }

  save(artifact: ArtifactWriter): Promise<void> {
    return this.#costs.save(artifact);
  }

  dispose(): void {}
}

/** What shipping and returning one unit cost, as averages shrunk from article to group to market. */
export default defineModel({
  name: 'fulfillment-cost-average',
  version: 1,
  quantity: 'fulfillment-cost',
  description: 'Cost of shipping and of returning one unit: averages shrunk from article to group to market.',
  engines: [],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters: fulfillmentCostHyperparameters,
  presets: { tiny: {} },
  inputs: {
    fit: {
      fulfillment: {
        required: ['article', 'market', 'shippedUnits', 'shippingCost', 'returnedUnits', 'returnCost'],
      },
      articles: { required: [], optional: ['article', 'group'] },
    },
    predict: {},
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'shippingCost', type: 'float64', description: 'of one unit, in the currency of the data' },
    { name: 'returnCost', type: 'float64', description: 'of one unit, in the currency of the data' },
    {
      name: 'support',
      type: 'float64',
      description: 'units shipped of the article itself in this market; 0: the cost is that of others',
    },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'where the shipping cost comes from: article, group, market or all',
    },
  ),
  trainingMetrics: ['shippingCost', 'returnCost'],
  async fit(job, tables) {
    return new FulfillmentCostAverage(await UnitCosts.estimate(job, tables));
  },
  async load(artifact) {
    return new FulfillmentCostAverage(await UnitCosts.load(artifact));
  },
});
