import { join, resolve } from 'node:path';
import type { WrittenReport } from '@hemline/report';
import { findRun, Home } from '@hemline/runs';
import type { HomeOption } from '../work-options.ts';
import { REPORT_FILE, reportOfRun } from './report-run.ts';

/** Where a report goes. */
export interface ReportOptions extends HomeOption {
  /** By default `report.html` in the folder of the run. */
  readonly out?: string;
}

/** The report of a run. */
export interface ReportResult extends WrittenReport {
  readonly run: string;
}

/**
 * Writes one page about a run: scores, curves, calibration, explanations, data, timeline.
 * @param run its id, the beginning of it, or `latest`
 * @param options where it goes
 * @returns where it is, and how large
 */
export async function report(run = 'latest', options: ReportOptions = {}): Promise<ReportResult> {
  const home = new Home(options.home);
  const known = await findRun(home.runs, run);
  const file = resolve(options.out ?? join(known.directory, REPORT_FILE));
  return { run: known.record.run, ...(await reportOfRun(home, known, file)) };
}
