import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProgressEvent } from '@hemline/core';
import {
  fabricateProcessingRoot,
  fabricateTrainingRoot,
  ONE_HOST,
  pathIn,
  type PlaceInput,
} from '../container/fabricate-root.ts';
import type { JobRequest } from '../requests/job-request.ts';
import type { ProcessingRequest } from '../requests/processing-request.ts';
import type { TrainingRequest } from '../requests/training-request.ts';
import type { TelemetryLine } from '../telemetry/telemetry-lines.ts';
import type { ContainerEngine } from './container-engine.ts';
import { JobSlots } from './job-slots.ts';
import { LocalBuckets } from './local-buckets.ts';
import { moveFolder } from './move-folder.ts';
import { runContainer } from './run-container.ts';
import { ExecutionStopped, TaskFailed, type JobEnd } from './task-failed.ts';

/** What a job does besides: shown, not needed. */
export interface JobWatcher {
  /** The job has a slot and starts. */
  started?(): void;
  progress?(event: ProgressEvent): void;
  metric?(name: string, value: number): void;
  /** Something that the job warns of. */
  warning?(text: string): void;
  /** Most memory that a process of the job has had so far. */
  memory?(peakBytes: number): void;
}

/** How requests of SageMaker's jobs are run on this machine. */
export interface JobRunnerOptions {
  readonly engine: ContainerEngine;
  /** Folders in place of S3's buckets; by default there are none, and places are `file:` URIs. */
  readonly buckets?: LocalBuckets;
  /** Jobs at the same time; by default as many as are asked for. */
  readonly slots?: JobSlots;
  /** Hosts that a job is given at most, whatever its request says; by default 1. */
  readonly hosts?: number;
  /** How inputs come into a job's root; by default they are linked. */
  readonly place?: PlaceInput;
  /** Folders that jobs reach: of data and artifacts. */
  readonly reaches?: readonly string[];
  /** Variables of every job on this machine. */
  readonly environment?: (image: string) => Readonly<Record<string, string>>;
  /** Whether what a job leaves stays in its root, for whoever looks there, in place of going where the request says. */
  readonly leavesOutputs?: boolean;
  readonly signal?: AbortSignal;
}

/** SageMaker's jobs as containers or processes of this machine. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #buckets: LocalBuckets;
  readonly #slots: JobSlots;

  /** @param options of the machine */
  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#buckets = options.buckets ?? new LocalBuckets();
    this.#slots = options.slots ?? new JobSlots(Infinity);
  }

  /**
   * Runs a job to its end.
   * @param job kind and request
   * @param root folder of the job, in place of `/opt/ml`; what it prints is added to its `job.log`
   * @param watch who is told
   * @returns the job's description, as Describe…Job gives it
   * @throws TaskFailed with the description of a job that failed, and how it ended
   * @throws ExecutionStopped when the signal stopped it
   */
  run(job: JobRequest, root: string, watch: JobWatcher = {}): Promise<Record<string, unknown>> {
    return job.kind === 'train'
      ? this.train(job.request, root, watch)
      : this.process(job.request, root, watch);
  }

  /**
   * Runs a training job to its end.
   * @param request as rendered by the state machine
   * @param root folder of the job
   * @param watch who is told
   * @returns the job's description, as DescribeTrainingJob gives it
   * @throws TaskFailed with the description of a job that failed
   */
  async train(
    request: TrainingRequest,
    root: string,
    watch: JobWatcher = {},
  ): Promise<Record<string, unknown>> {
    const buckets = this.#buckets;
    return this.#slots.with(1, async () => {
      this.#throwIfStopped();
      watch.started?.();
      const began = Date.now();
      fabricateTrainingRoot(root, request, buckets, this.#options.place);
      const metrics = new Map<string, number>();
      const arn = `arn:aws:sagemaker:local:000000000000:training-job/${request.TrainingJobName}`;
      const ended = await this.#run(root, request.AlgorithmSpecification.TrainingImage, {
        command: ['train'],
        environment: {
          ...request.Environment,
          TRAINING_JOB_NAME: request.TrainingJobName,
          TRAINING_JOB_ARN: arn,
          CURRENT_HOST: ONE_HOST.current,
        },
        seconds: request.StoppingCondition.MaxRuntimeInSeconds,
        onTold: (told) => {
          if (told.kind === 'metric') metrics.set(told.name, told.value);
          tell(watch, told);
        },
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
        throw new TaskFailed(
          {
            ...described,
            TrainingJobStatus: 'Failed',
            FailureReason: `AlgorithmError: ${reasonOf(ended)}`,
            Log: ended.log,
          },
          ended,
        );
      if (this.#options.leavesOutputs === true)
        return {
          ...described,
          TrainingJobStatus: 'Completed',
          ModelArtifacts: { S3ModelArtifacts: pathToFileURL(join(root, 'model')).href },
        };
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
    watch: JobWatcher = {},
  ): Promise<Record<string, unknown>> {
    const buckets = this.#buckets;
    const { hosts: most = 1, leavesOutputs = false, place } = this.#options;
    const count = Math.min(request.ProcessingResources.ClusterConfig.InstanceCount, most);
    const all = Array.from({ length: count }, (_, i) => `algo-${i + 1}`);
    return this.#slots.with(count, async () => {
      this.#throwIfStopped();
      watch.started?.();
      const began = Date.now();
      const roots = all.map((host) => (count === 1 ? root : join(root, host)));
      all.forEach((current, i) =>
        fabricateProcessingRoot(roots[i]!, request, { current, all }, buckets, place),
      );
      const { ImageUri, ContainerEntrypoint = [], ContainerArguments = [] } = request.AppSpecification;
      // None is left running where another cannot be waited for.
      const ends = await allEnded(
        roots.map((each, i) =>
          this.#run(each, ImageUri, {
            command: [...ContainerEntrypoint, ...ContainerArguments.map((text) => buckets.localize(text))],
            environment: { ...request.Environment, CURRENT_HOST: all[i]! },
            seconds: request.StoppingCondition.MaxRuntimeInSeconds,
            onTold: (told) => tell(watch, told),
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
      const broken = ends.find((end) => end !== null);
      if (broken !== undefined)
        throw new TaskFailed(
          {
            ...described,
            ProcessingJobStatus: 'Failed',
            FailureReason: reasonOf(broken),
            Log: broken.log,
          },
          broken,
        );
      for (const { S3Output } of request.ProcessingOutputConfig?.Outputs ?? [])
        if (S3Output.S3UploadMode !== 'Continuous' && !leavesOutputs)
          for (const each of roots)
            moveFolder(pathIn(each, S3Output.LocalPath), buckets.pathOf(S3Output.S3Uri));
      return { ...described, ProcessingJobStatus: 'Completed' };
    });
  }

  /** @returns null when it went well, else how it ended */
  async #run(root: string, image: string, job: Job): Promise<JobEnd | null> {
    const { engine, signal, environment, reaches = [] } = this.#options;
    const { command, seconds, onTold } = job;
    const told = { ...environment?.(image), ...job.environment, HEMLINE_PROGRESS: 'json' };
    const container = { image, command, root, environment: told, reaches };
    const end = await runContainer(engine, container, {
      ...{ seconds, onTold },
      ...(signal === undefined ? {} : { signal }),
    });
    if (end !== null) this.#throwIfStopped();
    return end;
  }

  #throwIfStopped(): void {
    if (this.#options.signal?.aborted === true) throw new ExecutionStopped();
  }
}

/** One container of a job. */
interface Job {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly onTold: (told: TelemetryLine) => void;
}

async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function tell(watch: JobWatcher, told: TelemetryLine): void {
  if (told.kind === 'progress') watch.progress?.(told.event);
  if (told.kind === 'log' && told.level === 'warn') watch.warning?.(told.message);
  if (told.kind === 'metric') watch.metric?.(told.name, told.value);
  else if (told.peakMemoryBytes !== undefined) watch.memory?.(told.peakMemoryBytes);
}

/** The reason that a job left, and how it ended: the code says whether trying again may help. */
function reasonOf({ reason, how }: JobEnd): string {
  return reason === null ? how : `${reason}, ${how}`;
}
