import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProgressEvent } from '@hemline/core';
import type { ContainerEngine } from './container-engine.ts';
import { fabricateProcessingRoot, fabricateTrainingRoot, relocate } from './fabricate-root.ts';
import type { JobSlots } from './job-slots.ts';
import type { LocalBuckets } from './local-buckets.ts';
import type { ProcessingRequest, TrainingRequest } from './requests.ts';
import { ExecutionStopped, TaskFailed } from './task-failed.ts';

/** The platform kills this long after it has asked a job to stop. */
const GRACE_MILLISECONDS = 120_000;

/** What a job does besides: shown, not needed. */
export interface JobWatcher {
  /** The job has a slot and starts. */
  started(): void;
  progress(event: ProgressEvent): void;
  metric(name: string, value: number): void;
  /** Most memory that a process of the job has had so far. */
  memory(peakBytes: number): void;
}

/** Runs the requests of SageMaker's jobs on this machine. */
export interface JobRunnerOptions {
  readonly buckets: LocalBuckets;
  readonly engine: ContainerEngine;
  readonly slots: JobSlots;
  /** Hosts that a job is given at most, whatever its request says. */
  readonly hosts: number;
  /** Folders that jobs reach: of data and artifacts. */
  readonly reaches: readonly string[];
  /** Variables of every job on this machine. */
  readonly environment: (image: string) => Readonly<Record<string, string>>;
  readonly parseLine: (line: string) => ParsedLine;
  readonly signal: AbortSignal;
}

/** What a line of a job's output says. */
export type ParsedLine =
  | { readonly kind: 'progress'; readonly event: ProgressEvent; readonly peakMemoryBytes?: number }
  | { readonly kind: 'metric'; readonly name: string; readonly value: number }
  | { readonly kind: 'log'; readonly peakMemoryBytes?: number }
  | null;

/** SageMaker's jobs as containers or processes of this machine. */
export class JobRunner {
  readonly #options: JobRunnerOptions;

  /** @param options of the machine */
  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /**
   * Runs a training job to its end.
   * @param request as rendered by the state machine
   * @param root folder of the job
   * @param watch who is told
   * @returns the job's description, as DescribeTrainingJob gives it
   * @throws TaskFailed with the description of a job that failed
   */
  async train(request: TrainingRequest, root: string, watch: JobWatcher): Promise<Record<string, unknown>> {
    const { buckets, slots } = this.#options;
    return slots.with(1, async () => {
      this.#throwIfStopped();
      watch.started();
      const began = Date.now();
      fabricateTrainingRoot(root, request, buckets);
      const metrics = new Map<string, number>();
      const arn = `arn:aws:sagemaker:local:000000000000:training-job/${request.TrainingJobName}`;
      const ended = await this.#run(root, request.AlgorithmSpecification.TrainingImage, {
        command: ['train'],
        environment: {
          ...request.Environment,
          TRAINING_JOB_NAME: request.TrainingJobName,
          TRAINING_JOB_ARN: arn,
          CURRENT_HOST: 'algo-1',
        },
        seconds: request.StoppingCondition.MaxRuntimeInSeconds,
        watch,
        onMetric: (name, value) => metrics.set(name, value),
      });
      const described = {
        TrainingJobName: request.TrainingJobName,
        TrainingJobArn: arn,
        HyperParameters: request.HyperParameters ?? {},
        TrainingStartTime: began,
        TrainingEndTime: Date.now(),
        FinalMetricDataList: [...metrics]
          .filter(([name]) =>
            request.AlgorithmSpecification.MetricDefinitions?.some(({ Name }) => Name === name),
          )
          .map(([MetricName, Value]) => ({
            MetricName,
            Value: Number.isFinite(Value) ? Value : String(Value),
          })),
      };
      if (ended !== null)
        throw new TaskFailed({
          ...described,
          TrainingJobStatus: 'Failed',
          FailureReason: `AlgorithmError: ${reasonOf(root, 'failure', ended)}`,
          Log: join(root, 'job.log'),
        });
      const output = request.OutputDataConfig.S3OutputPath.replace(/\/*$/, '/');
      const folder = `${output}${request.TrainingJobName}/output/`;
      // What an earlier attempt left unfinished would look like a second model.
      rmSync(buckets.pathOf(output), { recursive: true, force: true });
      moveFolder(join(root, 'output', 'data'), buckets.pathOf(`${folder}data`));
      moveFolder(join(root, 'model'), buckets.pathOf(`${folder}model`));
      return {
        ...described,
        TrainingJobStatus: 'Completed',
        // SageMaker packs it as model.tar.gz; here it stays a folder, which jobs take just as well.
        ModelArtifacts: { S3ModelArtifacts: `${folder}model/` },
      };
    });
  }

  /**
   * Runs a processing job to its end: a process a host.
   * @param request as rendered by the state machine
   * @param root folder of the job
   * @param watch who is told
   * @returns the job's description, as DescribeProcessingJob gives it
   * @throws TaskFailed with the description of a job that failed
   */
  async process(
    request: ProcessingRequest,
    root: string,
    watch: JobWatcher,
  ): Promise<Record<string, unknown>> {
    const { buckets, slots, hosts: most } = this.#options;
    const count = Math.min(request.ProcessingResources.ClusterConfig.InstanceCount, most);
    const all = Array.from({ length: count }, (_, i) => `algo-${i + 1}`);
    return slots.with(count, async () => {
      this.#throwIfStopped();
      watch.started();
      const began = Date.now();
      const roots = all.map((host) => (count === 1 ? root : join(root, host)));
      all.forEach((current, i) => fabricateProcessingRoot(roots[i]!, request, { current, all }, buckets));
      const { ImageUri, ContainerEntrypoint = [], ContainerArguments = [] } = request.AppSpecification;
      const ends = await Promise.all(
        roots.map((each, i) =>
          this.#run(each, ImageUri, {
            command: [...ContainerEntrypoint, ...ContainerArguments.map((text) => buckets.localize(text))],
            environment: { ...request.Environment, CURRENT_HOST: all[i]! },
            seconds: request.StoppingCondition.MaxRuntimeInSeconds,
            watch,
          }),
        ),
      );
      const described = {
        ProcessingJobName: request.ProcessingJobName,
        AppSpecification: request.AppSpecification,
        ProcessingOutputConfig: request.ProcessingOutputConfig ?? { Outputs: [] },
        ProcessingStartTime: began,
        ProcessingEndTime: Date.now(),
      };
      const broken = ends.findIndex((end) => end !== null);
      if (broken >= 0)
        throw new TaskFailed({
          ...described,
          ProcessingJobStatus: 'Failed',
          FailureReason: reasonOf(roots[broken]!, 'message', ends[broken]!),
          Log: join(roots[broken]!, 'job.log'),
        });
      for (const { S3Output } of request.ProcessingOutputConfig?.Outputs ?? [])
        if (S3Output.S3UploadMode !== 'Continuous')
          for (const each of roots)
            moveFolder(relocate(S3Output.LocalPath, each), buckets.pathOf(S3Output.S3Uri));
      return { ...described, ProcessingJobStatus: 'Completed' };
    });
  }

  /** @returns null when it went well, else how it ended */
  async #run(root: string, image: string, job: Job): Promise<string | null> {
    const { engine, signal, parseLine, environment, reaches } = this.#options;
    mkdirSync(root, { recursive: true });
    const log = createWriteStream(join(root, 'job.log'), { flags: 'a' });
    try {
      const running = engine.start(
        {
          image,
          command: job.command,
          root,
          environment: { ...environment(image), ...job.environment, HEMLINE_PROGRESS: 'json' },
          reaches,
        },
        (line) => {
          log.write(`${line}\n`);
          const told = parseLine(line);
          if (told?.kind === 'progress') job.watch.progress(told.event);
          if (told?.kind === 'metric') {
            job.watch.metric(told.name, told.value);
            job.onMetric?.(told.name, told.value);
          } else if (told?.peakMemoryBytes !== undefined) job.watch.memory(told.peakMemoryBytes);
        },
      );
      const timers: NodeJS.Timeout[] = [];
      let isLate = false;
      const stop = (): void => {
        running.kill('SIGTERM');
        timers.push(setTimeout(() => running.kill('SIGKILL'), GRACE_MILLISECONDS));
      };
      timers.push(
        setTimeout(
          () => {
            isLate = true;
            stop();
          },
          // A timer takes 2^31 ms at most, which is 24 days.
          Math.min(job.seconds * 1000, 2 ** 31 - 1),
        ),
      );
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const { code, signal: by } = await running.ended.finally(() => {
        for (const timer of timers) clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      });
      if (code === 0) return null;
      this.#throwIfStopped();
      if (isLate) return `it was stopped after ${job.seconds} s, the longest that it may run`;
      return code === null ? `it was ended by ${by}` : `exit code ${code}`;
    } finally {
      await new Promise((resolve) => log.end(resolve));
    }
  }

  #throwIfStopped(): void {
    if (this.#options.signal.aborted) throw new ExecutionStopped();
  }
}

/** One container of a job. */
interface Job {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly watch: JobWatcher;
  readonly onMetric?: (name: string, value: number) => void;
}

/** The reason that a job left, and how it ended: the code says whether trying again may help. */
function reasonOf(root: string, file: 'failure' | 'message', ended: string): string {
  const path = join(root, 'output', file);
  const reason = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return reason === '' ? ended : `${reason.replace(/\.$/, '')}, ${ended}`;
}

/** Puts the files of a folder below another, each whole: the last one that is written there wins, as in S3. */
function moveFolder(from: string, to: string): void {
  if (!existsSync(to)) {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    return;
  }
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) moveFolder(source, target);
    else renameSync(source, target);
  }
}
