import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UnsupportedError } from '@hemline/core';
import { ConfigurationProblems, readConfigFile } from './config-file.ts';
import { readHosts, type Hosts } from './hosts.ts';
import { rootPaths, type RootPaths } from './root.ts';

/** What a training container is told, read once and checked. */
export interface TrainingContext {
  readonly paths: RootPaths;
  /** As they came: strings. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Folder of each channel. */
  readonly channels: Readonly<Record<string, string>>;
  readonly hosts: Hosts;
  readonly jobName: string;
}

const channelSchema = z.object({
  TrainingInputMode: z.enum(['File', 'FastFile', 'Pipe']).nullish(),
  S3DistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).nullish(),
});
// Some clients send numbers and booleans: what was meant is the text they print as.
const valueSchema = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/**
 * Reads a training container's root.
 * @param environment of the process
 * @returns the context
 * @throws ConfigurationError that names every problem
 * @throws UnsupportedError for pipe mode and for several hosts
 */
export async function readTrainingContext(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<TrainingContext> {
  const paths = rootPaths(environment);
  const problems = new ConfigurationProblems();
  const hyperparameters =
    (await readConfigFile(paths.hyperparameters, z.record(z.string(), valueSchema), problems)) ?? {};
  const config = await readConfigFile(paths.inputDataConfig, z.record(z.string(), channelSchema), problems);
  const hosts = await readHosts(paths.trainingResourceConfig, problems);
  const names = config === null ? await folders(paths.inputData) : Object.keys(config);
  const channels: Record<string, string> = {};
  for (const name of names) {
    channels[name] = join(paths.inputData, name);
    if (config?.[name]?.TrainingInputMode === 'Pipe') {
      throw new UnsupportedError('a channel is in pipe mode', {
        expected: 'TrainingInputMode File or FastFile',
        found: `Pipe for channel ${name}`,
        remedy: 'Parquet is read from its end: use FastFile, which streams from S3 as well.',
      });
    }
    if ((await stat(channels[name]).catch(() => null)) === null)
      problems.add(`channel ${name}: there is no folder ${channels[name]}`);
  }
  if (names.length === 0) problems.add(`${paths.inputData}: there is no channel`);
  problems.throwIfAny();
  if (hosts.all.length > 1) {
    throw new UnsupportedError('a training runs on one host', {
      expected: 'InstanceCount 1',
      found: `hosts ${hosts.all.join(', ')}`,
      remedy: 'Take a larger instance; processing jobs are the ones that spread over hosts.',
    });
  }
  return { paths, hyperparameters, channels, hosts, jobName: environment['TRAINING_JOB_NAME'] ?? 'local' };
}

async function folders(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch(() => [] as string[]);
  return entries.filter((name) => !name.startsWith('.')).sort();
}
