import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What SageMaker would tell a job, and where its data lies on this machine. */
export interface JobRoot {
  /** Folders to copy in, by the name of the channel or input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Training: as the platform hands them over. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Processing: names of the outputs. */
  readonly outputs?: readonly string[];
}

const HOST = { current_host: 'algo-1', hosts: ['algo-1'] };

/**
 * Lays out the folder that SageMaker mounts at `/opt/ml` of a training container. The data is copied: links would lead nowhere
 * in a container.
 * @param root a new folder
 * @param job inputs and hyperparameters
 */
export async function layOutTraining(root: string, { inputs, hyperparameters = {} }: JobRoot): Promise<void> {
  const config = join(root, 'input', 'config');
  for (const folder of [config, ...['model', 'output/data', 'checkpoints'].map((name) => join(root, name))])
    await mkdir(folder, { recursive: true });
  for (const [name, folder] of Object.entries(inputs))
    await cp(folder, join(root, 'input', 'data', name), { recursive: true });
  const channel = {
    TrainingInputMode: 'File',
    S3DistributionType: 'FullyReplicated',
    RecordWrapperType: 'None',
  };
  await writeJson(join(config, 'hyperparameters.json'), hyperparameters);
  await writeJson(
    join(config, 'inputdataconfig.json'),
    Object.fromEntries(Object.keys(inputs).map((name) => [name, channel])),
  );
  await writeJson(join(config, 'resourceconfig.json'), { ...HOST, network_interface_name: 'eth0' });
  await openToAll(root);
}

/**
 * Lays out the folder that SageMaker mounts at `/opt/ml` of a processing container.
 * @param root a new folder
 * @param job inputs and outputs
 */
export async function layOutProcessing(root: string, { inputs, outputs = [] }: JobRoot): Promise<void> {
  const config = join(root, 'config');
  for (const folder of [config, join(root, 'output'), ...outputs.map((name) => outputOf(root, name))])
    await mkdir(folder, { recursive: true });
  for (const [name, folder] of Object.entries(inputs))
    await cp(folder, join(root, 'processing', 'input', name), { recursive: true });
  await writeJson(join(config, 'resourceconfig.json'), HOST);
  await writeJson(join(config, 'processingjobconfig.json'), {
    ProcessingJobName: 'image-test',
    ProcessingInputs: Object.keys(inputs).map((name) => ({
      InputName: name,
      AppManaged: false,
      S3Input: {
        S3Uri: `s3://image-test/${name}`,
        LocalPath: `/opt/ml/processing/input/${name}`,
        S3DataType: 'S3Prefix',
        S3InputMode: 'File',
        S3DataDistributionType: 'FullyReplicated',
        S3CompressionType: 'None',
      },
    })),
    ProcessingOutputConfig: {
      Outputs: outputs.map((name) => ({
        OutputName: name,
        AppManaged: false,
        S3Output: {
          S3Uri: `s3://image-test/${name}`,
          LocalPath: `/opt/ml/processing/output/${name}`,
          S3UploadMode: 'EndOfJob',
        },
      })),
    },
    StoppingCondition: null,
  });
  await openToAll(root);
}

/**
 * @param root of a processing job
 * @param name of an output
 * @returns its folder
 */
export function outputOf(root: string, name: string): string {
  return join(root, 'processing', 'output', name);
}

/** Whichever user a container runs as may write, as on the platform. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o777);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else await chmod(path, 0o666);
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
