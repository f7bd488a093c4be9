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
import { ARTICLE_HIERARCHY, ShrunkAverages } from '@hemline/features';
import { estimateRates } from './estimate-rates.ts';
import { returnRateHyperparameters } from './hyperparameters.ts';

/** Name of the artifact's entries. */
const ENTRY = 'return-rates';

/** Averages by article, group and market; a forecast looks the item up. */
class ReturnRateAverage implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #rates: ShrunkAverages;

  constructor(rates: ShrunkAverages) {
    this.#rates = rates;
    this.metrics = { returnRate: rates.overall };
  }

  async *predict({ items, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    for (let start = 0; start < items.length; start += batchRows) {
      throwIfAborted(signal);
      const some = sliceRows(items, start, start + batchRows);
      const { value, support, supportLevel } = this.#rates.lookup(some);
      yield new Batch({
        article: some.strings('article'),
        market: some.strings('market'),
        // Few young units of which more came back than usual can be extrapolated to more than were sold.
        returnRate: float64Column(value.map((rate) => Math.min(1, Math.max(0, rate)))),
        support: float64Column(support),
        supportLevel,
      });
    }
  }

  save(artifact: ArtifactWriter): Promise<void> {
    return this.#rates.save(artifact, ENTRY);
  }

  dispose(): void {}
}

/** What share of the units sold comes back, as averages shrunk from article to group to market. */
export default defineModel({
  name: 'return-rate-average',
  version: 1,
  quantity: 'return-rate',
  description: 'Return rate: averages shrunk from article to group to market, corrected for open cohorts.',
  engines: [],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters: returnRateHyperparameters,
  presets: { tiny: {} },
  inputs: {
    fit: {
      weekly: { required: ['article', 'market', 'week'], optional: ['sales', 'demand'] },
      returns: { required: ['article', 'market', 'saleWeek', 'returnWeek', 'units'] },
      articles: { required: [], optional: ['article', 'group'] },
    },
    predict: {},
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'returnRate', type: 'float64', description: 'share of the units sold that comes back' },
    {
      name: 'support',
      type: 'float64',
      description: 'units sold of the article itself in this market, young ones counted by their maturity',
    },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'where the rate comes from: article, group, market or all',
    },
  ),
  trainingMetrics: ['returnRate'],
  async fit(job, tables, { maturityWeeks }) {
    return new ReturnRateAverage(await estimateRates(job, tables, maturityWeeks));
  },
  async load(artifact) {
    return new ReturnRateAverage(await ShrunkAverages.load(artifact, ENTRY, ARTICLE_HIERARCHY));
  },
});
