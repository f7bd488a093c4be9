import {
  ConfigurationError,
  HyperparameterError,
  formatWeek,
  issueText,
  throwIfAborted,
  type AnyModel,
  type Members,
  type ProgressEvent,
  type Tables,
  type Week,
} from '@hemline/core';
import { evaluateFitted } from './evaluate-fitted.ts';
import type { ScoreTable } from './score-table.ts';
import { summariseScores } from './summarise-scores.ts';

/** What a backtest does. */
export interface BacktestOptions {
  /** Last known weeks; the model is fitted anew at each. */
  readonly cutoffs: readonly Week[];
  /** Weeks forecast after each. */
  readonly horizon: number;
  /** Typed values; defaults where not given. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  /** The model is fitted with each of them; 1 alone by default. */
  readonly seeds?: readonly number[];
  /** Definitions of the model's members, where it has some. */
  readonly members?: Members;
  /** A string attribute of the items to split the scores by. */
  readonly segment?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** Scores at each cutoff, and over all. */
export interface BacktestResult {
  readonly model: string;
  readonly quantity: string;
  readonly horizon: number;
  /** A score for each cutoff and seed. */
  readonly cutoffs: readonly ({ cutoff: Week; seed: number } & ScoreTable)[];
  /** Mean of each metric over cutoffs and seeds, each counting once. */
  readonly mean: Readonly<Record<string, number>>;
  /** Standard deviation of each metric over the cutoffs' means (n − 1); 0 for a single one. */
  readonly spread: Readonly<Record<string, number>>;
  /** Standard deviation over the seeds of a cutoff (n − 1), the mean over the cutoffs; 0 for a single one. */
  readonly seedSpread: Readonly<Record<string, number>>;
}

/**
 * A rolling-origin backtest: at each cutoff, fits on what was known then, forecasts the window after it, compares.
 * @param model what to test
 * @param tables all there is
 * @param options cutoffs, horizon, hyperparameters
 * @returns the scores
 * @throws HyperparameterError naming every hyperparameter that is not valid
 * @throws ConfigurationError when there is no cutoff, one is given twice (or a seed is), a seed is no integer, or the horizon no
 *   positive one
 * @throws DataError when nothing was observed in a window
 */
export async function backtest(
  model: AnyModel,
  tables: Tables,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const { cutoffs, horizon, seeds = [1], members, segment, signal, onProgress } = options;
  if (cutoffs.length === 0 || seeds.length === 0 || !Number.isInteger(horizon) || horizon < 1) {
    throw new ConfigurationError('a backtest needs a window', {
      expected: 'at least one cutoff, one seed and a horizon of at least one week',
      found: `${cutoffs.length} cutoffs, ${seeds.length} seeds and a horizon of ${horizon}`,
    });
  }
  const odd = seeds.find((seed) => !Number.isInteger(seed));
  if (odd !== undefined)
    throw new ConfigurationError('a seed is a whole number', { expected: 'such as 1', found: String(odd) });
  checkOnce('cutoff', cutoffs.map(formatWeek));
  checkOnce('seed', seeds.map(String));
  const hyperparameters = parseHyperparameters(model, options.hyperparameters ?? {});
  const scored: ({ cutoff: Week; seed: number } & ScoreTable)[] = [];
  const total = cutoffs.length * seeds.length;
  const progress = (): void => onProgress?.({ phase: 'backtest', done: scored.length, total, unit: 'fits' });
  for (const cutoff of cutoffs) {
    for (const seed of seeds) {
      throwIfAborted(signal);
      progress();
      const fitted = await model.fit(
        { cutoff, seed, signal, onProgress, members },
        tables.asOf(cutoff),
        hyperparameters,
      );
      try {
        const scores = await evaluateFitted(model, fitted, tables, { cutoff, horizon }, { segment, signal });
        scored.push({ cutoff, seed, ...scores });
      } finally {
        fitted.dispose();
      }
    }
  }
  progress();
  const { mean, spread, seedSpread } = summariseScores(scored);
  return { model: model.name, quantity: model.quantity, horizon, cutoffs: scored, mean, spread, seedSpread };
}

/** The same fit twice would count twice, and make the spread look smaller than it is. */
function checkOnce(what: string, values: readonly string[]): void {
  const again = values.find((value, index) => values.indexOf(value) !== index);
  if (again === undefined) return;
  throw new ConfigurationError(`a ${what} is given twice`, {
    expected: `every ${what} once`,
    found: `${again} again`,
    remedy: 'Leave it out the second time.',
  });
}

function parseHyperparameters(
  model: AnyModel,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const parsed = model.hyperparameters.strict().safeParse(given);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  const issues = (parsed.error as { issues: { path: PropertyKey[]; message: string }[] }).issues;
  throw new HyperparameterError(`hyperparameters of ${model.name} are not valid`, {
    found: issues.map(({ path, message }) => [...path.map(String), issueText(message)].join(': ')).join('; '),
    remedy: `Known are ${Object.keys(model.hyperparameters.shape as object).join(', ')}.`,
  });
}
