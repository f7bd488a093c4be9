import { Option, type Command } from 'commander';
import {
  compareRuns,
  findRun,
  listRuns,
  type Difference,
  type KnownRun,
  type RunRecord,
} from '@hemline/workflow';
import { Home } from '../home.ts';
import { printResult } from '../terminal/print.ts';
import { runText } from '../terminal/run-text.ts';
import { drawTable, showCell } from '../terminal/table.ts';
import { parseWhole } from './options.ts';

const STATES = ['running', 'succeeded', 'degraded', 'failed', 'interrupted', 'crashed'] as const;
const SHOWN = 20;

interface ListOptions {
  readonly kind?: string;
  readonly state?: KnownRun['state'];
  readonly last: number;
  readonly json?: boolean;
}

/**
 * Adds `hemline runs list | show | compare`.
 * @param program to add to
 */
export function addRuns(program: Command): void {
  const runs = program.command('runs').description('what runs did: their records, in runs/ of HEMLINE_HOME');
  runs
    .command('list')
    .description('the latest runs')
    .option('--kind <kind>', 'only of this kind, such as train or weekly')
    .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
    .option('--last <n>', 'at most so many', parseWhole, SHOWN)
    .option('--json', 'print the records as JSON')
    .action(list);
  runs
    .command('show')
    .description('everything about a run')
    .argument('[run]', 'its id, or the beginning of it', 'latest')
    .option('--json', 'print the record as JSON')
    .action(async (run: string, options: { json?: boolean }) => {
      const known = await findRun(new Home().runs, run);
      printResult(asJson(known), runText(known), options.json);
    });
  runs
    .command('compare')
    .description('two runs: facts that differ, metrics and timings side by side')
    .argument('<first>', 'id of a run, or the beginning of it')
    .argument('[second]', 'the other', 'latest')
    .option('--json', 'print the result as JSON')
    .action(compare);
}

async function list({ kind, state, last, json }: ListOptions): Promise<void> {
  const { runs, unreadable } = await listRuns(new Home().runs);
  const shown = runs
    .filter((each) => kind === undefined || each.record.kind === kind)
    .filter((each) => state === undefined || each.state === state)
    .slice(0, last);
  const rows = shown.map(({ record, state }) => [
    record.run,
    state,
    record.startedAt.slice(0, 19).replace('T', ' '),
    record.seconds,
    metricsText(record),
    costText(record),
    record.problems[0]?.message.slice(0, 60) ?? '',
  ]);
  const damage = unreadable.map(({ run, problem }) => `! ${run}: ${problem}`);
  const table =
    rows.length === 0
      ? 'No such run.'
      : drawTable(['run', 'state', 'started (UTC)', 'seconds', 'metrics', 'cost', 'problem'], rows);
  printResult({ runs: shown.map(asJson), unreadable }, [table, ...damage].join('\n'), json);
}

async function compare(first: string, second: string, options: { json?: boolean }): Promise<void> {
  const home = new Home();
  const [a, b] = [await findRun(home.runs, first), await findRun(home.runs, second)];
  const compared = compareRuns(a.record, b.record);
  const table = (title: string, rows: readonly Difference[], withChange: boolean): string[] =>
    rows.length === 0
      ? []
      : [
          title,
          drawTable(
            ['of', a.record.run, b.record.run, ...(withChange ? ['change'] : [])],
            rows.map((row) => [row.of, row.first, row.second, ...(withChange ? [changeOf(row)] : [])]),
          ),
        ];
  const text = [
    ...table('Facts that differ', compared.facts, false),
    ...table('Metrics', compared.metrics, true),
    ...table('Seconds', compared.seconds, true),
  ].join('\n');
  printResult({ first: a.record.run, second: b.record.run, ...compared }, text, options.json);
}

function changeOf({ first, second }: Difference): number | null {
  return typeof first === 'number' && typeof second === 'number' ? second - first : null;
}

/** The record as it is on disk, with the state that it cannot have: that of a run whose process is gone. */
function asJson({ record, state, directory }: KnownRun): object {
  return { ...record, state, directory };
}

function metricsText({ metrics }: RunRecord): string {
  const shown = metrics.slice(-3).map(({ name, value }) => `${name} ${showCell(value)}`);
  return shown.join(', ');
}

function costText({ cost }: RunRecord): string {
  return cost === null
    ? ''
    : `${cost.amount.toFixed(2)} ${cost.currency}${cost.unpriced.length > 0 ? ' +?' : ''}`;
}
