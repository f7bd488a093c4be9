import { parseWeek, type ProgressEvent, type Week } from '@hemline/core';
import { openDataset, type Dataset } from '@hemline/runtime';

/** Who is told what work does, while it does it. All of it may be left out. */
export interface WorkListener {
  /** How far a part of the work has come: a model, `validate`, a variant. */
  onProgress?(part: string, event: ProgressEvent): void;
  /** A part is done, where it ends before the rest. */
  onDone?(part: string): void;
  /** A line for the person who waits. */
  onNotice?(text: string): void;
}

/** What all work takes that may last. */
export interface WorkOptions extends WorkListener {
  /** Raised to stop; what is whole is kept, and the work ends with an InterruptedError. */
  readonly signal?: AbortSignal;
}

/** Where runs, trained models and the registry are kept. */
export interface HomeOption {
  /** By default `HEMLINE_HOME`, else `.hemline` in the current folder. */
  readonly home?: string;
}

/** What work takes that leaves the record of a run. */
export interface RecordOptions extends WorkOptions, HomeOption {
  /** MLflow tracking server that shows the run as well; by default `MLFLOW_TRACKING_URI`. */
  readonly mlflow?: string;
  /** What the record says was started; by default the name of the function. */
  readonly command?: readonly string[];
}

/** The dataset that work is done on. */
export interface DataOptions {
  /** Folder of the dataset: Parquet files, with a `dataset.json` or the default names. */
  readonly data: string;
  /** A `dataset.json` that lies elsewhere, for data whose folder is not ours to write to. */
  readonly descriptor?: string;
}

/** A week as people write it, `YYYY-MM-DD`, or as a number of days. */
export type WeekLike = Week | string;

/**
 * @param week in either form
 * @returns the week
 * @throws DataError when it is no date
 */
export function weekOf(week: WeekLike): Week {
  return typeof week === 'string' ? parseWeek(week) : week;
}

/**
 * Opens the dataset of some work.
 * @param options folder and descriptor
 * @returns the dataset; no row has been read
 */
export function openData({ data, descriptor }: DataOptions): Promise<Dataset> {
  return openDataset(data, descriptor === undefined ? {} : { descriptor });
}

/** Hyperparameters by name, as a command line or a program gives them. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * Hyperparameters as the platform hands them over: all of them text, the preset among them.
 * @param hyperparameters by name
 * @param preset of the model, below them
 * @returns text by name
 */
export function settingsText(
  hyperparameters: Settings = {},
  preset: string | undefined = undefined,
): Record<string, string> {
  const entries = Object.entries(hyperparameters).map(([name, value]) => [name, String(value)] as const);
  return { ...Object.fromEntries(entries), ...(preset === undefined ? {} : { preset }) };
}
