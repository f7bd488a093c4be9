import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { type QUANTITIES, type QuantityName } from '@hemline/core';
import type { ModelFacts, Scores } from '@hemline/workflow';
import type { LocalRunResult } from '@hemline/workflow/local';
import { drawTable } from '../terminal/table.ts';

/** Exit code of a run whose forecasts are all there, though not all as they should be. */
export const EXIT_FALLBACK = 3;
/** Exit code of a run that lacks something. */
export const EXIT_INCOMPLETE = 4;

/** What came of one model. */
export interface ModelReport {
  readonly model: string;
  readonly quantity: QuantityName;
  /** Scores on weeks that the model had not seen; null when there are none. */
  readonly evaluation: Scores | null;
  /** Scores at each cutoff of a backtest. */
  readonly backtest?: readonly Scores[];
  /** Version that this run registered. */
  readonly registered: { readonly version: number | null; readonly status: string | null } | null;
  readonly forecast: {
    readonly directory: string;
    readonly files: number;
    readonly rows: number;
    readonly bytes: number;
  } | null;
  readonly forecastBy: {
    readonly run: string;
    readonly cutoff: string;
    readonly version: number;
    readonly artifact: string;
  } | null;
  readonly problems: readonly string[];
}

/** What a run came to, for machines and for people. */
export interface RunReport {
  readonly run: string;
  readonly workflow: string;
  readonly status: 'complete' | 'fallback' | 'incomplete';
  readonly directory: string;
  /** File with everything about the run. */
  readonly record: string;
  /** Page for people; null where it could not be written. */
  readonly page: string | null;
  readonly resumed: boolean;
  readonly data: {
    readonly name: string;
    readonly directory: string;
    readonly fingerprint: string;
    readonly lastWeek: string | null;
  };
  readonly seconds: number;
  readonly models: readonly ModelReport[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Puts a run's result together for the person who started it.
 * @param result of the run
 * @param facts what the command knows besides
 * @returns the report
 */
export function reportOf(
  result: LocalRunResult,
  facts: {
    readonly workflow: string;
    readonly record: string;
    readonly data: RunReport['data'];
    readonly catalog: readonly ModelFacts[];
    readonly models: readonly string[];
    readonly seconds: number;
    pathOf(uri: string): string;
  },
): RunReport {
  const { summary, error } = result;
  return {
    run: result.run,
    workflow: facts.workflow,
    status: summary?.status ?? 'incomplete',
    directory: result.folder,
    record: facts.record,
    page: null,
    resumed: result.resumed,
    data: { ...facts.data, lastWeek: summary?.dataset?.lastWeek ?? null },
    seconds: facts.seconds,
    models: facts.models.map((model) => {
      const found = summary?.models.find((each) => each.model === model);
      const { quantity } = facts.catalog.find(({ name }) => name === model)!;
      const forecast = found?.forecast ?? null;
      return {
        model,
        quantity,
        evaluation: found?.scores ?? null,
        ...(found?.backtest === undefined ? {} : { backtest: found.backtest }),
        registered: found?.registered ?? null,
        forecast:
          forecast === null
            ? null
            : {
                directory: facts.pathOf(forecast.folder),
                files: forecast.files,
                rows: forecast.rows,
                bytes: forecast.bytes,
              },
        forecastBy: found?.forecastBy ?? null,
        problems: found?.problems ?? [],
      };
    }),
    problems: [
      ...(summary?.problems ?? []),
      ...(summary === null && error !== null ? [`${error.name}: ${error.cause}`] : []),
    ],
    warnings: summary?.warnings ?? [],
  };
}

/**
 * @param report of a run
 * @returns the exit code of the command
 */
export function exitCodeOf({ status }: RunReport): number {
  return { complete: 0, fallback: EXIT_FALLBACK, incomplete: EXIT_INCOMPLETE }[status];
}

type Cell = string | number | null;

/**
 * @param report of a run
 * @returns scores, forecasts, problems, and where everything lies
 */
export function reportToText(report: RunReport): string {
  const parts: string[] = [];
  if (report.models.some(({ evaluation, backtest }) => evaluation !== null || backtest !== undefined))
    parts.push(
      `Scores, each on the weeks after the cutoff that the model had not seen (last known week: ${report.data.lastWeek ?? 'unknown'})`,
      drawTable(['model', 'quantity', 'cutoff', 'rows', 'metric', 'value'], scoreRows(report)),
    );
  if (report.models.some(({ registered }) => registered !== null))
    parts.push(
      'Versions',
      drawTable(
        ['model', 'version', 'status'],
        report.models.map(({ model, registered }) => [
          model,
          registered?.version ?? null,
          registered?.status?.toUpperCase().replace('APPROVED', 'approved') ?? 'NONE',
        ]),
      ),
    );
  if (report.workflow === 'weekly' || report.workflow === 'inference')
    parts.push(
      'Forecasts',
      drawTable(
        ['model', 'rows', 'by', 'folder'],
        report.models.map(({ model, forecast, forecastBy }) => [
          model,
          forecast?.rows ?? null,
          forecastText(report, forecastBy),
          forecast === null ? null : relative('', forecast.directory),
        ]),
      ),
    );
  const problems = [
    ...report.problems,
    ...report.models.flatMap(({ model, problems }) => problems.map((problem) => `${model}: ${problem}`)),
    ...report.warnings,
  ];
  return [
    ...parts,
    ...problems.map((problem) => `! ${problem}`),
    `${report.workflow} is ${report.status === 'incomplete' ? 'INCOMPLETE' : report.status}, ${report.seconds} s; everything about this run: ${relative('', report.page ?? report.record)}`,
  ].join('\n');
}

function forecastText(report: RunReport, by: ModelReport['forecastBy']): string {
  if (by === null) return 'MISSING';
  if (by.run === report.run) return `version ${by.version}, this week's`;
  return report.workflow === 'weekly'
    ? `EARLIER VERSION ${by.version} (${by.cutoff})`
    : `version ${by.version} (${by.cutoff})`;
}

function scoreRows(report: RunReport): Cell[][] {
  return report.models.flatMap(({ model, quantity, evaluation, backtest }) => {
    const all = backtest ?? (evaluation === null ? [] : [evaluation]);
    if (all.length === 0) return [[model, quantity, null, null, 'not scored', null] as Cell[]];
    return all.flatMap((scores, at) =>
      mainMetrics(quantity, scores.metrics).map(([metric, value], i): Cell[] => [
        at === 0 && i === 0 ? model : '',
        at === 0 && i === 0 ? quantity : '',
        i === 0 ? scores.cutoff : '',
        i === 0 ? scores.rows : '',
        metric,
        value,
      ]),
    );
  });
}

function mainMetrics(
  quantity: keyof typeof QUANTITIES,
  metrics: Scores['metrics'],
): [string, number | null][] {
  const wanted = quantity === 'demand' ? ['demandError', 'demandBias', 'wape'] : ['rmse', 'wape', 'bias'];
  return wanted.flatMap((name): [string, number | null][] =>
    metrics[name] === undefined ? [] : [[name, metrics[name]]],
  );
}

/**
 * @param uri `file:` URI or a path
 * @returns the path
 */
export function pathOfUri(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}
