import {
  Batch,
  dateColumn,
  defineModel,
  float64Column,
  schemaOf,
  stringColumn,
  throwIfAborted,
  UnsupportedError,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { z } from 'zod';

/** Demand of each item as an exponential curve of the discount with a season: as cheap as a demand function can be. */
class DemandCurves implements FittedModel {
  readonly metrics = {};

  async *predict({ items, scenarios, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    if (scenarios.kind !== 'grid') throw new UnsupportedError('only grids are measured');
    const { weeks, discounts } = scenarios;
    const article = items.strings('article');
    const market = items.strings('market');
    const season = Float64Array.from(weeks, (week) => 1 + 0.2 * Math.sin((2 * Math.PI * week) / 365.25));
    const perItem = weeks.length * discounts.length;
    const itemsPerBatch = Math.max(1, Math.floor(batchRows / perItem));
    for (let first = 0; first < items.length; first += itemsPerBatch) {
      throwIfAborted(signal);
      const count = Math.min(itemsPerBatch, items.length - first);
      const length = count * perItem;
      const articles = new Int32Array(length);
      const markets = new Int32Array(length);
      const week = new Int32Array(length);
      const discount = new Float64Array(length);
      const demand = new Float64Array(length);
      for (let item = first, row = 0; item < first + count; item++) {
        // Any spread of parameters will do; it only has to be the same every time.
        const spread = (Math.imul(item + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
        const base = Math.exp(3 * spread);
        const elasticity = 1 + 3 * ((spread * 7919) % 1);
        const curve = discounts.map((level) => base * Math.exp(elasticity * level));
        const stop = row + perItem;
        articles.fill(article.values[item]!, row, stop);
        markets.fill(market.values[item]!, row, stop);
        for (let w = 0; w < weeks.length; w++) {
          week.fill(weeks[w]!, row, row + discounts.length);
          discount.set(discounts, row);
          for (let d = 0; d < discounts.length; d++) demand[row++] = curve[d]! * season[w]!;
        }
      }
      yield new Batch({
        article: stringColumn(articles, article.dictionary),
        market: stringColumn(markets, market.dictionary),
        week: dateColumn(week),
        discount: float64Column(discount),
        demand: float64Column(demand),
      });
    }
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {}
}

/** What the machinery costs when the model costs nothing. */
export default defineModel({
  name: 'demand-curve-benchmark',
  version: 1,
  quantity: 'demand',
  description: 'Demand from a curve: measures everything around a model.',
  engines: [],
  capabilities: { trains: false, monotoneIn: ['discount'], maximumHorizon: null },
  hyperparameters: z.object({}),
  presets: { tiny: {} },
  inputs: { fit: {}, predict: {} },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'discount', type: 'float64' },
    { name: 'demand', type: 'float64', description: 'units in the week' },
  ),
  trainingMetrics: [],
  fit: () => Promise.resolve(new DemandCurves()),
  load: () => Promise.resolve(new DemandCurves()),
});
