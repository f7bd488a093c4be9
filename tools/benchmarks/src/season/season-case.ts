import type { SeasonResult } from '@hemline/seasons';

/** What a benchmark of policies is asked. */
export interface SeasonCaseOptions {
  /** As `hemline season` names them; null: those of the case. */
  readonly policies: readonly string[] | null;
  /** Seeds of the markets; null: those of the case. */
  readonly seeds: readonly number[] | null;
  /** Articles of each market; null: as many as the command plays. */
  readonly articles: number | null;
  /** Further arguments: `--set model.name=value`. */
  readonly training: readonly string[];
  readonly onRun: (name: string) => void;
}

/** What policies came to, and what it took. */
export interface SeasonReport {
  readonly title: string;
  readonly policies: SeasonResult['policies'];
  readonly notes: SeasonResult['notes'];
  /** Of this start; a season that an earlier start has played is not played again. */
  readonly seconds: number;
  readonly spent: readonly {
    readonly policy: string;
    readonly seed: number;
    readonly seconds: Readonly<Record<string, number>>;
  }[];
}

/** A named benchmark of what policies earn. */
export interface SeasonCase {
  readonly name: string;
  readonly description: string;
  play(options: SeasonCaseOptions): Promise<SeasonReport>;
}
