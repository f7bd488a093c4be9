import { Home } from '@hemline/runs';
import type { JobStatus } from '@hemline/sagemaker/submit';
import { followToEnd, submitJob, type Launch } from '../jobs/launch-job.ts';
import type { HomeOption, WorkOptions } from '../work-options.ts';

/** How a job is submitted and followed. */
export interface LaunchedOptions extends WorkOptions, HomeOption {
  /** Seconds between two looks at the job, 5 by default. */
  readonly poll?: number;
  /** Whether the signal stops the job too; by default it goes on. */
  readonly stopOnInterrupt?: boolean;
  /** What its record says was started; by default the name of the function. */
  readonly command?: readonly string[];
}

/**
 * Submits a job to SageMaker and follows it to its end; its record is that of the run of its name.
 * @param job of `trainingLaunch` or `processingLaunch`
 * @param options pace, signal, who is told
 * @returns its status: complete, with metrics and artifact
 * @throws LaunchError when it failed or was stopped
 * @throws InterruptedError when the signal was raised and the job left running
 */
export async function launch(job: Launch, options: LaunchedOptions = {}): Promise<JobStatus> {
  const home = new Home(options.home);
  const signal = options.signal ?? new AbortController().signal;
  const onLine = (text: string): void => options.onNotice?.(text);
  const command = options.command ?? ['@hemline/hemline', 'launch', job.launch.kind];
  const recorder = await submitJob(home, job, { command, signal: () => signal, onLine });
  return followToEnd(home, job.launch.kind, job.name, {
    ...{ signal, onLine, recorder, pollSeconds: options.poll ?? 5 },
    onProgress: (host, event) => options.onProgress?.(host, event),
    stopOnInterrupt: options.stopOnInterrupt === true,
  });
}
