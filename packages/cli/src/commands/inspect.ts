import { Option, type Command } from 'commander';
import { ConfigurationError, TABLES, type TableName } from '@hemline/core';
import { DESK_ROWS } from '@hemline/features/desk';
import { inspect, writeArrow } from '@hemline/hemline';
import { inspectionText } from '../terminal/inspection-text.ts';
import { printResult } from '../terminal/print.ts';
import { parseNames, parseWhole } from './options.ts';

interface InspectCommandOptions {
  readonly descriptor?: string;
  readonly rows: number;
  readonly statistics: boolean;
  readonly describe?: boolean | number;
  readonly arrow?: string;
  readonly table?: TableName;
  readonly columns?: readonly string[];
  readonly first?: number;
  readonly json?: boolean;
}

/**
 * Adds `hemline inspect PATH`.
 * @param program to add to
 */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('schema, statistics and first rows of a Parquet file, of forecasts or of a dataset')
    .argument(
      '<path>',
      'a Parquet file, or the folder of forecasts, features or a dataset; a path or s3://bucket/key',
    )
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option('--rows <n>', 'rows to show', parseWhole, 5)
    .option('--no-statistics', 'read the first rows only')
    .option(
      '--describe [rows]',
      `mean, deviation and quartiles of the first rows (${DESK_ROWS} by default)`,
      parseWhole,
    )
    .option(
      '--arrow <file>',
      'write the rows, also of a folder of forecasts, as an Arrow IPC file (Feather), which pyarrow, pandas, polars and R read',
    )
    .addOption(new Option('--table <name>', '--arrow: table of the dataset').choices(Object.keys(TABLES)))
    .option('--columns <names>', '--arrow: only these columns, separated by commas', parseNames)
    .option('--first <n>', '--arrow: only so many rows (default: all)', parseWhole)
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: InspectCommandOptions) => {
      const { arrow, table, columns, first, descriptor, json } = options;
      if (arrow !== undefined) {
        const written = await writeArrow(path, arrow, { descriptor, table, columns, rows: first });
        printResult(
          written,
          `${written.rows.toLocaleString('en')} rows of ${written.columns.length} columns: ${written.file}`,
          json,
        );
        return;
      }
      refuseWithoutArrow(options);
      const { kind, tables } = await inspect(path, options);
      printResult(
        kind === 'dataset' ? { path, tables } : { path, ...tables[0] },
        tables.map(inspectionText).join('\n\n'),
        json,
      );
    });
}

/** What would not be heeded. */
function refuseWithoutArrow({ table, columns, first }: InspectCommandOptions): void {
  const asked = Object.entries({ table, columns, first }).filter(([, value]) => value !== undefined);
  if (asked.length === 0) return;
  throw new ConfigurationError('these options say what goes into an Arrow file', {
    expected: '--arrow FILE beside them',
    found: asked.map(([name]) => `--${name}`).join(', '),
    remedy: 'Name the file, or leave them out; --rows says how many rows are shown.',
  });
}
