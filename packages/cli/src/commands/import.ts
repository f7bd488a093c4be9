import type { Command } from 'commander';
import { importData } from '@hemline/hemline';
import { importText } from '../terminal/import-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole } from './options.ts';

interface ImportCommandOptions {
  readonly map: string;
  readonly out: string;
  readonly rejects?: string;
  readonly memory: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/**
 * Adds `hemline import SOURCE`.
 * @param program to add to
 */
export function addImport(program: Command): void {
  program
    .command('import')
    .description(
      'make a checked dataset of transaction lines or daily tables, price lists and stock: CSV, Parquet, JSON lines',
    )
    .argument('<source>', 'a file, a folder, or a glob in quotes; files of the map lie below it')
    .requiredOption('--map <file>', 'which column is what (packages/imports)')
    .requiredOption('--out <dir>', 'folder of the dataset: new or empty; it appears whole or not at all')
    .option(
      '--rejects <file>',
      'write the lines that are left out, with the reason: .csv, .parquet or .jsonl',
    )
    .option('--memory <mib>', 'memory before work goes to disk', parseWhole, 2048)
    .option('--threads <n>', 'threads (default: the cores)', parseWhole)
    .option('--json', 'print the counts as JSON')
    .action(async (source: string, { json, memory, ...options }: ImportCommandOptions) => {
      const summary = await withBars((told) =>
        importData(source, { ...options, memoryMib: memory, ...told }),
      );
      printResult(summary, importText(summary), json);
    });
}
