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
import { scoreOf } from '../learned/link.ts';
import { INPUTS, LINK, QUANTITY, TARGETS } from '../item-return-rate/observations.ts';
import { Learner } from '../trees/learner.ts';
import { featuresOf } from './features.ts';
import { fit, type FittedTarget } from './fit.ts';
import { hyperparameters, PRESETS } from './hyperparameters.ts';
import { ItemAverages } from './item-averages.ts';
import { middleOf } from './make-examples.ts';

/** Averages of the items, and what was learnt of how items come to differ from them. */
class TemplateName implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #targets: readonly FittedTarget[];
  readonly #blockWeeks: number;

  constructor(targets: readonly FittedTarget[], blockWeeks: number) {
    this.#targets = targets;
    this.#blockWeeks = blockWeeks;
    this.metrics = targets[0]!.learner.metrics;
  }

  async *predict({ cutoff, items, batchRows, signal }: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(signal);
    const week = middleOf(cutoff, this.#blockWeeks);
    for (let start = 0; start < items.length; start += batchRows) {
      throwIfAborted(signal);
      const some = sliceRows(items, start, start + batchRows);
      const found = this.#targets.map(({ averages }) => averages.lookup(some));
      const values = this.#targets.map(({ learner }, target) => {
        const offset = found[target]!.own.map((value) => scoreOf(LINK, value));
        return learner.predict(featuresOf(some, found[target]!, week, LINK), offset);
      });
      yield new Batch({
        article: some.strings('article'),
        market: some.strings('market'),
        ...Object.fromEntries(
          TARGETS.map(({ column }, target) => [
            column,
            float64Column(values[target]!.map((value) => Math.max(0, value))),
          ]),
        ),
        support: float64Column(found[0]!.support),
        supportLevel: found[0]!.supportLevel,
      });
    }
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('model', { blockWeeks: this.#blockWeeks });
    for (const [target, { averages, learner }] of this.#targets.entries()) {
      await averages.save(artifact, `averages-${target}`);
      await learner.save(artifact, `corrections-${target}`);
    }
  }

  static async load(artifact: ArtifactReader): Promise<TemplateName> {
    const { blockWeeks } = (await artifact.readJson('model')) as { blockWeeks?: unknown };
    if (typeof blockWeeks !== 'number') throw new ArtifactError('the saved model is damaged');
    const targets: FittedTarget[] = [];
    for (const target of TARGETS.keys())
      targets.push({
        averages: await ItemAverages.load(artifact, `averages-${target}`),
        learner: await Learner.load(artifact, `corrections-${target}`, LINK),
      });
    return new TemplateName(targets, blockWeeks);
  }

  dispose(): void {
    for (const { learner } of this.#targets) learner.dispose();
  }
}

/** template description */
export default defineModel({
  name: 'template-name',
  version: 1,
  quantity: QUANTITY,
  description: 'template description',
  engines: ['lightgbm'],
  capabilities: { trains: true, monotoneIn: [], maximumHorizon: null },
  hyperparameters,
  presets: PRESETS,
  inputs: { fit: INPUTS, predict: {} },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    ...TARGETS.map(({ column, description }) => ({ name: column, type: 'float64', description }) as const),
    { name: 'support', type: 'float64', description: 'units of the item itself behind its average' },
    {
      name: 'supportLevel',
      type: 'string',
      description: 'where the average comes from: article, group, market or all',
    },
  ),
  trainingMetrics: ['loss', 'trees'],
  async fit(job, tables, settings) {
    return new TemplateName(await fit(job, tables, settings), settings.blockWeeks);
  },
  load: (artifact) => TemplateName.load(artifact),
});
