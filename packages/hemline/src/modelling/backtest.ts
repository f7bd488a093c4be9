import {
  checkCutoff,
  checkHorizon,
  DataError,
  formatWeek,
  type ProgressEvent,
  type Week,
} from '@hemline/core';
import { backtest as backtestModel, type BacktestResult as Scores } from '@hemline/evaluation';
import { Home } from '@hemline/runs';
import {
  loadMembers,
  parseHyperparameters,
  peakMemoryBytes,
  tellPassedOver,
  withWholeFolder,
  type Dataset,
} from '@hemline/runtime';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import {
  openData,
  settingsText,
  weekOf,
  type DataOptions,
  type RecordOptions,
  type Settings,
  type WeekLike,
} from '../work-options.ts';
import { loadModel } from '../workspace.ts';

/** What a model is backtested on. */
export interface BacktestOptions extends DataOptions, RecordOptions {
  /** Last known week of each test. */
  readonly cutoffs: readonly WeekLike[];
  /** Weeks forecast after each cutoff, 8 by default. */
  readonly horizon?: number;
  readonly hyperparameters?: Settings;
  /** One of the model's presets, such as `tiny`. */
  readonly preset?: string;
  /** The model is trained with each; `[1]` by default. */
  readonly seeds?: readonly number[];
  /** Attribute of the items to score by as well, such as `market`. */
  readonly segment?: string;
}

/** Scores by cutoff and seed, their mean and spread. */
export interface BacktestResult extends Scores {
  readonly run: string;
}

/**
 * Scores a model at past cutoffs: trained on what was known then, forecasting what came. In this process.
 * @param model its name
 * @param options data, cutoffs, horizon, hyperparameters
 * @returns its scores
 * @throws HyperparameterError for values that the model does not take
 * @throws DataError when the data is not valid
 */
export async function backtest(model: string, options: BacktestOptions): Promise<BacktestResult> {
  const definition = await loadModel(model);
  const { preset, segment, descriptor, signal, seeds = [1] } = options;
  const horizon = checkHorizon(options.horizon ?? 8);
  const set = settingsText(options.hyperparameters);
  const { hyperparameters } = parseHyperparameters(definition, settingsText(set, preset));
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const cutoffs = options.cutoffs.map(weekOf);
  tellPassedOver(dataset, { warn: (text) => options.onNotice?.(text) });
  const telemetry = {
    info: (text: string) => options.onNotice?.(text),
    progress: (event: ProgressEvent) => options.onProgress?.('validate', event),
  };
  const work = (recorded: RecordedRun): Promise<BacktestResult> =>
    withWholeFolder(options.data, descriptor, { telemetry, signal }, async (scratch) =>
      score(scratch === null ? dataset : await openData({ data: scratch }), recorded),
    );
  const score = async (
    whole: Dataset,
    { run, step, recorder, watch }: RecordedRun,
  ): Promise<BacktestResult> => {
    await whole.validate({ signal, onProgress: (event) => options.onProgress?.('validate', event) });
    options.onDone?.('validate');
    const lastWeek = await whole.lastKnownWeek();
    for (const each of cutoffs) checkPast(each, lastWeek);
    const result = await backtestModel(definition, whole.tables, {
      ...{ cutoffs, horizon, hyperparameters, seeds, segment, signal },
      members: await loadMembers(definition),
      onProgress: (event) => options.onProgress?.(model, event),
    });
    for (const each of result.cutoffs)
      await recorder.addMetrics(`${formatWeek(each.cutoff)} #${each.seed}`, {
        ...each.metrics,
        rows: each.rows,
      });
    await recorder.addMetrics(step, result.mean);
    watch.onMemory(peakMemoryBytes());
    return { run, ...result };
  };
  const parameters = {
    ...{ cutoff: cutoffs.map(formatWeek).join(), horizon, seed: seeds.join(), segment, preset, descriptor },
  };
  return recordRun(home, { kind: 'backtest', model, dataset, parameters, set, record: options }, work);
}

/** What is forecast has to have come already. */
function checkPast(cutoff: Week, lastWeek: Week): void {
  checkCutoff(cutoff, lastWeek);
  if (cutoff > lastWeek)
    throw new DataError('a cutoff lies after the end of the data', {
      expected: `a week before ${formatWeek(lastWeek)}, the last one of the data`,
      found: formatWeek(cutoff),
      remedy: 'Choose an earlier cutoff, with weeks of data after it to compare forecasts with.',
    });
}
