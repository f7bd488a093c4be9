import { evaluate, launch, processingLaunch, train, trainingLaunch, type Settings } from '@hemline/hemline';
import { openStore } from '@hemline/stores';

/** What a training left. */
export interface Trained {
  readonly run: string;
  /** The model: a folder of this machine, or the `model.tar.gz` in S3. */
  readonly artifact: string;
}

/** What a model is trained with. */
export interface Training {
  /** Last week that it may know, YYYY-MM-DD. */
  readonly cutoff: string;
  readonly hyperparameters?: Settings;
}

/** How good a model was on weeks that it had not seen. */
export interface Scores {
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly byWeekAhead: readonly {
    readonly weekAhead: number;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

/** The jobs of production, wherever they run. */
export interface Jobs {
  /**
   * The `train` entrypoint of a model's image.
   * @param model its name
   * @param training last week that it may know, hyperparameters
   */
  train(model: string, training: Training): Promise<Trained>;
  /**
   * The step `evaluate` of its `process` entrypoint.
   * @param model its name
   * @param trained what is scored
   * @param window last week that the model may know, and weeks after it
   */
  evaluate(
    model: string,
    trained: Trained,
    window: { readonly cutoff: string; readonly horizon: number },
  ): Promise<Scores>;
}

/**
 * Jobs as processes of this machine, on a fabricated `/opt/ml`.
 * @param data folder of the dataset
 * @returns the jobs
 */
export function jobsHere(data: string): Jobs {
  return {
    async train(model, training) {
      const { run, directory } = await train(model, { data, ...training });
      return { run, artifact: directory };
    },
    evaluate: (model, { artifact }, window) => evaluate(model, { data, ...window, modelDir: artifact }),
  };
}

/** Where jobs of SageMaker find and leave what, and what they run on; role and image come from the environment. */
export interface SageMakerJobs {
  /** Dataset, `s3://…`. */
  readonly data: string;
  /** Folder for models and scores, `s3://…`. */
  readonly output: string;
  /** Such as `ml.m5.4xlarge`. */
  readonly instance: string;
  /** Seconds between two looks at a job. */
  readonly poll?: number;
}

/**
 * The same as jobs of SageMaker, with the image that production runs (`HEMLINE_IMAGE`, `HEMLINE_ROLE`).
 * @param where data, output, instance
 * @returns the jobs
 */
export function jobsOnSageMaker({ data, output, instance, poll = 5 }: SageMakerJobs): Jobs {
  return {
    async train(model, training) {
      const place = { data, instance, output: `${output}/models` };
      const { name, artifact } = await launch(await trainingLaunch(model, { ...place, ...training }), {
        poll,
      });
      return { run: name, artifact: artifact! };
    },
    async evaluate(model, { run, artifact }, window) {
      const scores = `${output}/evaluations/${run}`;
      const place = { data, instance, output: scores, modelUri: artifact };
      await launch(await processingLaunch(model, { step: 'evaluate', ...place, ...window }), { poll });
      const bytes = await (await openStore(scores)).read('metrics.json');
      if (bytes === null) throw new Error(`the job is complete and left no metrics.json in ${scores}`);
      return JSON.parse(new TextDecoder().decode(bytes)) as Scores;
    },
  };
}
