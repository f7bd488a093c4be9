import { Option, type Command } from 'commander';
import { runs } from '@hemline/hemline';
import type { Difference, KnownRun, RunRecord } from '@hemline/runs';
import { EXIT_CODES } from '@hemline/sagemaker';
import { COMMAND_EXIT_CODES } from '../terminal/exit-codes.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printNotice, printResult } from '../terminal/print.ts';
import { runText, scoresText } from '../terminal/run-text.ts';
import { drawTable } from '../terminal/table.ts';
import { tidingText } from '../terminal/tiding-text.ts';
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
 * Adds `hemline runs list | show | compare | tail`.
 * @param program to add to
 */
export function addRuns(program: Command): void {
  const command = program
    .command('runs')
    .description('what runs did: their records, in runs/ of HEMLINE_HOME');
  command
    .command('list')
    .description('the latest runs')
    .option('--kind <kind>', 'only of this kind, such as train or weekly')
    .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
    .option('--last <n>', 'at most so many', parseWhole, SHOWN)
    .option('--json', 'print the records as JSON')
    .action(list);
  command
    .command('show')
    .description('everything about a run')
    .argument('[run]', 'its id, or the beginning of it', 'latest')
    .option('--all', 'with every metric, not the first of each step')
    .option('--json', 'print the record as JSON')
    .action(async (run: string, options: { all?: boolean; json?: boolean }) => {
      const known = await runs.show(run, { onNotice: printNotice });
      printResult(asJson(known), runText(known, options.all), options.json);
    });
  command
    .command('compare')
    .description('two runs: facts that differ, metrics and timings side by side')
    .argument(
      '[first]',
      'id of a run, or the beginning of it (default: the latest that has a run of its kind before it)',
    )
    .argument(
      '[second]',
      'the other (default: the first is compared with the run before it of the same kind)',
    )
    .option('--json', 'print the result as JSON')
    .action(compare);
  command
    .command('tail')
    .description('what a run does, while it does it; ends as the run ends')
    .argument('[run]', 'its id, or the beginning of it', 'latest')
    .option('--json', 'print events and measurements as JSON, one a line')
    .addHelpText(
      'after',
      '\nExit codes: 0 succeeded; 3 degraded; 4 failed; 143 interrupted, or no longer followed; 70 its process is gone.',
    )
    .action(tail);
}

/** How the run ended is how following it ends. */
const EXIT_OF: Readonly<Record<KnownRun['state'], number>> = {
  succeeded: 0,
  degraded: COMMAND_EXIT_CODES.fallback,
  failed: COMMAND_EXIT_CODES.incomplete,
  interrupted: EXIT_CODES.interrupted,
  crashed: EXIT_CODES.internal,
  running: EXIT_CODES.interrupted,
};

async function tail(run: string, { json }: { json?: boolean }): Promise<void> {
  const tidings = runs.follow(run, {
    onNotice: printNotice,
    signal: interruptSignal('No longer following; the run goes on.'),
  });
  let next = await tidings.next();
  for (; !next.done; next = await tidings.next()) {
    const { value } = next;
    const line =
      json === true
        ? JSON.stringify(value.kind === 'event' ? value.event : value.measurement)
        : tidingText(value);
    process.stdout.write(`${line}\n`);
  }
  const { state, record } = next.value;
  if (json !== true) process.stdout.write(`${record.run} ${endText(state)}\n`);
  process.exitCode = EXIT_OF[state];
}

function endText(state: KnownRun['state']): string {
  if (state === 'running') return 'goes on';
  return state === 'crashed'
    ? 'has crashed: its process is gone'
    : `has ${state}`.replace('has degraded', 'is degraded');
}

async function list({ json, ...options }: ListOptions): Promise<void> {
  const { runs: shown, unreadable } = await runs.list(options);
  const rows = shown.map(({ record, state }) => [
    record.run,
    state,
    record.startedAt.slice(0, 19).replace('T', ' '),
    record.seconds,
    scoresText(record),
    costText(record),
    record.problems[0]?.message.slice(0, 60) ?? '',
  ]);
  const damage = unreadable.map(({ run, problem }) => `! ${run}: ${problem}`);
  const table =
    rows.length === 0
      ? 'No such run.'
      : drawTable(['run', 'state', 'started (UTC)', 'seconds', 'scores', 'cost', 'problem'], rows);
  printResult({ runs: shown.map(asJson), unreadable }, [table, ...damage].join('\n'), json);
}

async function compare(
  first: string | undefined,
  second: string | undefined,
  options: { json?: boolean },
): Promise<void> {
  const compared = await runs.compare(first, second, { onNotice: printNotice });
  const table = (title: string, rows: readonly Difference[], withChange: boolean): string[] =>
    rows.length === 0
      ? []
      : [
          title,
          drawTable(
            ['of', compared.first, compared.second, ...(withChange ? ['change'] : [])],
            rows.map((row) => [row.of, row.first, row.second, ...(withChange ? [changeOf(row)] : [])]),
          ),
        ];
  const text = [
    ...table('Facts that differ', compared.facts, false),
    ...table('Metrics', compared.metrics, true),
    ...table('Seconds', compared.seconds, true),
  ].join('\n');
  printResult(compared, text, options.json);
}

function changeOf({ first, second }: Difference): number | null {
  return typeof first === 'number' && typeof second === 'number' ? second - first : null;
}

/** The record as it is on disk, with the state that it cannot have: that of a run whose process is gone. */
function asJson({ record, state, directory }: KnownRun): object {
  return { ...record, state, directory };
}

function costText({ cost }: RunRecord): string {
  return cost === null
    ? ''
    : `${cost.amount.toFixed(2)} ${cost.currency}${cost.unpriced.length > 0 ? ' +?' : ''}`;
}
