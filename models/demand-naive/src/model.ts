import {
  defineModel,
  schemaOf,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type Batch,
  type FittedModel,
  type ForecastRequest,
} from '@hemline/core';
import { forecastGrid, forecastPlanned } from './forecast-rows.ts';
import { naiveHyperparameters, type NaiveHyperparameters } from './hyperparameters.ts';
import { NaiveHistory } from './naive-history.ts';

/** There is nothing to fit: the model is its hyperparameters, and reads the history when it forecasts. */
class NaiveDemand implements FittedModel {
  readonly metrics = {};
  readonly #hyperparameters: NaiveHyperparameters;

  constructor(hyperparameters: NaiveHyperparameters) {
    this.#hyperparameters = hyperparameters;
  }

  async *predict(request: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    const history = await NaiveHistory.read(request, this.#hyperparameters);
    const { scenarios } = request;
    if (scenarios.kind === 'grid') yield* forecastGrid(request, scenarios, history);
    else yield* forecastPlanned(request, scenarios, history);
  }

  save(artifact: ArtifactWriter): Promise<void> {
    return artifact.writeJson('hyperparameters', this.#hyperparameters);
  }

  dispose(): void {}
}

/** What a naive forecaster would say: the past goes on, whatever the discount. */
export default defineModel({
  name: 'demand-naive',
  version: 1,
  quantity: 'demand',
  description:
    'Demand stays what it was: last value, same week of the last season, or mean of the last weeks.',
  engines: [],
  capabilities: { trains: false, monotoneIn: ['discount'], maximumHorizon: null },
  hyperparameters: naiveHyperparameters,
  presets: { tiny: {}, seasonal: { method: 'seasonal' }, mean: { method: 'mean' } },
  inputs: {
    fit: {},
    predict: {
      weekly: { required: ['article', 'market', 'week', 'demand'], optional: ['uncensored'] },
    },
  },
  output: schemaOf(
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'discount', type: 'float64', description: 'changes nothing here' },
    { name: 'demand', type: 'float64', description: 'units in the week' },
    {
      name: 'support',
      type: 'float64',
      description: 'observed weeks that the forecast rests on; 0: of other series',
    },
  ),
  trainingMetrics: [],
  async fit(job, _tables, hyperparameters) {
    throwIfAborted(job.signal);
    return new NaiveDemand(hyperparameters);
  },
  async load(artifact: ArtifactReader) {
    return new NaiveDemand(naiveHyperparameters.parse(await artifact.readJson('hyperparameters')));
  },
});
