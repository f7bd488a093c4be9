import { ConfigurationError } from '@hemline/core';
import { checkLaunch, openSageMaker } from '@hemline/sagemaker/submit';
import { isS3, openStore } from '@hemline/stores';
import { unitsOf } from '../plan.ts';
import { UnitJobs, type UnitJobsOptions } from '../units/unit-jobs.ts';
import { unitJobName, unitRequest, type UnitJobSettings } from '../units/unit-request.ts';
import type { ExperimentPlace } from './experiment-place.ts';

/** What fits on SageMaker are told. */
export interface SageMakerPlaceOptions
  extends
    Pick<UnitJobSettings, 'data' | 'descriptor' | 'settingsOf'>,
    Pick<UnitJobsOptions, 'failureOf'>,
    Partial<Pick<UnitJobsOptions, 'stopOnInterrupt'>> {
  /** Type of the instances. */
  readonly instance: string;
  /** Image, in which `{model}` stands for the model. */
  readonly image?: string;
  /** Most hours that a job may run. */
  readonly hours: number;
  /** Folder in S3 below which experiments leave their scores. */
  readonly output?: string;
  readonly parallel?: number;
  /** Seconds between two looks at a job. */
  readonly poll: number;
}

/** Jobs at the same time: few accounts may have many more without asking. */
const MOST_JOBS = 8;

/**
 * Fits as jobs of SageMaker, each the step `backtest` of its model's image.
 * @param experiment its name
 * @param options of the jobs
 * @returns the place
 * @throws ConfigurationError when data or output are not in S3, or image or role are missing
 */
export function sageMakerPlace(experiment: string, options: SageMakerPlaceOptions): ExperimentPlace {
  const { data, descriptor, instance, parallel = MOST_JOBS, poll, stopOnInterrupt = false } = options;
  const { settingsOf, failureOf } = options;
  inS3('the dataset', '--data s3://bucket/prefix', data, `Copy it first: aws s3 sync ${data} s3://….`);
  if (descriptor !== undefined)
    inS3('the descriptor', '--descriptor s3://bucket/…/dataset.json', descriptor, 'Copy it beside the data.');
  inS3('the output', '--output s3://bucket/prefix', options.output, 'Jobs leave their scores there.');
  const output = options.output!.replace(/\/+$/, '');
  const settings: UnitJobSettings = { data, descriptor, settingsOf, experiment, output };
  return {
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
        ...{
          ...context,
          say,
          settings,
          failureOf,
          stopOnInterrupt,
          most: parallel,
          pollMilliseconds: 1000 * poll,
        },
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
