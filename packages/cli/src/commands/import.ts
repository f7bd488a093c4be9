import type { Command } from 'commander';
import { guessImport, importData } from '@hemline/hemline';
import { importText } from '../terminal/import-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole } from './options.ts';

interface ImportCommandOptions {
  readonly map?: string;
  readonly out?: string;
  readonly rejects?: string;
  readonly guess?: boolean;
  readonly writeMap?: string;
  readonly memory?: number;
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
      'make a checked dataset of transaction lines or daily tables, price lists and stock: CSV, Parquet, JSON lines, Excel',
    )
    .argument(
      '<source>',
      'a file, a folder, or a glob in quotes, here or s3://…; files of the map lie below it',
    )
    .option('--map <file>', 'which column is what (packages/imports); required, but for --guess')
    .option('--out <dir>', 'folder of the dataset, new or empty; required, but for --guess')
    .option(
      '--rejects <file>',
      'write the lines that are left out, with the reason: .csv, .parquet or .jsonl',
    )
    .option('--memory <mib>', 'memory before work goes to disk (default: 2048)', parseWhole)
    .option('--threads <n>', 'threads (default: the cores)', parseWhole)
    .option('--guess', 'propose a map from names and first lines, and do nothing else')
    .option('--write-map <file>', '--guess: write it to a new file')
    .option('--json', 'print the counts, or the proposal with its notes, as JSON')
    .action(async (source: string, options: ImportCommandOptions, command: Command) => {
      if (options.guess) await guess(source, options, command);
      else await doImport(source, options, command);
    });
}

async function doImport(source: string, options: ImportCommandOptions, command: Command): Promise<void> {
  const { map, out, rejects, memory, threads, json, writeMap } = options;
  if (map === undefined)
    command.error(
      "error: required option '--map <file>' not specified; --guess --write-map <file> proposes one",
    );
  if (out === undefined) command.error("error: required option '--out <dir>' not specified");
  if (writeMap !== undefined) command.error("error: option '--write-map <file>' needs --guess");
  const summary = await withBars((told) =>
    importData(source, { map, out, rejects, memoryMib: memory, threads, ...told }),
  );
  printResult(summary, importText(summary), json);
}

async function guess(source: string, options: ImportCommandOptions, command: Command): Promise<void> {
  const { writeMap, json } = options;
  for (const name of ['map', 'out', 'rejects', 'memory', 'threads'] as const)
    if (options[name] !== undefined)
      command.error(`error: option '--${name}' is of an import: leave it out, or --guess`);
  const { map, notes } = await withBars((told) => guessImport(source, { writeMap, signal: told.signal }));
  if (!json) process.stderr.write(notes.map((note) => `${note}\n`).join(''));
  printResult(
    { map, notes, ...(writeMap === undefined ? {} : { file: writeMap }) },
    writeMap === undefined ? JSON.stringify(map, null, 2) : `The map: ${writeMap}`,
    json,
  );
}
