import type { MeanOverSeeds } from '@hemline/seasons';
import type { SeasonReport } from './season-case.ts';

/**
 * A report for people.
 * @param report of a benchmark of policies
 * @returns a line for each policy, and what belongs to them
 */
export function formatSeason({ title, policies, notes, seconds }: SeasonReport): string {
  const rows = policies.map(({ policy, profit, gain, captured, firstPlanOptimism }) => [
    ...[policy, profit.mean.toFixed(0), percentText(gain), percentText(captured)],
    percentText(firstPlanOptimism),
  ]);
  const head = ['policy', 'profit', 'over the planner', "of the oracle's gain", 'optimism of the first plan'];
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return [title, line(head), ...rows.map(line), ...notes, `${(seconds / 60).toFixed(1)} minutes`].join('\n');
}

function percentText(value: MeanOverSeeds | null): string {
  if (value === null) return '–';
  const text = (fraction: number): string => (100 * fraction).toFixed(1);
  const { mean, interval } = value;
  return interval === null ? `${text(mean)} %` : `${text(mean)} % (${interval.map(text).join(' … ')})`;
}
