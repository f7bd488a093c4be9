import { join, resolve } from 'node:path';
import type { WrittenReport } from '@hemline/report';
import { findRun, FORECAST_KINDS, Home, latestRun, type KnownRun } from '@hemline/runs';
import type { HomeOption, WorkListener } from '../work-options.ts';
import { REPORT_FILE, reportOfRun } from './report-run.ts';

/** Where a report goes, and what it shows. */
export interface ReportOptions extends HomeOption, Pick<WorkListener, 'onNotice'> {
  /** By default `report.html` in the folder of the run. */
  readonly out?: string;
  /** Articles whose forecasts are shown, besides those that tell most. */
  readonly articles?: readonly string[];
}

/** The report of a run. */
export interface ReportResult extends WrittenReport {
  readonly run: string;
  /** `weekly`, `forecast`, … */
  readonly kind: string;
}

/**
 * Writes one page about a run: whether its forecasts may be used, articles, scores, curves, calibration, explanations, data, timeline.
 * @param run its id, or the beginning of it; `latest` is the latest that has ended and was to forecast or, where no article is asked
 *   for, to backtest; or else the latest of any kind
 * @param options where it goes, articles to show
 * @returns which run it is of, where it is, and how large
 * @throws ConfigurationError when there is no such run, or an article that was asked for was not forecast
 */
export async function report(run = 'latest', options: ReportOptions = {}): Promise<ReportResult> {
  const home = new Home(options.home);
  const known = await findRun(home.runs, run, options).then((found) =>
    run === 'latest' ? latestToTellOf(home, found, options) : found,
  );
  const file = resolve(options.out ?? join(known.directory, REPORT_FILE));
  const { run: id, kind } = known.record;
  return { run: id, kind, ...(await reportOfRun(home, known, file, options.articles)) };
}

/** After a check of data or a monitoring people still ask about the forecasts. */
async function latestToTellOf(
  home: Home,
  latest: KnownRun,
  { onNotice, articles = [] }: ReportOptions,
): Promise<KnownRun> {
  const kinds = articles.length > 0 ? FORECAST_KINDS : [...FORECAST_KINDS, 'backtest'];
  const isOfKind = ({ record }: KnownRun): boolean => kinds.includes(record.kind);
  const found = await latestRun(home.runs, { isWanted: (run) => isOfKind(run) && run.state !== 'running' });
  if (latest.state === 'running' && isOfKind(latest) && found !== null)
    onNotice?.(`${latest.record.run} is still running; this is of ${found.record.run}, before it.`);
  return found ?? latest;
}
