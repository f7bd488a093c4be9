import { ConfigurationError } from '@hemline/core';
import { MODELS_AT_ONCE, MOST_MODELS_AT_ONCE } from '../declaration/compute.ts';
import type { Declaration } from '../declaration/declaration.ts';

/** Digests of an image, by what machines it is for: `sha256:…`. */
export interface ImageDigests {
  readonly cpu: string;
  readonly gpu?: string;
}

/** One deployment: staging and production differ in these, and in nothing else. */
export interface Deployment {
  /** `staging`, `production`; part of every name. */
  readonly stage: string;
  /** AWS account; by default the one that the command line is signed in to. */
  readonly account?: string;
  readonly region?: string;
  readonly declaration: Declaration;
  /** Registry of the images; by default the account's own. Images are `<registry>/hemline/<model>:<tag>`. */
  readonly imageRegistry?: string;
  /** Tag of the images: a commit. */
  readonly imageTag: string;
  /** Digests of the images that the tag names, by image (`data` too): jobs then name theirs by digest. */
  readonly imageDigests?: Readonly<Record<string, ImageDigests>>;
  /** Whether jobs on machines with a GPU take the image that is made for it, `<registry>/hemline/<model>:<tag>-gpu`; true by default. */
  readonly gpuImages?: boolean;
  /**
   * Models whose jobs run at the same time, 3 by default: times the machines of one job it is what the account's quota has to bear. A
   * model more than that waits for one to end.
   */
  readonly modelsAtOnce?: number;
  /** Network that jobs run in; by default SageMaker's own. */
  readonly network?: {
    /** At least one, of zones that have the machines; from there S3, ECR, KMS and CloudWatch have to be reached. */
    readonly subnets: readonly string[];
    /** One to five. */
    readonly securityGroups: readonly string[];
  };
  /** Whether a run starts by itself: on arrivals, or on a schedule as well (cron in UTC). */
  readonly triggers: {
    readonly onTrainingData: boolean;
    readonly onInferenceData: boolean;
    /** When the weekly run begins on what there is; none: only on arrivals. */
    readonly weekly?: { readonly weekDay: string; readonly hour: string; readonly minute: string };
  };
  /** Who is told; further subscriptions can be added to the topic. */
  readonly emails: readonly string[];
  /**
   * Days that everything is kept that runs leave (results, forecasts, checkpoints), earlier versions of objects, and logs, which CloudWatch
   * keeps a little longer where it does not know that number. Without an end are kept the versions of models, and the data that is delivered.
   */
  readonly keepDays: number;
  /** Whether deleting the stack deletes the data. */
  readonly disposable: boolean;
  /** Tags by which costs are told apart. */
  readonly costTags: Readonly<Record<string, string>>;
}

/**
 * @param deployment of a stage
 * @returns models at once
 * @throws ConfigurationError for a number that there cannot be
 */
export function modelsAtOnceOf({
  modelsAtOnce = MODELS_AT_ONCE,
  stage,
}: Pick<Deployment, 'modelsAtOnce' | 'stage'>): number {
  if (Number.isInteger(modelsAtOnce) && modelsAtOnce >= 1 && modelsAtOnce <= MOST_MODELS_AT_ONCE)
    return modelsAtOnce;
  throw new ConfigurationError(`the deployment ${stage} cannot have so many models at once`, {
    expected: `modelsAtOnce: a whole number from 1 to ${MOST_MODELS_AT_ONCE}`,
    found: String(modelsAtOnce),
    remedy: 'Take as many as the quota of the account bears, times the machines of one job.',
  });
}
