import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { UnsupportedError } from '@hemline/core';
import { ConfigurationProblems, readConfigFile } from './config-file.ts';
import { readHosts, type Hosts } from './hosts.ts';
import { relocate, rootPaths, type RootPaths } from './root.ts';

/** One input of a processing job. */
export interface ProcessingInput {
  readonly name: string;
  readonly directory: string;
  /** Whether this host has a share of the objects only. */
  readonly sharded: boolean;
}

/** What a processing container is told, read once and checked. */
export interface ProcessingContext {
  readonly paths: RootPaths;
  readonly inputs: Readonly<Record<string, ProcessingInput>>;
  /** Folder of each output. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly hosts: Hosts;
  readonly jobName: string;
}

const s3InputSchema = z.object({
  LocalPath: z.string(),
  S3InputMode: z.enum(['File', 'Pipe']).nullish(),
  S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).nullish(),
});
// The platform writes explicit nulls for what is not set.
const configSchema = z.object({
  ProcessingJobName: z.string().nullish(),
  ProcessingInputs: z.array(z.object({ InputName: z.string(), S3Input: s3InputSchema.nullish() })).nullish(),
  ProcessingOutputConfig: z
    .object({
      Outputs: z
        .array(z.object({ OutputName: z.string(), S3Output: z.object({ LocalPath: z.string() }).nullish() }))
        .nullish(),
    })
    .nullish(),
});

/**
 * Reads a processing container's root.
 * @param environment of the process
 * @returns the context
 * @throws ConfigurationError that names every problem
 * @throws UnsupportedError for pipe mode
 */
export async function readProcessingContext(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ProcessingContext> {
  const paths = rootPaths(environment);
  const problems = new ConfigurationProblems();
  const config = await readConfigFile(paths.processingJobConfig, configSchema, problems);
  if (config === null) problems.add(`${paths.processingJobConfig}: it is needed, and could not be read`);
  const hosts = await readHosts(paths.processingResourceConfig, problems);
  const inputs: Record<string, ProcessingInput> = {};
  for (const { InputName: name, S3Input: input } of config?.ProcessingInputs ?? []) {
    if (input === null || input === undefined) {
      problems.add(`input ${name}: there is no S3Input`);
      continue;
    }
    if (input.S3InputMode === 'Pipe') {
      throw new UnsupportedError('an input is in pipe mode', {
        expected: 'S3InputMode File',
        found: `Pipe for input ${name}`,
        remedy: 'Parquet is read from its end: use File.',
      });
    }
    const directory = relocate(input.LocalPath, paths.root);
    // A host beyond the number of objects is given no folder for a sharded input.
    const sharded = input.S3DataDistributionType === 'ShardedByS3Key';
    if (!sharded && (await stat(directory).catch(() => null)) === null)
      problems.add(`input ${name}: there is no folder ${directory}`);
    inputs[name] = { name, directory, sharded };
  }
  const outputs: Record<string, string> = {};
  for (const { OutputName: name, S3Output: output } of config?.ProcessingOutputConfig?.Outputs ?? []) {
    if (output === null || output === undefined) problems.add(`output ${name}: there is no S3Output`);
    else outputs[name] = relocate(output.LocalPath, paths.root);
  }
  problems.throwIfAny();
  return { paths, inputs, outputs, hosts, jobName: config?.ProcessingJobName ?? 'local' };
}
