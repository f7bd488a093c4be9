import type { PairedDifference } from './paired-difference.ts';
import type { DataMean } from './data-mean.ts';
import type { SuiteReport, WindowMean } from './suite-report.ts';
import { largestOff } from './suite-verdicts.ts';

/**
 * A report for people.
 * @param report of the suite
 * @returns one table of all errors; parts, calibration and response where they are known; verdicts
 */
export function formatSuite(report: SuiteReport): string {
  const { title, windows, means, skipped, verdicts } = report;
  const withParts = means.filter(({ parts }) => parts !== null);
  const withCoverage = means.filter(({ coverage }) => coverage !== null);
  const withLift = means.filter(({ lift }) => lift !== null);
  return [
    title,
    ...errorTable(windows, means),
    ...(withParts.length === 0
      ? []
      : ['', 'Against the truth, by part: error (bias)', ...partTable(withParts)]),
    ...(withCoverage.length === 0
      ? []
      : [
          '',
          'Share of rows at or below each quantile, in all and where it is off most',
          ...coverageTable(withCoverage),
        ]),
    ...(withLift.length === 0
      ? []
      : [
          '',
          'Lift, the log of demand at a discount over demand without: forecast / true',
          ...liftTable(withLift),
        ]),
    '',
    ...skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`),
    ...verdicts.map(
      ({ requirement, value, limit, holds }) =>
        `${holds ? 'holds' : 'FALLS SHORT'}: ${requirement} (${value.toFixed(3)}, limit ${limit})`,
    ),
  ].join('\n');
}

function errorTable(windows: readonly WindowMean[], means: readonly DataMean[]): string[] {
  const head = [
    'data',
    'cutoff',
    'contestant',
    'error',
    'bias',
    'seeds ±',
    '× best LightGBM',
    '− best LightGBM',
    '− best of ours',
    'time',
  ];
  const rows = windows.map(({ data, cutoff, contestant, error, bias, seedSpread, seconds }) => [
    ...[data, cutoff, contestant, error.toFixed(3), signed(bias, 2)],
    ...[seedSpread === null ? '' : seedSpread.toFixed(3), '', '', ''],
    seconds === null ? '' : `${seconds.toFixed(0)} s`,
  ]);
  const summary = means.map(({ data, contestant, error, bias, toPeer, toMember }) => [
    ...[data, 'mean', contestant, error.toFixed(3), signed(bias, 2), ''],
    ...[toPeer === null ? '' : toPeer.ratio.toFixed(3), differenceText(toPeer), differenceText(toMember), ''],
  ]);
  return columns([head, ...rows, ...summary], 3);
}

/** The difference, ± its standard errors over articles and over windows and seeds. */
function differenceText(paired: PairedDifference | null): string {
  if (paired === null) return '';
  const of = (error: number | null): string => (error === null ? '?' : error.toFixed(3));
  return `${signed(paired.difference, 3)} ±${of(paired.overArticles)} articles ±${of(paired.overPairs)} windows`;
}

function partTable(means: readonly DataMean[]): string[] {
  const names = Object.keys(means[0]!.parts!);
  return columns([
    ['', ...names],
    ...means.map(({ contestant, parts }) => [
      contestant,
      ...names.map((name) => `${parts![name]!.error.toFixed(3)} (${signed(parts![name]!.bias, 2)})`),
    ]),
  ]);
}

function coverageTable(means: readonly DataMean[]): string[] {
  const percents = Object.keys(means[0]!.coverage!.all);
  return columns(
    [
      ['data', 'contestant', ...percents.map((percent) => `${percent} %`), 'off in all', 'off in a week'],
      ...means.map(({ data, contestant, coverage }) => [
        ...[data, contestant, ...percents.map((percent) => percentText(coverage!.all[percent]!))],
        ...[percentText(largestOff([coverage!.all])), percentText(largestOff(coverage!.byWeek))],
      ]),
    ],
    2,
  );
}

function liftTable(means: readonly DataMean[]): string[] {
  const levels = means[0]!.lift!.levels;
  return columns([
    ['', ...levels.map(({ discount }) => `${Math.round(100 * discount)} %`), 'bias', 'correlation'],
    ...means.map(({ contestant, lift }) => [
      contestant,
      ...lift!.levels.map((level) => `${level.lift.toFixed(2)} / ${level.trueLift.toFixed(2)}`),
      ...[signed(lift!.bias, 3), Number.isNaN(lift!.correlation) ? 'none' : lift!.correlation.toFixed(2)],
    ]),
  ]);
}

function columns(rows: readonly (readonly string[])[], words = 1): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < words ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function signed(value: number, digits: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(digits)}`;
}

function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
