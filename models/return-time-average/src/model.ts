import {
  Batch,
  boundBatches,
  defineModel,
  float64Column,
  int32Column,
  schemaOf,
  sliceRows,
  takeRows,
  throwIfAborted,
  type ArtifactWriter,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  ArticleAttributes,
  returnTimeHazard,
  ReturnTimes,
  returnTimeShares,
} from '@hemline/features';
import { returnTimeHyperparameters } from './hyperparameters.ts';

/** Name of the artifact's entries. */
const ENTRY = 'return-times';

/** Hazards by article, group and market; a forecast turns those of the item into shares. */
class ReturnTimeAverage implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #times: ReturnTimes;

  constructor(times: ReturnTimes) {
    this.#times = times;
    this.metrics = { meanWeeks: meanLag(times) };
  }

  async *predict(request: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    // An item's lags may be more rows than a batch may have: then they are cut.
    for await (const batch of boundBatches(this.#forecast(request), request.batchRows)) {
      throwIfAborted(request.signal);
      yield batch;
    }
  }

  async *#forecast({ items, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    const { width } = this.#times;
    const step = Math.max(1, Math.floor(batchRows / width));
    for (let start = 0; start < items.length; start += step) {
      throwIfAborted(signal);
      const some = sliceRows(items, start, start + step);
      const found = this.#times.lookup(some);
      const repeated = takeRows(
        new Batch({
          article: some.strings('article'),
          market: some.strings('market'),
          support: float64Column(found.support),
          supportLevel: found.supportLevel,
        }),
        Uint32Array.from({ length: some.length * width }, (_, row) => Math.floor(row / width)),
      );
      yield new Batch({
        article: repeated.column('article'),
        market: repeated.column('market'),
        lag: int32Column(Int32Array.from({ length: repeated.length }, (_, row) => row % width)),
        share: float64Column(found.share),
        support: repeated.column('support'),
        supportLevel: repeated.column('supportLevel'),
      });
    }
  }

  save(artifact: ArtifactWriter): Promise<void> {
    return this.#times.save(artifact, ENTRY);
  }

  dispose(): void {}
}

/** Weeks after the sale at which a unit that comes back is back, on average over everything. */
function meanLag(times: ReturnTimes): number {
  return returnTimeShares(times.overall).reduce((mean, share, lag) => mean + share * lag, 0);
}

/** When returned units are back, from hazards by cohort shrunk from article to group to market. */
export default defineModel({
  name: 'return-time-average',
  version: 1,
  quantity: 'return-time',
  description:
    'Weeks until a return is back: hazards of cohorts, right-censored, shrunk through a hierarchy.',
  engines: [],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters: returnTimeHyperparameters,
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
    { name: 'lag', type: 'int32', description: 'weeks from the sale until the unit is sellable again' },
    { name: 'share', type: 'float64', description: 'of the units that come back; an item’s sum to 1' },
    {
      name: 'support',
      type: 'float64',
      description: 'units returned of the article itself in this market; 0: the shares are those of others',
    },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'where the shares come from: article, group, market or all',
    },
  ),
  trainingMetrics: ['meanWeeks'],
  async fit(job, tables, { maximumLag }) {
    const { cutoff, signal, onProgress } = job;
    throwIfAborted(signal);
    const attributes = await ArticleAttributes.read(tables.find('articles'), ['group'], signal);
    const keys = ['article', 'market'];
    const reading = { cutoff, maximumLag, keys, attributes, signal, onProgress };
    return new ReturnTimeAverage(await returnTimeHazard(tables, ARTICLE_HIERARCHY, reading));
  },
  async load(artifact) {
    return new ReturnTimeAverage(await ReturnTimes.load(artifact, ENTRY, ARTICLE_HIERARCHY));
  },
});
