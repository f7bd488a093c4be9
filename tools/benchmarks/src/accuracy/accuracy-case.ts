import type { SuiteReport } from './suite-report.ts';

/** What an accuracy case is asked. */
export interface AccuracyOptions {
  /** Names of the data; null: all there are. */
  readonly data: readonly string[] | null;
  /** Our models, the one that users get first; null: those of the suite that the workspace has. */
  readonly models: readonly string[] | null;
  /** Last known weeks of the backtests, as dates; null: the announced ones. */
  readonly cutoffs: readonly string[] | null;
  /** Of our models, and of LightGBM on public data. */
  readonly seeds: readonly number[];
  /** Articles of simulated data; null: its default. */
  readonly articles: number | null;
  /** Seeds of simulated data: which markets there are, not how they are learnt; null: the announced ones. */
  readonly marketSeeds: readonly number[] | null;
  /** Earlier windows and other markets in the place of the announced ones: those that choices are made on. */
  readonly validation: boolean;
  /** Further arguments of our models' trainings: `--set name=value`, `--preset name`. */
  readonly training: readonly string[];
  readonly onRun: (name: string) => void;
}

/** A named benchmark of how good forecasts are. */
export interface AccuracyCase {
  readonly name: string;
  readonly description: string;
  score(options: AccuracyOptions): Promise<SuiteReport>;
}
