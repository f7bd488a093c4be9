import type { Command } from 'commander';
import { report, REPORT_FILE } from '@hemline/hemline';
import { printNotice, printResult } from '../terminal/print.ts';
import { parseNames } from './options.ts';

interface ReportCommandOptions {
  readonly out?: string;
  readonly article?: readonly string[];
  readonly json?: boolean;
}

/**
 * Adds `hemline report`.
 * @param program to add to
 */
export function addReport(program: Command): void {
  program
    .command('report')
    .description(
      'one page about a run: whether its forecasts may be used, articles, scores, curves, explanations, data, timeline',
    )
    .argument(
      '[run]',
      'its id, or the beginning of it (default: the latest that was to forecast or, without --article, to backtest)',
      'latest',
    )
    .option(
      '--article <ids>',
      'show the forecasts of these articles as well, separated by commas',
      parseNames,
    )
    .option('--out <file>', `where to write it (default: ${REPORT_FILE} in the folder of the run)`)
    .option('--json', 'print where it is as JSON')
    .action(async (run: string, { article, out, json }: ReportCommandOptions) => {
      const written = await report(run, { articles: article, out, onNotice: printNotice });
      const size = (written.bytes / 1e6).toFixed(2);
      printResult(written, `${written.file} (${size} MB), of ${written.run}`, json);
    });
}
