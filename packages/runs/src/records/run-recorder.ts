import { join } from 'node:path';
import { DataError, HemlineError } from '@hemline/core';
import { replaceFile } from '../documents/durable-file.ts';
import { EVENTS_FILE, EventLog } from './event-log.ts';
import { RecordBuilder } from './fold-events.ts';
import { MeasurementLog } from './measurement-log.ts';
import { MEASUREMENTS_FILE, type MeasurementPlace } from './measurement.ts';
import type {
  Outcome,
  PriceTable,
  RunCode,
  RunEventBody,
  RunImage,
  RunInput,
  RunMetric,
  RunOutput,
  RunVersion,
  StepError,
} from './run-event.ts';
import type { RunMirror } from './run-mirror.ts';
import { claimRun } from './run-owner.ts';
import { thisProcess } from './run-process.ts';
import type { RunRecord } from './run-record.ts';

/** Name of the record in the folder of a run. */
export const RECORD_FILE = 'record.json';

/** What is known of a run when it begins. Of a run that is resumed only the code is read: the rest is on record. */
export interface RunFacts {
  readonly run: string;
  /** `train`, `forecast`, `weekly`, … */
  readonly kind: string;
  /** The command as it was typed. */
  readonly command?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly code: RunCode;
  /** For the estimate of the cost. */
  readonly prices?: PriceTable | null;
}

/** What a step runs on; by default this machine. */
export interface StepResources {
  readonly instanceType?: string;
  readonly instances?: number;
}

/** All but what names it may be left out. */
type Loose<T, K extends keyof T> = Pick<T, K> & Partial<T>;

/**
 * Writes down what a run does, while it does it: each event to `events.jsonl`, on disk when the method's promise resolves; and
 * all of them folded to `record.json`, replaced whole. Killed at any moment, the run loses nothing that was told; opened again
 * it goes on. Methods may be called without waiting: events keep the order of the calls.
 *
 * ```ts
 * const recorder = await RunRecorder.open(directory, { run, kind: 'weekly', code });
 * await recorder.addInput({ name: 'dataset', url, fingerprint });
 * await recorder.stepStarted('train demand-naive', { instanceType: 'ml.m5.xlarge' });
 * await recorder.stepFailed('train demand-naive', error, log);
 * await recorder.stepFellBack('train demand-naive', 'demand-naive 7', 'the training failed');
 * await recorder.finish('degraded');
 * ```
 */
export class RunRecorder {
  readonly #directory: string;
  readonly #log: EventLog;
  readonly #builder: RecordBuilder;
  readonly #release: () => Promise<void>;
  readonly #mirror: RunMirror | null;
  readonly #measurements: MeasurementLog;
  /** Measurements so far, by step, attempt and name. */
  readonly #positions = new Map<string, number>();
  #run = '';
  #appended: Promise<unknown> = Promise.resolve();
  #written: Promise<void> = Promise.resolve();
  #isStale = false;
  #isClosed = false;

  private constructor(
    directory: string,
    log: EventLog,
    builder: RecordBuilder,
    release: () => Promise<void>,
    mirror: RunMirror | null,
  ) {
    this.#directory = directory;
    this.#log = log;
    this.#builder = builder;
    this.#release = release;
    this.#mirror = mirror;
    this.#measurements = new MeasurementLog(join(directory, MEASUREMENTS_FILE));
  }

  /**
   * Begins the record of a run, or goes on with it where the folder has one.
   * @param directory of the run
   * @param facts of the run
   * @param mirror that is told too
   * @returns the recorder
   * @throws ConflictError when another process of this machine writes the run
   * @throws DataError when the folder has the record of another run, or a damaged one
   */
  static async open(
    directory: string,
    facts: RunFacts,
    mirror: RunMirror | null = null,
  ): Promise<RunRecorder> {
    const writer = thisProcess();
    const release = await claimRun(directory, writer);
    let log: EventLog | undefined;
    try {
      const opened = await EventLog.open(join(directory, EVENTS_FILE));
      log = opened.log;
      const builder = new RecordBuilder();
      for (const event of opened.events) builder.add(event);
      const recorder = new RunRecorder(directory, log, builder, release, mirror);
      await recorder.#begin(facts, builder.build());
      return recorder;
    } catch (error) {
      await log?.close();
      await release();
      throw error;
    }
  }

  /** The record as of the last event that is on disk. */
  get record(): RunRecord {
    return this.#builder.build()!;
  }

  /** @param parameters more of them; a name that is there already gets the new value */
  addParameters(parameters: Readonly<Record<string, string>>): Promise<void> {
    return this.#tell({ type: 'parameters', parameters: { ...parameters } });
  }

  /** @param input data that the run reads */
  addInput(input: Loose<RunInput, 'name' | 'url' | 'fingerprint'>): Promise<void> {
    return this.#tell({ type: 'input', input: { rows: null, bytes: null, ...input } });
  }

  /** @param image that steps run */
  addImage(image: Loose<RunImage, 'name' | 'uri'>): Promise<void> {
    return this.#tell({ type: 'image', image: { digest: null, ...image } });
  }

  /**
   * A step begins, or begins once more.
   * @param step its name, the same in every run
   * @param resources it runs on
   */
  stepStarted(step: string, resources: StepResources = {}): Promise<void> {
    const { instanceType = 'local', instances = 1 } = resources;
    return this.#tell({ type: 'step started', step, instanceType, instances });
  }

  /**
   * A step ended well.
   * @param step its name
   * @param billableSeconds where the platform bills another time than passed
   */
  stepFinished(step: string, billableSeconds: number | null = null): Promise<void> {
    return this.#tell({ type: 'step finished', step, billableSeconds });
  }

  /**
   * How much memory a step took, once an attempt has ended.
   * @param step its name
   * @param peakBytes most resident memory that a process of it has had
   */
  stepMemory(step: string, peakBytes: number): Promise<void> {
    return this.#tell({ type: 'step memory', step, peakBytes: Math.round(peakBytes) });
  }

  /**
   * A step was not run.
   * @param step its name
   * @param reason such as that an earlier start finished it
   */
  stepSkipped(step: string, reason: string): Promise<void> {
    return this.#tell({ type: 'step skipped', step, reason });
  }

  /**
   * A step failed for good.
   * @param step its name
   * @param error anything thrown
   * @param log path or URL
   */
  stepFailed(step: string, error: unknown, log: string | null = null): Promise<void> {
    return this.#tell({ type: 'step failed', step, error: stepError(error, log) });
  }

  /**
   * An attempt failed, another follows ({@link stepStarted} begins it).
   * @param step its name
   * @param error anything thrown
   * @param log path or URL
   */
  stepRetried(step: string, error: unknown, log: string | null = null): Promise<void> {
    return this.#tell({ type: 'step retried', step, error: stepError(error, log) });
  }

  /**
   * Something else takes the place of a step's result.
   * @param step its name
   * @param to what stands in, such as `demand-naive 7`
   * @param reason why
   */
  stepFellBack(step: string, to: string, reason: string): Promise<void> {
    return this.#tell({ type: 'step fell back', step, to, reason });
  }

  /**
   * @param step that measured them; null for the run as a whole
   * @param metrics by name, NaN included
   */
  addMetrics(step: string | null, metrics: Readonly<Record<string, number>>): Promise<void> {
    const list = Object.entries(metrics).map(([name, value]) => runMetric(step, name, value));
    return this.#tell({ type: 'metrics', metrics: list });
  }

  /**
   * A number that changes while a step runs, such as the loss of each epoch. Goes to `measurements.jsonl`, not to the record.
   * @param step that measures
   * @param name of the number
   * @param value NaN included
   * @param place how far the step has come
   */
  measure(step: string, name: string, value: number, place?: MeasurementPlace): Promise<void> {
    if (this.#isClosed) return Promise.reject(new TypeError(`the run has ended: ${name} comes too late`));
    const attempt = this.#builder.attemptsOf(step);
    const key = JSON.stringify([step, attempt, name]);
    const position = (this.#positions.get(key) ?? 0) + 1;
    this.#positions.set(key, position);
    const { step: _, ...measured } = runMetric(step, name, value);
    const measurement = {
      ...{ run: this.#run, at: new Date().toISOString(), step, attempt, position, ...measured },
      ...(place ?? { phase: null, done: null, total: null, unit: null }),
    };
    this.#mirror?.measured(measurement);
    return this.#measurements.append(measurement);
  }

  /** @param version a trained model that had a part in the run */
  addVersion(version: Loose<RunVersion, 'model' | 'role' | 'artifact'>): Promise<void> {
    const defaults = { step: null, version: null, trainedBy: null, status: null, reason: null };
    return this.#tell({ type: 'version', version: { ...defaults, ...version } });
  }

  /** @param output what the run leaves */
  addOutput(output: Loose<RunOutput, 'name' | 'url'>): Promise<void> {
    const defaults = { step: null, fingerprint: null, files: null, rows: null, bytes: null };
    return this.#tell({ type: 'output', output: { ...defaults, ...output } });
  }

  /**
   * Something is amiss that no step failed of.
   * @param message for the person who has to act
   * @param step where
   */
  addProblem(message: string, step: string | null = null): Promise<void> {
    return this.#tell({ type: 'problem', step, message });
  }

  /**
   * The run has ended. Nothing can be told afterwards.
   * @param outcome of the run
   */
  async finish(outcome: Outcome): Promise<void> {
    const problem = await this.#endMirror(outcome);
    if (problem !== null) await this.#tell({ type: 'problem', step: null, message: problem });
    const told = this.#tell({ type: 'finished', outcome });
    await this.#close(told);
  }

  /** Gives the run back without ending it: its record says `running` until it is opened again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const problem = await this.#endMirror(null);
    if (problem !== null) await this.#tell({ type: 'problem', step: null, message: problem });
    await this.#close(this.#appended);
  }

  async #endMirror(outcome: Outcome | null): Promise<string | null> {
    await this.#appended;
    return (await this.#mirror?.end(outcome)) ?? null;
  }

  async #begin(facts: RunFacts, earlier: RunRecord | null): Promise<void> {
    const { run, kind, code } = facts;
    this.#run = run;
    if (earlier === null) {
      const { command = [], parameters = {}, prices = null } = facts;
      await this.#tell({
        type: 'opened',
        ...{ run, kind, command: [...command], parameters: { ...parameters } },
        ...{ code, process: thisProcess(), prices },
      });
    } else {
      if (earlier.run !== run)
        throw new DataError('the folder has the record of another run', {
          expected: run,
          found: earlier.run,
          where: { file: this.#directory },
        });
      await this.#tell({ type: 'resumed', code, process: thisProcess() });
    }
  }

  #tell(body: RunEventBody): Promise<void> {
    if (this.#isClosed)
      return Promise.reject(new TypeError(`the run has ended: ${body.type} comes too late`));
    const appended = this.#appended.then(async () => {
      const event = await this.#log.append(body);
      this.#builder.add(event);
      this.#mirror?.take(event);
    });
    // One event that cannot be written does not keep those after it from being tried.
    this.#appended = appended.catch(() => undefined);
    return appended.then(() => this.#refresh());
  }

  /** Of events that come in a row the record is written once. */
  #refresh(): Promise<void> {
    if (this.#isStale) return this.#written;
    this.#isStale = true;
    this.#written = this.#written
      .catch(() => undefined)
      .then(() => {
        this.#isStale = false;
        return replaceFile(join(this.#directory, RECORD_FILE), `${JSON.stringify(this.record, null, 2)}\n`);
      });
    return this.#written;
  }

  async #close(last: Promise<unknown>): Promise<void> {
    this.#isClosed = true;
    try {
      await last;
      await this.#written;
      await this.#measurements.close();
    } finally {
      await this.#log.close();
      await this.#release();
    }
  }
}

/** Numbers that JSON lacks are told by name. */
function runMetric(step: string | null, name: string, value: number): RunMetric {
  if (Number.isFinite(value)) return { step, name, value, notFinite: null };
  return { step, name, value: null, notFinite: String(value) as RunMetric['notFinite'] };
}

function stepError(error: unknown, log: string | null): StepError {
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    name: known.name,
    code: known instanceof HemlineError ? known.code : null,
    message: known.message === '' ? known.name : known.message,
    log,
  };
}
