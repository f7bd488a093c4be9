import { parseArgs } from 'node:util';
import { HemlineError, type ProgressEvent } from '@hemline/core';
import { EXIT_CODES, exitCodeFor } from '@hemline/sagemaker';
import { importOnlineRetail, type ImportSummary } from './online-retail/import-online-retail.ts';

const HELP = `Turns public data into datasets that hemline reads.

npx hemline-node tools/reference-data/src/main.ts online-retail --invoices FILE --out DIR [--json]

  --invoices FILE   Parquet file of invoice lines with the columns of UCI's Online Retail
  --out DIR         folder of the dataset: new or empty
  --json            print the summary as JSON
  --help
`;

/** What the command line asks for; null for help. */
interface Command {
  readonly invoices: string;
  readonly out: string;
  readonly json: boolean;
}

/** Arguments that make no sense. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const command = parse(args);
    if (command === null) {
      process.stdout.write(HELP);
      return EXIT_CODES.ok;
    }
    const onProgress = process.stderr.isTTY ? showProgress : undefined;
    const summary = await importOnlineRetail({ ...command, signal: stop.signal, onProgress });
    process.stdout.write(command.json ? `${JSON.stringify(summary, null, 2)}\n` : describe(summary));
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message} (add --help for what there is)\n`);
      return EXIT_CODES.usage;
    }
    const foreseen = error instanceof HemlineError;
    process.stderr.write(`${foreseen ? error.message : String((error as Error).stack ?? error)}\n`);
    return exitCodeFor(error);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function parse(args: string[]): Command | null {
  const { values, positionals } = parseChecked(args);
  if (values.help) return null;
  if (positionals.length !== 1 || positionals[0] !== 'online-retail')
    throw new UsageError(`expected online-retail, found ${positionals.join(' ') || 'nothing'}`);
  const { invoices, out, json } = values;
  if (invoices === undefined) throw new UsageError('--invoices is missing');
  if (out === undefined) throw new UsageError('--out is missing');
  return { invoices, out, json };
}

function parseChecked(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        invoices: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function showProgress({ phase, done, total, unit }: ProgressEvent): void {
  process.stderr.write(`\r\u001b[K${phase}: ${done} of ${total ?? '?'} ${unit}${done === total ? '\n' : ''}`);
}

function describe({ out, lines, kinds, returns, rows, firstWeek, lastWeek }: ImportSummary): string {
  const print = (counts: object): string =>
    Object.entries(counts)
      .map(([name, { lines: some, units }]) => `  ${name.padEnd(22)}${some} lines, ${units} units\n`)
      .join('');
  const tables = Object.entries(rows).map(([name, count]) => `${name} ${count}`);
  return (
    `${out}: weeks ${firstWeek} to ${lastWeek}; rows: ${tables.join(', ')}\n` +
    `${lines} lines\n${print(kinds)}cancelled units\n${print(returns)}`
  );
}
