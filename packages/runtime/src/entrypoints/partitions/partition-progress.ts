import { HemlineError } from '@hemline/core';
import { peakMemoryBytes } from '../../telemetry/peak-memory.ts';
import type { ProcessingJob } from '../processing-job.ts';
import { PartitionsError, endsJob, type PartitionFailure } from './failures.ts';
import type { PartitionListener } from './threads.ts';
import { NO_TIME, STAGES, addStages } from './stages.ts';
import type { PartitionResult, PartitionTask } from './thread-messages.ts';

/** Follows the partitions of a job: tells what is done, adds up where the time goes, and keeps what failed. */
export class PartitionProgress implements PartitionListener {
  readonly #job: Pick<ProcessingJob, 'telemetry' | 'signal' | 'arguments'>;
  readonly #total: number;
  readonly #threads: number;
  readonly #began = performance.now();
  readonly #failures: PartitionFailure[] = [];
  #done: number;
  #rows = 0;
  #stages = NO_TIME;

  /**
   * @param job telemetry and signal
   * @param total partitions of this host
   * @param done of them, by earlier starts
   * @param threads at work
   */
  constructor(
    job: Pick<ProcessingJob, 'telemetry' | 'signal' | 'arguments'>,
    total: number,
    done: number,
    threads: number,
  ) {
    this.#job = job;
    this.#total = total;
    this.#done = done;
    this.#threads = threads;
    this.#tell();
  }

  committed({ name }: PartitionTask, { file, stages, milliseconds }: PartitionResult): void {
    this.#done++;
    this.#rows += file.rows;
    this.#stages = addStages(this.#stages, stages);
    this.#job.telemetry.info(`committed partition ${name}`, {
      file: file.file,
      rows: file.rows,
      bytes: file.bytes,
      seconds: seconds(milliseconds),
    });
    this.#tell();
  }

  failed({ name }: PartitionTask, error: Error): void {
    if (this.#job.signal.aborted || endsJob(error)) throw error;
    this.#failures.push({ partition: name, error });
    // Where nobody foresaw it, only the stack tells what to mend.
    const facts = error instanceof HemlineError ? { code: error.code } : { stack: error.stack };
    this.#job.telemetry.error(`partition ${name} failed: ${error.message}`, facts);
  }

  /**
   * Tells rows, rate, stages and memory of this start.
   * @throws PartitionsError when a partition failed
   */
  end(): void {
    const { telemetry } = this.#job;
    const { step } = this.#job.arguments;
    const elapsed = performance.now() - this.#began;
    telemetry.metric(`${step}_rows_per_second`, Math.round((this.#rows / elapsed) * 1000));
    // Of all threads together: with two of them a second on the clock has two.
    for (const stage of STAGES) telemetry.metric(`${step}_seconds_${stage}`, seconds(this.#stages[stage]));
    telemetry.metric(`${step}_threads`, this.#threads);
    telemetry.metric('peak_memory_mib', Math.round(peakMemoryBytes() / 2 ** 20));
    if (this.#failures.length > 0) throw new PartitionsError(this.#failures, this.#total);
  }

  #tell(): void {
    this.#job.telemetry.progress({
      phase: this.#job.arguments.step === 'features' ? 'computing features' : 'forecasting',
      done: this.#done,
      total: this.#total,
      unit: 'partitions',
    });
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
