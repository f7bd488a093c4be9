import {
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  ListProcessingJobsCommand,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
  type CreateProcessingJobRequest,
  type CreateTrainingJobRequest,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { HemlineError } from '@hemline/core';
import { awsFailure, isNotThere } from '../aws/aws-failure.ts';
import { checkRequest } from '../requests/check-request.ts';
import type { JobRequest, LaunchKind } from '../requests/job-request.ts';
import type { JobStatus } from './job-status.ts';

/** Training and processing jobs of SageMaker, as far as one launches and follows them. */
export class SageMakerJobs {
  readonly #client: SageMakerClient;

  /** @param client of SageMaker */
  constructor(client: SageMakerClient) {
    this.#client = client;
  }

  /**
   * Starts a job.
   * @param job checked against the platform's limits first
   * @throws ConfigurationError when the platform does not take it
   */
  async submit(job: JobRequest): Promise<void> {
    checkRequest(job);
    if (job.kind === 'train') {
      // The SDK's lists may be written to; it does not.
      const request = job.request as CreateTrainingJobRequest;
      await this.#ask('CreateTrainingJob', job.request.TrainingJobName, () =>
        this.#client.send(new CreateTrainingJobCommand(request)),
      );
    } else {
      const request = job.request as CreateProcessingJobRequest;
      await this.#ask('CreateProcessingJob', job.request.ProcessingJobName, () =>
        this.#client.send(new CreateProcessingJobCommand(request)),
      );
    }
  }

  /**
   * @param kind of the job
   * @param name of it
   * @returns where it stands
   * @throws ConfigurationError when there is no such job
   */
  describe(kind: LaunchKind, name: string): Promise<JobStatus> {
    return kind === 'train' ? this.#describeTraining(name) : this.#describeProcessing(name);
  }

  /**
   * The same of a job that may not be there.
   * @param kind of the job
   * @param name of it
   * @returns where it stands; null when there is no such job
   */
  async find(kind: LaunchKind, name: string): Promise<JobStatus | null> {
    try {
      return await this.describe(kind, name);
    } catch (error) {
      if (error instanceof HemlineError && error.cause !== undefined && isNotThere(error.cause)) return null;
      throw error;
    }
  }

  /**
   * The processing jobs that run, or are about to.
   * @param part that their names contain
   * @returns their names
   */
  async processingInProgress(part: string): Promise<string[]> {
    const names: string[] = [];
    let next: string | undefined;
    do {
      const page = await this.#ask('ListProcessingJobs', part, () =>
        this.#client.send(
          new ListProcessingJobsCommand({ NameContains: part, StatusEquals: 'InProgress', NextToken: next }),
        ),
      );
      names.push(...(page.ProcessingJobSummaries ?? []).map(({ ProcessingJobName: name }) => name!));
      next = page.NextToken;
    } while (next !== undefined);
    return names;
  }

  /**
   * Tells a job to stop: it is given two minutes to save what it can.
   * @param kind of the job
   * @param name of it
   */
  async stop(kind: LaunchKind, name: string): Promise<void> {
    if (kind === 'train')
      await this.#ask('StopTrainingJob', name, () =>
        this.#client.send(new StopTrainingJobCommand({ TrainingJobName: name })),
      );
    else
      await this.#ask('StopProcessingJob', name, () =>
        this.#client.send(new StopProcessingJobCommand({ ProcessingJobName: name })),
      );
  }

  async #describeTraining(name: string): Promise<JobStatus> {
    const job = await this.#ask('DescribeTrainingJob', name, () =>
      this.#client.send(new DescribeTrainingJobCommand({ TrainingJobName: name })),
    );
    const metrics = (job.FinalMetricDataList ?? []).flatMap(({ MetricName: metric, Value: value }) =>
      metric === undefined || value === undefined ? [] : [[metric, value] as const],
    );
    return {
      kind: 'train',
      name,
      status: job.TrainingJobStatus as JobStatus['status'],
      phase: job.SecondaryStatus ?? null,
      reason: job.FailureReason ?? null,
      billableSeconds: job.BillableTimeInSeconds ?? null,
      artifact: job.ModelArtifacts?.S3ModelArtifacts ?? null,
      metrics: Object.fromEntries(metrics),
    };
  }

  async #describeProcessing(name: string): Promise<JobStatus> {
    const job = await this.#ask('DescribeProcessingJob', name, () =>
      this.#client.send(new DescribeProcessingJobCommand({ ProcessingJobName: name })),
    );
    const reasons = [job.FailureReason, job.ExitMessage].filter((text) => text !== undefined && text !== '');
    const [start, end] = [job.ProcessingStartTime, job.ProcessingEndTime];
    return {
      kind: 'process',
      name,
      status: job.ProcessingJobStatus as JobStatus['status'],
      phase: null,
      reason: reasons.length === 0 ? null : reasons.join(' '),
      billableSeconds:
        start === undefined || end === undefined ? null : (end.getTime() - start.getTime()) / 1000,
      artifact: null,
      metrics: {},
    };
  }

  async #ask<T>(action: string, name: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw awsFailure(error, `sagemaker:${action}`, name);
    }
  }
}
