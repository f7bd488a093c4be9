import type { Result } from './measure.ts';

/** What one run of the benchmarks printed with `--json`. */
export interface BenchmarkDocument {
  readonly date: string;
  readonly commit?: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly results: Readonly<Record<string, readonly Partial<Result>[]>>;
}

/** A figure of the last run beside those of former runs. */
export interface RatioTrend {
  readonly name: string;
  /** Time of the contestant over that of its peer in the same run: machines differ from night to night, ratios hardly. */
  readonly ratio: number;
  /** Median of the ratio over former runs; null where there is none. */
  readonly before: number | null;
  /** Former runs that have it. */
  readonly runs: number;
}

/** Runs that a figure is compared with. */
const RUNS = 14;

/**
 * Compares the ratios of a run with those of the runs before it.
 * @param run the last one
 * @param history former runs, the oldest first
 * @returns every contestant that is not the reference of its comparison
 */
export function ratioTrends(run: BenchmarkDocument, history: readonly BenchmarkDocument[]): RatioTrend[] {
  const former = history.slice(-RUNS).map(ratiosOf);
  return [...ratiosOf(run)].map(([name, ratio]) => {
    const values = former.flatMap((ratios) => ratios.get(name) ?? []).sort((a, b) => a - b);
    return { name, ratio, before: median(values), runs: values.length };
  });
}

/**
 * @param trends of a run
 * @returns a table in Markdown
 */
export function formatTrends(trends: readonly RatioTrend[]): string {
  const rows = trends.map(({ name, ratio, before, runs }) => {
    const change =
      before === null ? '' : `${ratio >= before ? '+' : ''}${Math.round(100 * (ratio / before - 1))} %`;
    return `| ${name} | ${ratio.toFixed(2)} | ${before?.toFixed(2) ?? ''} | ${change} | ${runs} |`;
  });
  return [
    '| time over the peer’s | now | before | change | runs |',
    '| --- | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

function ratiosOf({ results }: BenchmarkDocument): Map<string, number> {
  const ratios = new Map<string, number>();
  for (const [name, comparisons] of Object.entries(results))
    // Tables of accuracy have no times.
    for (const { title, reference, measured = [] } of comparisons) {
      const peer = measured.find((each) => each.name === reference);
      if (peer === undefined) continue;
      for (const each of measured)
        if (each !== peer)
          ratios.set(
            `${name}: ${title}: ${each.name} / ${peer.name}`,
            each.seconds.median / peer.seconds.median,
          );
    }
  return ratios;
}

function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
