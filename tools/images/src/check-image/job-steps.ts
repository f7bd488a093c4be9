import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  localSettings,
  processingRequest,
  trainingRequest,
  type JobInput,
  type JobRequest,
} from '@hemline/sagemaker/requests';
import type { ImageSpec } from '../spec/image-spec.ts';

/** One job of an image's test. */
export interface JobStep {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly kind: 'train' | 'process';
  /** Inputs: `dataset` is the simulated market, `model` what the training before has left. */
  readonly inputs: readonly ('dataset' | 'model')[];
  readonly outputs: readonly string[];
  /** Folders of the root that hold what the job has made. */
  readonly made: readonly string[];
}

const STEPS: readonly JobStep[] = [
  {
    program: 'train',
    arguments: [],
    kind: 'train',
    inputs: ['dataset'],
    outputs: [],
    made: ['model', 'output/data'],
  },
  {
    program: 'process',
    // Two threads, so that modules of threads are found in the image as well.
    arguments: ['--step', 'forecast', '--horizon', '4', '--discounts', '0,0.3', '--threads', '2'],
    kind: 'process',
    inputs: ['dataset', 'model'],
    outputs: ['forecast'],
    made: ['processing/output/forecast'],
  },
  {
    program: 'check',
    arguments: ['--tables', 'weekly,articles'],
    kind: 'process',
    inputs: ['dataset'],
    outputs: ['facts'],
    made: ['processing/output/facts'],
  },
];

/**
 * The jobs that an image is tested with: one for each of its programs.
 * @param spec of the image
 * @returns them in the order in which they need each other
 */
export function jobSteps({ programs }: ImageSpec): JobStep[] {
  return STEPS.filter(({ program }) => programs[program] !== undefined);
}

/** What the jobs of a test have in common. */
export interface StepJobs {
  readonly image: string;
  /** Folder of the jobs: each has its root in `<folder>/<program>`. */
  readonly folder: string;
  /** Folder of the simulated market. */
  readonly dataset: string;
  /** Of the training. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The request of a step; its name is the same everywhere, so that cards and metadata are the same.
 * @param step of a test
 * @param jobs what they have in common
 * @returns the job
 */
export function stepRequest(step: JobStep, jobs: StepJobs): JobRequest {
  const { image, folder, dataset, hyperparameters, environment } = jobs;
  const places = { dataset, model: join(folder, 'train', 'model') };
  const placeOf = (name: string, path: string): JobInput => ({ name, uri: pathToFileURL(path).href });
  const inputs = step.inputs.map((name) => placeOf(name, places[name]));
  const settings = localSettings('image-test', image, environment);
  if (step.kind === 'train') {
    const output = pathToFileURL(folder).href;
    const request = { ...settings, hyperparameters, channels: inputs, output, metricDefinitions: [] };
    return { kind: 'train', request: trainingRequest(request) };
  }
  const outputs = step.outputs.map((name) => placeOf(name, join(folder, step.program, name)));
  const { program, arguments: texts } = step;
  const request = { ...settings, entrypoint: [program], arguments: texts, inputs, outputs };
  return { kind: 'process', request: processingRequest(request) };
}
