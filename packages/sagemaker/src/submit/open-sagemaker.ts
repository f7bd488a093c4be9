import type { JobRequest, LaunchKind } from '../requests/job-request.ts';
import type { JobLogs } from './job-logs.ts';
import type { SageMakerJobs } from './sagemaker-jobs.ts';

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
 * @param job kind and request
 * @throws ConfigurationError that names every problem
 */
export async function checkLaunch(job: JobRequest): Promise<void> {
  const { checkRequest } = await import('../requests/check-request.ts');
  checkRequest(job);
}
