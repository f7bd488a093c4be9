import { join, resolve } from 'node:path';

/** Where SageMaker mounts a container's files. */
export const SAGEMAKER_ROOT = '/opt/ml';

/** Every path of the contract, below a root that may lie elsewhere. */
export interface RootPaths {
  readonly root: string;
  readonly hyperparameters: string;
  readonly inputDataConfig: string;
  readonly trainingResourceConfig: string;
  readonly inputData: string;
  readonly model: string;
  readonly outputData: string;
  readonly failure: string;
  readonly message: string;
  readonly checkpoints: string;
  readonly processingJobConfig: string;
  readonly processingResourceConfig: string;
  readonly processingInput: string;
}

/**
 * The paths of a container's root.
 * @param environment `SAGEMAKER_BASE_DIR` moves the root, as in SageMaker's own toolkit
 * @returns absolute paths
 */
export function rootPaths(environment: NodeJS.ProcessEnv = process.env): RootPaths {
  const root = resolve(environment['SAGEMAKER_BASE_DIR'] ?? SAGEMAKER_ROOT);
  return {
    root,
    hyperparameters: join(root, 'input', 'config', 'hyperparameters.json'),
    inputDataConfig: join(root, 'input', 'config', 'inputdataconfig.json'),
    trainingResourceConfig: join(root, 'input', 'config', 'resourceconfig.json'),
    inputData: join(root, 'input', 'data'),
    model: join(root, 'model'),
    outputData: join(root, 'output', 'data'),
    failure: join(root, 'output', 'failure'),
    message: join(root, 'output', 'message'),
    checkpoints: join(root, 'checkpoints'),
    processingJobConfig: join(root, 'config', 'processingjobconfig.json'),
    processingResourceConfig: join(root, 'config', 'resourceconfig.json'),
    processingInput: join(root, 'processing', 'input'),
  };
}

/**
 * Moves a path of the contract below a root that lies elsewhere.
 * @param path as the platform gives it, below `/opt/ml`
 * @param root in use
 * @returns the path to use; one outside `/opt/ml` stays as it is
 */
export function relocate(path: string, root: string): string {
  return path === SAGEMAKER_ROOT || path.startsWith(`${SAGEMAKER_ROOT}/`)
    ? join(root, path.slice(SAGEMAKER_ROOT.length))
    : path;
}
