import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError, isSystemError, systemError } from '@hemline/core';

/** A model that a local training left, and where it came from. */
export interface TrainedModel {
  readonly model: string;
  /** Name of the dataset that it was trained on: a model of other data must never stand in. */
  readonly dataset: string;
  readonly run: string;
  /** Folder with the artifact. */
  readonly directory: string;
  /** ISO date of the last week it knows. */
  readonly cutoff: string;
  /** Fingerprint of the data it was trained on. */
  readonly data: string;
}

/**
 * Where the command keeps what it makes on this machine: `runs/<run>/` with the record of a run and the fabricated roots of
 * its jobs, `models/<dataset>/<model>.json` naming the latest trained model, `registry/` with the versions of models.
 */
export class Home {
  readonly directory: string;

  /** @param directory by default `HEMLINE_HOME`, else `.hemline` in the current folder */
  constructor(directory: string = process.env['HEMLINE_HOME'] ?? '.hemline') {
    this.directory = resolve(directory);
  }

  /**
   * Makes sure that the home can be written to, before any work is done for it.
   * @returns itself
   * @throws ConfigurationError when it is a file, or may not be written; StoreError when the disk is full
   */
  prepared(): this {
    const wrong = (cause: unknown): unknown =>
      isSystemError(cause)
        ? new ConfigurationError('the home of hemline cannot be written', {
            expected: 'a folder that may be written, or none yet',
            found: systemError(cause, this.directory).found,
            where: { file: this.directory },
            remedy: 'Name another with HEMLINE_HOME (of "hemline run": --out), or mend its permissions.',
            cause,
          })
        : cause;
    try {
      mkdirSync(this.runs, { recursive: true });
      // Of the superuser permissions are not asked, of a read-only file system they are.
      accessSync(this.directory, constants.W_OK);
      accessSync(this.runs, constants.W_OK);
    } catch (cause) {
      throw wrong(cause);
    }
    return this;
  }

  /** Folder with a folder for each run. */
  get runs(): string {
    return join(this.directory, 'runs');
  }

  /**
   * @param run its id
   * @returns its folder, whether it is there or not
   */
  runFolder(run: string): string {
    return join(this.runs, encodeURIComponent(run));
  }

  /**
   * Makes the folder of a new run. Names sort by time and are unique.
   * @param label what is run: `train`, `weekly`
   * @returns name and folder
   */
  newRun(label: string): { readonly run: string; readonly directory: string } {
    const { runs } = this;
    mkdirSync(runs, { recursive: true });
    const stamp = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, '').toLowerCase();
    for (let attempt = 0; ; attempt++) {
      const run = `${label}-${stamp}${attempt === 0 ? '' : `-${attempt}`}`;
      try {
        mkdirSync(join(runs, run));
        return { run, directory: join(runs, run) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /**
   * Makes a trained model the latest of its name and dataset.
   * @param trained what a training left
   */
  remember(trained: TrainedModel): void {
    const file = this.#file(trained.model, trained.dataset);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, `${JSON.stringify(trained, null, 2)}\n`);
    renameSync(`${file}.tmp`, file);
  }

  /**
   * @param model name
   * @param dataset name
   * @returns the latest model of that name that was trained on that dataset, or null
   */
  latest(model: string, dataset: string): TrainedModel | null {
    try {
      return JSON.parse(readFileSync(this.#file(model, dataset), 'utf8')) as TrainedModel;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /**
   * @param model name
   * @param dataset name
   * @returns the latest model of that name that was trained on that dataset
   * @throws ConfigurationError when there is none
   */
  require(model: string, dataset: string): TrainedModel {
    const trained = this.latest(model, dataset);
    if (trained !== null) return trained;
    let known: string[] = [];
    try {
      known = readdirSync(dirname(this.#file(model, dataset))).map((file) => file.replace(/\.json$/, ''));
    } catch {
      // No model was trained here yet.
    }
    throw new ConfigurationError(`${model} has not been trained on ${dataset} here`, {
      expected: `a trained model below ${this.directory}`,
      found: known.length === 0 ? 'none' : known.join(', '),
      remedy: `Run "hemline train ${model} --data DIR" first, or name a folder with --model-dir.`,
    });
  }

  #file(model: string, dataset: string): string {
    return join(this.directory, 'models', encodeURIComponent(dataset), `${model}.json`);
  }
}

/**
 * Where the prices of instances are: `HEMLINE_PRICES`, else `prices.json` of the home.
 * @param home of the command
 * @returns path of the file, which need not be there
 */
export function pricesFile(home: Home): string {
  return process.env['HEMLINE_PRICES'] ?? join(home.directory, 'prices.json');
}
