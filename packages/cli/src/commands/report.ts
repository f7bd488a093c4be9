import type { Command } from 'commander';
import { report, REPORT_FILE } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';

/**
 * Adds `hemline report`.
 * @param program to add to
 */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('one page about a run: scores, curves, calibration, explanations, data, timeline')
    .argument('[run]', 'its id, or the beginning of it', 'latest')
    .option('--out <file>', `where to write it (default: ${REPORT_FILE} in the folder of the run)`)
    .option('--json', 'print where it is as JSON')
    .action(async (run: string, options: { out?: string; json?: boolean }) => {
      const written = await report(run, options);
      printResult(written, `${written.file} (${(written.bytes / 1e6).toFixed(2)} MB)`, options.json);
    });
}
