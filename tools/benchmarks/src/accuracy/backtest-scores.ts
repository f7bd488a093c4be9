import type { ErrorSums } from './forecast-scores.ts';
import { hemline } from './hemline-command.ts';
import { observedSums, type ObservedSums } from './observed-sums.ts';
import type { OurModel } from './our-models.ts';
import { HORIZON, type RetailData } from './suite-data.ts';
import type { Shares, WindowCoverage, WindowScore } from './window-score.ts';

type Metrics = Readonly<Record<string, number | null>>;

/** What `hemline backtest --json` prints, as far as it is needed. */
interface Backtest {
  readonly cutoffs: readonly (Metrics & {
    readonly cutoff: string;
    readonly seed: number;
    readonly rows: number;
    readonly demandError: number;
    readonly demandBias: number;
    readonly byWeekAhead: readonly { readonly metrics: Metrics }[];
    readonly bySegment: readonly { readonly value: string; readonly metrics: Metrics }[];
  })[];
}

/**
 * Backtests one of our models on public data, as a user would.
 * @param data what it forecasts
 * @param ours the model
 * @param ask cutoffs, seeds
 * @param ask.cutoffs last known weeks, as dates
 * @param ask.seeds of the training
 * @param home of the command
 * @returns a score for each cutoff and seed
 */
export async function backtestScores(
  data: RetailData,
  ours: OurModel,
  { cutoffs, seeds }: { readonly cutoffs: readonly string[]; readonly seeds: readonly number[] },
  home: string,
): Promise<WindowScore[]> {
  const { result, seconds } = await hemline<Backtest>(
    [
      ...['backtest', ours.model, '--data', data.folder, '--descriptor', data.descriptor],
      ...['--horizon', String(HORIZON), '--cutoff', cutoffs.join(','), '--segment', 'article'],
      ...['--seed', ours.isRandom ? seeds.join(',') : '1'],
      ...ours.training,
    ],
    home,
  );
  const observed = new Map<string, ObservedSums>();
  for (const cutoff of cutoffs) observed.set(cutoff, await observedSums(data, cutoff, HORIZON));
  return result.cutoffs.map((one): WindowScore => ({
    ...{ data: data.name, contestant: ours.name, kind: 'model', isMonotone: true },
    ...{ cutoff: one.cutoff, seed: one.seed, rows: one.rows, seconds: seconds / result.cutoffs.length },
    ...{ error: one.demandError, bias: one.demandBias, parts: null, lift: null },
    articles: sumsOf(one, observed.get(one.cutoff)!),
    coverage: coverageOf(one),
  }));
}

/** An article's squares are its error squared times what was observed of it. */
function sumsOf(
  { bySegment }: Backtest['cutoffs'][number],
  observed: ObservedSums,
): ReadonlyMap<string, ErrorSums> {
  return new Map(
    bySegment.map(({ value, metrics }) => {
      const truthSquares = observed.get(value);
      if (truthSquares === undefined)
        throw new Error(`nothing is observed of article ${value}, which is scored`);
      // Of an article that sold nothing the error cannot be told; no other article's is changed by that.
      const squares = (metrics['demandError'] ?? 0) ** 2 * truthSquares;
      return [value, { squares, truthSquares }];
    }),
  );
}

function coverageOf({ byWeekAhead, ...metrics }: Backtest['cutoffs'][number]): WindowCoverage | null {
  const all = sharesOf(metrics as unknown as Metrics);
  if (Object.keys(all).length === 0) return null;
  return { all, byWeek: byWeekAhead.map((week) => sharesOf(week.metrics)) };
}

function sharesOf(metrics: Metrics): Shares {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      name.startsWith('coverage') && value !== null ? [[name.slice('coverage'.length), value]] : [],
    ),
  );
}
