import { z } from 'zod';
import type { JobFacts } from '../telemetry/telemetry-lines.ts';
import { ConfigurationProblems, readConfigFile } from './config-file.ts';
import { readHosts } from './hosts.ts';
import { rootPaths } from './root.ts';

const jobSchema = z.object({ ProcessingJobName: z.string().nullish() });

/**
 * What the lines of a training say of where they come from. It is read before everything else, so that what is wrong with the
 * configuration is told with it too: that is for the job's context to find.
 * @param model that is trained
 * @param environment of the process
 * @returns model, job and host
 */
export async function trainingFacts(model: string, environment: NodeJS.ProcessEnv): Promise<JobFacts> {
  return {
    model,
    job: environment['TRAINING_JOB_NAME'] ?? 'local',
    host: await hostAt(rootPaths(environment).trainingResourceConfig),
  };
}

/**
 * What the lines of a processing job say of where they come from: `HEMLINE_RUN_ID`, where a workflow gives it, joins all its jobs.
 * @param model that works, or `data`
 * @param environment of the process
 * @returns model, job and host
 */
export async function processingFacts(model: string, environment: NodeJS.ProcessEnv): Promise<JobFacts> {
  const paths = rootPaths(environment);
  const config = await readConfigFile(paths.processingJobConfig, jobSchema, new ConfigurationProblems());
  return {
    model,
    job: environment['HEMLINE_RUN_ID'] ?? config?.ProcessingJobName ?? 'local',
    host: await hostAt(paths.processingResourceConfig),
  };
}

/** SageMaker tells a container its host in this file alone. */
async function hostAt(path: string): Promise<string> {
  return (await readHosts(path, new ConfigurationProblems())).current;
}
