import {
  defineModel,
  schemaOf,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type FittedModel,
  type ForecastRequest,
  type TableInput,
  type TableName,
} from '@hemline/core';
import { panelDataOf, panelRecipe } from '@hemline/features';
import { Learner } from '../trees/learner.ts';
import { featureSet } from './features.ts';
import { forecast, type FittedParts } from './forecast.ts';
import { hyperparameters, PRESETS } from './hyperparameters.ts';
import { Inputs } from './inputs.ts';
import { readExamples } from './read-examples.ts';

/** Demand relative to the level of a series, as a function of its features and of the discount. */
class TemplateName implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly #parts: FittedParts;

  constructor(parts: FittedParts) {
    this.#parts = parts;
    this.metrics = { ...parts.learner.metrics, overall: parts.overall };
  }

  predict(request: ForecastRequest): AsyncGenerator<Batch> {
    return forecast(this.#parts, request);
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    const { inputs, learner, overall } = this.#parts;
    await artifact.writeJson('model', { inputs: inputs.toJson(), overall });
    await learner.save(artifact, 'demand');
  }

  static async load(artifact: ArtifactReader): Promise<TemplateName> {
    const { inputs, overall } = (await artifact.readJson('model')) as { inputs: unknown; overall: number };
    const learner = await Learner.load(artifact, 'demand', 'log');
    return new TemplateName({ inputs: Inputs.parse(inputs), learner, overall });
  }

  dispose(): void {
    this.#parts.learner.dispose();
  }
}

const INPUTS: Partial<Readonly<Record<TableName, TableInput>>> = {
  weekly: {
    required: ['article', 'market', 'week', 'demand', 'discount'],
    optional: ['uncensored'],
    covariates: true,
  },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
};

/** template description */
export default defineModel({
  name: 'template-name',
  version: 1,
  quantity: 'demand',
  description: 'template description',
  engines: ['lightgbm'],
  capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: null },
  hyperparameters,
  presets: PRESETS,
  inputs: { fit: INPUTS, predict: INPUTS },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'discount', type: 'float64', description: 'share of the black price' },
    { name: 'demand', type: 'float64', description: 'expected units in the week' },
    {
      name: 'support',
      type: 'float64',
      description: 'observed weeks of the series itself; 0: its group alone',
    },
  ),
  trainingMetrics: ['loss', 'trees', 'overall'],
  features: panelRecipe(featureSet),
  async fit(job, tables, settings) {
    const inputs = Inputs.of(panelDataOf(tables));
    const { examples, overall } = await readExamples(job, tables, inputs, settings);
    const learner = await Learner.fit(job, examples, 'log', inputs.width - 1, settings);
    return new TemplateName({ inputs, learner, overall });
  },
  load: (artifact) => TemplateName.load(artifact),
});
