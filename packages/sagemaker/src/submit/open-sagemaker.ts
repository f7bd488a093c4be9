import type { CreateProcessingJobRequest, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { JobLogs } from './job-logs.ts';
import type { LaunchKind, SageMakerJobs } from './sagemaker-jobs.ts';

/** A job as the platform is asked for it. */
export type LaunchRequest =
  | { readonly kind: 'train'; readonly request: CreateTrainingJobRequest }
  | { readonly kind: 'process'; readonly request: CreateProcessingJobRequest };

/** SageMaker's jobs and their logs. */
export interface SageMaker {
  readonly jobs: SageMakerJobs;
  logsOf(kind: LaunchKind, name: string): JobLogs;
}

/**
 * Opens SageMaker with the credentials, region and endpoint that the SDK finds.
 * @returns jobs and logs; nothing has been asked
 */
export async function openSageMaker(): Promise<SageMaker> {
  // The SDK takes a while to load: only those who need it wait.
  const [{ SageMakerJobs }, { JobLogs }, { logsClient, sageMakerClient }] = await Promise.all([
    import('./sagemaker-jobs.ts'),
    import('./job-logs.ts'),
    import('../aws/clients.ts'),
  ]);
  const logs = logsClient();
  return {
    jobs: new SageMakerJobs(sageMakerClient()),
    logsOf: (kind, name) => new JobLogs(logs, kind, name),
  };
}

/**
 * Checks a job against the platform's limits, without asking it.
 * @param launch kind and request
 * @throws ConfigurationError that names every problem
 */
export async function checkLaunch(launch: LaunchRequest): Promise<void> {
  const { checkProcessingRequest, checkTrainingRequest } = await import('./check-request.ts');
  if (launch.kind === 'train') checkTrainingRequest(launch.request);
  else checkProcessingRequest(launch.request);
}
