import { Option, type Command } from 'commander';
import { lineage } from '@hemline/hemline';
import { withRegistry, type RegistryOptions } from './registry-options.ts';
import { lineageText } from '../terminal/lineage-text.ts';
import { printResult } from '../terminal/print.ts';

interface LineageOptions extends RegistryOptions {
  readonly runs?: string;
}

/**
 * Adds `hemline lineage FILE`.
 * @param program to add to
 */
export function addLineage(program: Command): void {
  withRegistry(program.command('lineage'))
    .description('which model, data and code made a forecast file')
    .argument('<file>', 'Parquet file that hemline wrote: path or s3://bucket/key')
    .addOption(
      new Option('--runs <dir>', 'folder of the runs (default: runs/ of HEMLINE_HOME)').env('HEMLINE_RUNS'),
    )
    .action(async (file: string, options: LineageOptions) => {
      const traced = await lineage(file, options);
      printResult(traced, lineageText(traced), options.json);
    });
}
