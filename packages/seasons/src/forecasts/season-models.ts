import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DataError,
  formatWeek,
  Tables,
  type AnyModel,
  type FittedModel,
  type TableName,
  type Week,
} from '@hemline/core';
import {
  CARD_FILE,
  codeVersion,
  loadMembers,
  openArtifact,
  writeArtifact,
  type Dataset,
} from '@hemline/runtime';

/** A model with its hyperparameters, typed. */
export interface SeasonModel {
  readonly model: AnyModel;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** Models of a season, trained every few weeks. What was trained is kept in the folder, so that a season goes on with the very same. */
export class SeasonModels {
  readonly #models: readonly SeasonModel[];
  readonly #every: number;
  readonly #seed: number;
  #fitted: { readonly since: number; readonly models: readonly FittedModel[] } | null = null;

  /**
   * @param models to be trained
   * @param every so many weeks, from the first on
   * @param seed of the trainings
   */
  constructor(models: readonly SeasonModel[], every: number, seed: number) {
    this.#models = models;
    this.#every = every;
    this.#seed = seed;
  }

  /**
   * @param number of the week, from 0
   * @returns whether the models are trained in it
   */
  isTrainedIn(number: number): boolean {
    return number % this.#every === 0;
  }

  /**
   * The models of a week: those of the week before, or trained on what is known now.
   * @param number of the week, from 0
   * @param cutoff last week that is known
   * @param dataset as it is known
   * @param folder in which they are kept
   * @param signal stops a training
   * @returns them, in the order given
   * @throws DataError when those that should be kept are not there
   */
  async at(
    number: number,
    cutoff: Week,
    dataset: Dataset,
    folder: string,
    signal?: AbortSignal,
  ): Promise<readonly FittedModel[]> {
    const since = number - (number % this.#every);
    if (this.#fitted?.since === since) return this.#fitted.models;
    this.dispose();
    const kept = join(folder, 'models');
    const models: FittedModel[] = [];
    for (const each of this.#models) {
      const directory = join(kept, String(since), each.model.name);
      const isKept = existsSync(join(directory, CARD_FILE));
      if (!isKept && since !== number)
        throw new DataError('a model of the season is not there', {
          expected: `${each.model.name} as it was trained in week ${since + 1}`,
          found: 'nothing',
          where: { file: directory },
          remedy: `Delete ${folder}: this season is then played from its beginning.`,
        });
      models.push(
        isKept
          ? await load(each.model, directory)
          : await this.#train(each, cutoff, dataset, directory, signal),
      );
    }
    this.#fitted = { since, models };
    for (const name of await readdir(kept))
      if (name !== String(since)) await rm(join(kept, name), { recursive: true, force: true });
    return models;
  }

  /** Frees what is not garbage-collected. */
  dispose(): void {
    for (const fitted of this.#fitted?.models ?? []) fitted.dispose();
    this.#fitted = null;
  }

  async #train(
    { model, hyperparameters }: SeasonModel,
    cutoff: Week,
    dataset: Dataset,
    directory: string,
    signal: AbortSignal | undefined,
  ): Promise<FittedModel> {
    const job = {
      cutoff,
      seed: this.#seed,
      members: await loadMembers(model),
      ...(signal === undefined ? {} : { signal }),
    };
    const fitted = await model.fit(job, inputsOf(model, 'fit', dataset.tables.asOf(cutoff)), hyperparameters);
    const facts = {
      ...{ model: model.name, modelVersion: model.version, quantity: model.quantity, hyperparameters },
      ...{ cutoff: formatWeek(cutoff), seed: this.#seed },
      ...{
        dataFingerprint: dataset.fingerprint,
        codeVersion: codeVersion(process.env),
        runId: `season #${this.#seed}`,
      },
      metrics: fitted.metrics,
    };
    await writeArtifact(directory, facts, (artifact) => fitted.save(artifact));
    return fitted;
  }
}

async function load(model: AnyModel, directory: string): Promise<FittedModel> {
  const { artifact } = await openArtifact(directory, model);
  return model.load(artifact, await loadMembers(model));
}

/**
 * @param model any
 * @param step that reads
 * @param tables that there are
 * @returns those that the model declares for the step
 */
export function inputsOf(model: AnyModel, step: 'fit' | 'predict', tables: Tables): Tables {
  const declared = Object.keys(model.inputs[step]) as TableName[];
  return new Tables(declared.flatMap((name) => tables.find(name) ?? []));
}
