import type { ImageSpec } from '../spec/image-spec.ts';

/** One job of an image's test. */
export interface JobStep {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly kind: 'training' | 'processing';
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
    kind: 'training',
    inputs: ['dataset'],
    outputs: [],
    made: ['model', 'output/data'],
  },
  {
    program: 'process',
    // Two threads, so that modules of threads are found in the image as well.
    arguments: ['--step', 'forecast', '--horizon', '4', '--discounts', '0,0.3', '--threads', '2'],
    kind: 'processing',
    inputs: ['dataset', 'model'],
    outputs: ['forecast'],
    made: ['processing/output/forecast'],
  },
  {
    program: 'check',
    arguments: ['--tables', 'weekly,articles'],
    kind: 'processing',
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
