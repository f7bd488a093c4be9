import { ConfigurationError } from '@hemline/core';
import { unitsOf } from '@hemline/experiments';
import { isS3, openStore } from '@hemline/stores';
import { checkLaunch, openSageMaker } from '@hemline/sagemaker/submit';
import type { JobOptions } from '../commands/launch-options.ts';
import type { ExperimentPlace } from './experiment-place.ts';
import { UnitJobs } from './unit-jobs.ts';
import { unitJobName, unitRequest, type UnitJobSettings } from './unit-request.ts';

/** What fits on SageMaker are told. */
export interface SageMakerPlaceOptions extends JobOptions {
  readonly data: string;
  readonly descriptor?: string;
  /** Folder in S3 below which experiments leave their scores. */
  readonly output?: string;
  readonly parallel?: number;
  /** Seconds between two looks at a job. */
  readonly poll: number;
  readonly stopOnInterrupt?: boolean;
}

/** Jobs at the same time: few accounts may have many more without asking. */
const MOST_JOBS = 8;

/**
 * Fits as jobs of SageMaker, each the step `backtest` of its model's image.
 * @param experiment its name
 * @param options of the command line
 * @returns the place
 * @throws ConfigurationError when data or output are not in S3, or image or role are missing
 */
export function sageMakerPlace(experiment: string, options: SageMakerPlaceOptions): ExperimentPlace {
  const { data, descriptor, instance, parallel = MOST_JOBS, poll, stopOnInterrupt = false } = options;
  inS3('the dataset', '--data s3://bucket/prefix', data, `Copy it first: aws s3 sync ${data} s3://….`);
  if (descriptor !== undefined)
    inS3('the descriptor', '--descriptor s3://bucket/…/dataset.json', descriptor, 'Copy it beside the data.');
  inS3('the output', '--output s3://bucket/prefix', options.output, 'Jobs leave their scores there.');
  const output = options.output!.replace(/\/+$/, '');
  const settings: UnitJobSettings = { ...options, experiment, output };
  return {
    notice: stopOnInterrupt
      ? 'Stopping; finished fits are kept, jobs under way are told to stop, and the same command goes on.'
      : 'Leaving; jobs under way go on, and the same command goes on with them.',
    // Where code is not at hand its image stands for it.
    code: `image ${options.image ?? ''}`,
    checksData: false,
    resources: { instanceType: instance, instances: 1 },
    parameters: { instance, image: options.image ?? '', output },
    parallel: () => parallel,
    check: async (plan) => {
      for (const unit of unitsOf(plan))
        await checkLaunch(unitRequest(settings, unit, unitJobName(settings, unit, 1)));
    },
    open: async ({ plan, say, ...context }) => {
      const fits = unitsOf(plan).length;
      say(
        `${fits} fits as jobs on ${instance}, ${Math.min(parallel, fits)} at a time, ${options.hours} hours each at most`,
      );
      return new UnitJobs({
        ...{ ...context, say, settings, stopOnInterrupt, most: parallel, pollMilliseconds: 1000 * poll },
        sageMaker: await openSageMaker(),
        store: await openStore(`${output}/${experiment}`),
      });
    },
  };
}

function inS3(what: string, expected: string, found: string | undefined, remedy: string): void {
  if (found !== undefined && isS3(found)) return;
  throw new ConfigurationError(`${what} of jobs on SageMaker has to be in S3`, {
    expected,
    found: found ?? 'nothing',
    remedy,
  });
}
