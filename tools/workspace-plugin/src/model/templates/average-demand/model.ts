import {
  defineModel,
  float64Column,
  scenarioRows,
  schemaOf,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { ARTICLE_HIERARCHY, ShrunkAverages } from '@hemline/features';
import { DiscountLift } from './discount-lift.ts';
import { estimateDemand, type EstimatedDemand } from './estimate-demand.ts';
import { hyperparameters } from './hyperparameters.ts';

/** Demand = level of the series × lift of the discount, in every week ahead. */
class TemplateName implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #estimated: EstimatedDemand;

  constructor(estimated: EstimatedDemand) {
    this.#estimated = estimated;
    this.metrics = { overall: estimated.levels.overall };
  }

  async *predict({ items, scenarios, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    const { levels, lift } = this.#estimated;
    const { value, support } = levels.lookup(items);
    for (const { rows, item } of scenarioRows(items, scenarios, batchRows)) {
      throwIfAborted(signal);
      const discounts = rows.floats('discount');
      const demand = Float64Array.from(
        item,
        (one, row) => Math.max(0, value[one] ?? levels.overall) * lift.at(discounts[row]!),
      );
      yield rows.with({
        demand: float64Column(demand),
        support: float64Column(Float64Array.from(item, (one) => support[one] ?? 0)),
      });
    }
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('lift', this.#estimated.lift.toJson());
    await this.#estimated.levels.save(artifact, 'levels');
  }

  static async load(artifact: ArtifactReader): Promise<TemplateName> {
    const lift = DiscountLift.parse(await artifact.readJson('lift'));
    return new TemplateName({
      lift,
      levels: await ShrunkAverages.load(artifact, 'levels', ARTICLE_HIERARCHY),
    });
  }

  dispose(): void {}
}

/** template description */
export default defineModel({
  name: 'template-name',
  version: 1,
  quantity: 'demand',
  description: 'template description',
  engines: [],
  capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: null },
  hyperparameters,
  presets: { tiny: {} },
  inputs: {
    fit: {
      weekly: {
        required: ['article', 'market', 'week', 'demand', 'discount'],
        optional: ['uncensored'],
      },
      articles: { required: [], optional: ['article', 'group'] },
    },
    predict: {},
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'discount', type: 'float64', description: 'share of the black price' },
    { name: 'demand', type: 'float64', description: 'expected units in the week' },
    {
      name: 'support',
      type: 'float64',
      description: 'weeks of the series itself, older ones counted less; 0: its group alone',
    },
  ),
  trainingMetrics: ['overall'],
  async fit(job, tables, { halfLifeWeeks }) {
    return new TemplateName(await estimateDemand(job, tables, halfLifeWeeks));
  },
  load: (artifact) => TemplateName.load(artifact),
});
