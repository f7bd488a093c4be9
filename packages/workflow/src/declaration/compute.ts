/** The machines of one job. */
export interface Compute {
  /** SageMaker's name: `ml.m5.xlarge`. */
  readonly instanceType: string;
  /** Machines at once, 1 to 100. More than one only where a job spreads over hosts: `forecast`, `features` and `optimise`. */
  readonly instances: number;
  /** Spare capacity at a fraction of the price, which may be taken away: only trainings, which resume from checkpoints. */
  readonly spot: boolean;
  /** Most hours that the job may run. */
  readonly maximumHours: number;
  /** Disk of each machine: the job's inputs and outputs have to fit. */
  readonly volumeGiB: number;
}

/** Which kind of job. */
export type JobKind = 'check' | 'features' | 'train' | 'evaluate' | 'forecast' | 'optimise';

/** What a job gets unless the declaration says otherwise: right for averages on a million articles. */
export const DEFAULT_COMPUTE: Readonly<Record<JobKind, Compute>> = {
  check: { instanceType: 'ml.m5.4xlarge', instances: 1, spot: false, maximumHours: 2, volumeGiB: 500 },
  features: { instanceType: 'ml.m5.4xlarge', instances: 1, spot: false, maximumHours: 6, volumeGiB: 500 },
  train: { instanceType: 'ml.m5.4xlarge', instances: 1, spot: false, maximumHours: 6, volumeGiB: 500 },
  evaluate: { instanceType: 'ml.m5.4xlarge', instances: 1, spot: false, maximumHours: 2, volumeGiB: 500 },
  forecast: { instanceType: 'ml.m5.4xlarge', instances: 4, spot: false, maximumHours: 6, volumeGiB: 200 },
  // On one machine the forecasts of all articles are held in memory at once.
  optimise: { instanceType: 'ml.r5.12xlarge', instances: 1, spot: false, maximumHours: 6, volumeGiB: 500 },
};

/** Models at once unless a deployment says otherwise: of four machines each, twelve. */
export const MODELS_AT_ONCE = 3;

/** More do not start at once in a map of Step Functions. */
export const MOST_MODELS_AT_ONCE = 40;

/**
 * @param instanceType of SageMaker
 * @returns whether such a machine has a GPU of NVIDIA, for which images of their own are made
 */
export function hasGpu(instanceType: string): boolean {
  return /^ml\.[pg]\d/.test(instanceType);
}
