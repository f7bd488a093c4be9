import type { Verdict } from '../harness/contestant.ts';
import { dataMeans, type DataMean } from './data-mean.ts';
import { suiteVerdicts, type Judged } from './suite-verdicts.ts';
import { meanOf, type WindowScore } from './window-score.ts';

/** A forecaster's scores in one window, the means over its seeds. */
export interface WindowMean extends Omit<WindowScore, 'seed' | 'articles' | 'coverage' | 'parts' | 'lift'> {
  readonly seeds: number;
  /** Standard deviation of the error over seeds; null of a single one. */
  readonly seedSpread: number | null;
}

/** What the suite came to. */
export interface SuiteReport {
  readonly title: string;
  readonly windows: readonly WindowMean[];
  readonly means: readonly DataMean[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly verdicts: readonly Verdict[];
}

/** What a report is made from. */
export interface SuiteResults extends Judged {
  readonly title: string;
  readonly scores: readonly WindowScore[];
  readonly skipped: SuiteReport['skipped'];
}

/**
 * Sums up scores: means over seeds and windows, paired differences, and whether limits hold.
 * @param results of all contestants
 * @returns the report
 */
export function suiteReport(results: SuiteResults): SuiteReport {
  const { title, scores, skipped, subject } = results;
  const windows = [
    ...Map.groupBy(scores, ({ data, cutoff, contestant }) => [data, cutoff, contestant].join()),
  ]
    .map(([, own]) => windowMean(own))
    .toSorted((a, b) => order(scores, a.data, b.data) || a.cutoff.localeCompare(b.cutoff));
  const means = [...Map.groupBy(scores, ({ data }) => groupOf(data))].flatMap(([data, own]) =>
    dataMeans(data, own, subject),
  );
  return { title, windows, means, skipped, verdicts: suiteVerdicts(means, results) };
}

function windowMean(own: readonly WindowScore[]): WindowMean {
  const {
    seed: _seed,
    articles: _articles,
    coverage: _coverage,
    parts: _parts,
    lift: _lift,
    ...first
  } = own[0]!;
  const errors = own.map(({ error }) => error);
  const error = meanOf(errors);
  const squares = errors.reduce((sum, each) => sum + (each - error) ** 2, 0);
  const seconds = own.flatMap((each) => each.seconds ?? []);
  return {
    ...{ ...first, error, bias: meanOf(own.map(({ bias }) => bias)), seeds: own.length },
    seedSpread: own.length === 1 ? null : Math.sqrt(squares / (own.length - 1)),
    seconds: seconds.length === 0 ? null : seconds.reduce((sum, each) => sum + each, 0),
  };
}

/** Markets are one kind of data: `market 11` is of `market`. */
function groupOf(data: string): string {
  return data.split(' ')[0]!;
}

function order(scores: readonly WindowScore[], a: string, b: string): number {
  const at = (name: string): number => scores.findIndex(({ data }) => data === name);
  return at(a) - at(b);
}
