import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@hemline/runtime';
import { RunRecorder, readPrices } from '@hemline/workflow';
import type { LocalRunResult, StepEvent } from '@hemline/workflow/local';
import type { Home } from '../home.ts';
import { codeFacts } from '../runs/code-facts.ts';
import { urlOf } from '../runs/record-run.ts';
import type { RunReport } from './run-report.ts';

const OUTCOMES = { complete: 'succeeded', fallback: 'degraded', incomplete: 'failed' } as const;

/** Writes down what a run of a workflow does, while it does it. */
export class WorkflowRecord {
  readonly #recorder: RunRecorder;
  /** The first event that could not be written: told at the end, so that the run itself goes on. */
  #failure: unknown = null;

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
    },
  ): Promise<WorkflowRecord> {
    const recorder = await RunRecorder.open(folder, {
      run: facts.run,
      kind: facts.workflow,
      command: ['hemline', ...process.argv.slice(2)],
      parameters: facts.parameters,
      code: { ...(await codeFacts()), version: facts.codeVersion },
      prices: await readPrices(process.env['HEMLINE_PRICES'] ?? join(home.directory, 'prices.json')),
    });
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
        return root === null ? undefined : this.#keep(recorder.stepStarted(step));
      case 'finished':
        return root === null ? undefined : this.#keep(recorder.stepFinished(step));
      case 'reused':
        return root === null
          ? undefined
          : this.#keep(recorder.stepSkipped(step, 'an earlier start of the run has finished it'));
      case 'failed': {
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
    for (const { model, evaluation, registered, forecast, forecastBy, problems } of report.models) {
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
        if (report.workflow === 'weekly' && forecastBy.run !== report.run)
          await recorder.stepFellBack(
            `training/${model}: train`,
            `${model} ${forecastBy.version}`,
            problems.join('; '),
          );
      }
      if (forecast !== null)
        await recorder.addOutput({
          name: model,
          step: `inference/${model}: forecast`,
          url: urlOf(forecast.directory),
          files: forecast.files,
          rows: forecast.rows,
          bytes: forecast.bytes,
        });
      for (const problem of problems) await recorder.addProblem(`${model}: ${problem}`);
    }
    for (const problem of [...report.problems, ...report.warnings]) await recorder.addProblem(problem);
    await recorder.finish(OUTCOMES[report.status]);
    if (this.#failure !== null) throw this.#failure;
  }

  /** Leaves the record open: the run was interrupted and goes on when it is started again. */
  async close(): Promise<void> {
    await this.#recorder.close();
  }

  #keep(told: Promise<void>): void {
    told.catch((error: unknown) => (this.#failure ??= error));
  }
}
