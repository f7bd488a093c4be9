import {
  ArtifactError,
  Batch,
  defineModel,
  float64Column,
  schemaOf,
  sliceRows,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { ShrunkAverages } from '@hemline/features';
import { RESIDUAL_HIERARCHY, withClearanceAge } from './age-buckets.ts';
import { estimateValues } from './estimate-values.ts';
import { residualValueHyperparameters } from './hyperparameters.ts';

/** Name of the artifact's entries. */
const ENTRY = 'residual-values';

/** Averages by group, season, age, article and market; a forecast looks the item up. */
class ResidualValueAverage implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #values: ShrunkAverages;
  readonly #bucketWeeks: number;

  constructor(values: ShrunkAverages, bucketWeeks: number) {
    this.#values = values;
    this.#bucketWeeks = bucketWeeks;
    this.metrics = { residualValue: values.overall };
  }

  async *predict({ items, cutoff, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    for (let start = 0; start < items.length; start += batchRows) {
      throwIfAborted(signal);
      const some = withClearanceAge(sliceRows(items, start, start + batchRows), cutoff, this.#bucketWeeks);
      const { value, support, supportLevel } = this.#values.lookup(some);
      yield new Batch({
        article: some.strings('article'),
        market: some.strings('market'),
        // A unit that was cleared above its black price is no promise that others will be.
        residualValue: float64Column(value.map((share) => Math.min(1, Math.max(0, share)))),
        support: float64Column(support),
        supportLevel,
      });
    }
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('hyperparameters', { ageBucketWeeks: this.#bucketWeeks });
    await this.#values.save(artifact, ENTRY);
  }

  static async load(artifact: ArtifactReader): Promise<ResidualValueAverage> {
    const saved = residualValueHyperparameters.safeParse(await artifact.readJson('hyperparameters'));
    if (!saved.success)
      throw new ArtifactError('the saved hyperparameters cannot be read', { cause: saved.error });
    const values = await ShrunkAverages.load(artifact, ENTRY, RESIDUAL_HIERARCHY);
    return new ResidualValueAverage(values, saved.data.ageBucketWeeks);
  }

  dispose(): void {}
}

/** What a unit is worth after the season, as averages shrunk through group, season and age. */
export default defineModel({
  name: 'residual-value-average',
  version: 1,
  quantity: 'residual-value',
  description: 'Residual value as a share of black price: averages shrunk through group, season and age.',
  engines: [],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters: residualValueHyperparameters,
  presets: { tiny: {} },
  inputs: {
    fit: {
      clearance: { required: ['article', 'market', 'week', 'units', 'value', 'blackPrice'] },
      articles: { required: [], optional: ['article', 'group', 'season', 'launchWeek'] },
    },
    predict: {},
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'residualValue', type: 'float64', description: 'worth of a unit / its black price' },
    {
      name: 'support',
      type: 'float64',
      description:
        'units of the article itself cleared in this market at this age; 0: the value is of others',
    },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'where the value comes from: item, article, age, season, group or all',
    },
  ),
  trainingMetrics: ['residualValue'],
  async fit(job, tables, { ageBucketWeeks }) {
    return new ResidualValueAverage(await estimateValues(job, tables, ageBucketWeeks), ageBucketWeeks);
  },
  load: (artifact) => ResidualValueAverage.load(artifact),
});
