import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@hemline/runtime';
import {
  openMlflow,
  RunRecorder,
  readPrices,
  type MeasurementPlace,
  type RunFacts,
  pricesFile,
  type Home,
  urlOf,
} from '@hemline/runs';
import type { LocalRunResult, StepEvent } from '@hemline/workflow/local';
import { codeFacts } from '../runs/code-facts.ts';
import type { RunReport } from './run-report.ts';

const OUTCOMES = { complete: 'succeeded', fallback: 'degraded', incomplete: 'failed' } as const;

/** Where only prices are missing, the forecasts are whole, and of use to whoever prices, compares and reports. */
function outcomeOf({ summary }: LocalRunResult, report: RunReport): (typeof OUTCOMES)[RunReport['status']] {
  const isForecast = report.workflow === 'weekly' || report.workflow === 'inference';
  const quantities = new Map(report.models.map(({ quantity }) => [quantity, false]));
  for (const { quantity, forecast } of report.models) if (forecast !== null) quantities.set(quantity, true);
  const isWhole = isForecast && summary !== null && ![...quantities.values()].includes(false);
  return report.status === 'incomplete' && isWhole ? 'degraded' : OUTCOMES[report.status];
}

/** What a running step has said last. */
interface RunningStep {
  place: MeasurementPlace | null;
  readonly metrics: Record<string, number>;
  peakBytes: number;
}

/** Writes down what a run of a workflow does, while it does it. */
export class WorkflowRecord {
  readonly #recorder: RunRecorder;
  /** The first event that could not be written: told at the end, so that the run itself goes on. */
  #failure: unknown = null;
  /** What running steps have said last. */
  readonly #running = new Map<string, RunningStep>();

  private constructor(recorder: RunRecorder) {
    this.#recorder = recorder;
  }

  /**
   * Begins the record of a run, or goes on with it.
   * @param home where runs are kept
   * @param folder of the run
   * @param facts of the run
   * @returns the record
   */
  static async open(
    home: Home,
    folder: string,
    facts: {
      readonly run: string;
      readonly workflow: string;
      readonly dataset: Dataset;
      readonly parameters: Readonly<Record<string, string>>;
      readonly codeVersion: string;
      readonly resumed: boolean;
      /** MLflow tracking server. */
      readonly mlflow: string | undefined;
      /** What was started. */
      readonly command: readonly string[];
    },
  ): Promise<WorkflowRecord> {
    const known: RunFacts = {
      run: facts.run,
      kind: facts.workflow,
      command: facts.command,
      parameters: facts.parameters,
      code: { ...(await codeFacts()), version: facts.codeVersion },
      prices: await readPrices(pricesFile(home)),
    };
    const recorder = await RunRecorder.open(folder, known, openMlflow(folder, facts.mlflow));
    const { name, directory, fingerprint } = facts.dataset;
    if (!facts.resumed) await recorder.addInput({ name, url: urlOf(directory), fingerprint });
    return new WorkflowRecord(recorder);
  }

  /**
   * Takes what happened to a step. A small step is done by the run itself: it is told when it fails.
   * @param event of the executor
   */
  take(event: StepEvent): void {
    const { workflow, state, root } = event.step;
    const step = `${workflow}/${state}`;
    const recorder = this.#recorder;
    switch (event.kind) {
      case 'started':
        this.#running.set(step, { place: null, metrics: {}, peakBytes: 0 });
        return root === null ? undefined : this.#keep(recorder.stepStarted(step));
      case 'progress': {
        const { phase, done, total, unit } = event.progress;
        const running = this.#running.get(step);
        if (running !== undefined) running.place = { phase, done, total, unit };
        return;
      }
      case 'metric': {
        const running = this.#running.get(step);
        if (running !== undefined) running.metrics[event.name] = event.value;
        return this.#keep(recorder.measure(step, event.name, event.value, running?.place ?? undefined));
      }
      case 'memory': {
        const running = this.#running.get(step);
        if (running !== undefined) running.peakBytes = Math.max(running.peakBytes, event.peakBytes);
        return;
      }
      case 'finished':
        this.#conclude(step);
        return root === null ? undefined : this.#keep(recorder.stepFinished(step));
      case 'reused':
        return root === null
          ? undefined
          : this.#keep(recorder.stepSkipped(step, 'an earlier start of the run has finished it'));
      case 'failed': {
        this.#conclude(step);
        const log = root === null ? null : join(root, 'job.log');
        const error = new Error(event.reason.split('\nlog: ')[0]);
        return this.#keep(recorder.stepFailed(step, error, log !== null && existsSync(log) ? log : null));
      }
    }
  }

  /**
   * Ends the record with what came of the run.
   * @param result of the run
   * @param report of it
   */
  async finish(result: LocalRunResult, report: RunReport): Promise<void> {
    const recorder = this.#recorder;
    for (const each of report.models) {
      const { model, evaluation, registered, forecast, forecastBy, insteadOf, problems } = each;
      let fellBack = false;
      if (evaluation !== null)
        await recorder.addMetrics(
          `training/${model}: evaluate`,
          Object.fromEntries(Object.entries(evaluation.metrics).map(([name, value]) => [name, value ?? NaN])),
        );
      const found = result.summary?.models.find((each) => each.model === model);
      if (registered?.version !== null && registered !== null && found?.artifact !== undefined)
        await recorder.addVersion({
          model,
          role: 'trained',
          artifact: found.artifact,
          version: registered.version,
          trainedBy: report.run,
          status: registered.status as 'approved' | 'pending' | 'rejected' | null,
          reason: problems[0] ?? null,
        });
      if (forecastBy !== null) {
        await recorder.addVersion({
          model,
          role: 'forecast',
          artifact: forecastBy.artifact,
          version: forecastBy.version,
          trainedBy: forecastBy.run,
        });
        fellBack = insteadOf !== null || (report.workflow === 'weekly' && forecastBy.run !== report.run);
        if (fellBack)
          await recorder.stepFellBack(
            insteadOf === null ? `training/${model}: train` : `inference/${model}: forecast`,
            `${model} ${forecastBy.version}`,
            problems.join('; '),
          );
      }
      if (forecast !== null)
        await recorder.addOutput({
          name: model,
          step: `inference/${model}: ${insteadOf === null ? 'forecast' : 'stand-in forecast'}`,
          url: urlOf(forecast.directory),
          files: forecast.files,
          rows: forecast.rows,
          bytes: forecast.bytes,
        });
      // What it fell back for has been told with it.
      for (const problem of fellBack ? [] : problems) await recorder.addProblem(`${model}: ${problem}`);
    }
    if (report.recommendations !== null) {
      const { directory, files, rows, bytes, modelChoice } = report.recommendations;
      // A pricing of an earlier version does not tell it.
      if ((modelChoice ?? null) !== null) await recorder.addProblem(modelChoice!);
      const url = urlOf(directory);
      await recorder.addOutput({
        name: 'recommendations',
        step: 'inference/optimise',
        url,
        files,
        rows,
        bytes,
      });
    }
    for (const problem of [...report.problems, ...report.warnings]) await recorder.addProblem(problem);
    await recorder.finish(outcomeOf(result, report));
    if (this.#failure !== null) throw this.#failure;
  }

  /** Ends the record for now: somebody stopped the run, and it goes on when it is started again. */
  async interrupted(): Promise<void> {
    await this.#recorder.finish('interrupted');
  }

  /** Leaves the record open: the run broke off, and goes on when it is started again. */
  async close(): Promise<void> {
    await this.#recorder.close();
  }

  /** Tells what is known of an attempt once it has ended: its memory, and the last value of each metric. */
  #conclude(step: string): void {
    const { metrics, peakBytes } = this.#running.get(step) ?? { metrics: {}, peakBytes: 0 };
    this.#running.delete(step);
    if (Object.keys(metrics).length > 0) this.#keep(this.#recorder.addMetrics(step, metrics));
    if (peakBytes > 0) this.#keep(this.#recorder.stepMemory(step, peakBytes));
  }

  #keep(told: Promise<void>): void {
    told.catch((error: unknown) => (this.#failure ??= error));
  }
}
