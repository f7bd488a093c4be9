import { InvalidArgumentError, type Command } from 'commander';
import { simulateMarket, type DemandShift } from '@hemline/market-simulator';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { parseWhole } from './options.ts';

/** Options of `hemline simulate`. */
export interface SimulateOptions {
  readonly out: string;
  readonly articles: number;
  readonly markets: number;
  readonly weeks: number;
  readonly seed: number;
  readonly shift?: DemandShift;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/**
 * Adds `hemline simulate`.
 * @param program to add to
 */
export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('write a synthetic fashion market with known demand curves')
    .option('--out <dir>', 'folder to write; observed/ and truth/ below it', '.hemline/market')
    .option('--articles <n>', 'articles', parseWhole, 2000)
    .option('--markets <n>', 'markets', parseWhole, 4)
    .option('--weeks <n>', 'weeks of history', parseWhole, 104)
    .option('--seed <n>', 'same seed, same bytes', parseWhole, 1)
    .option(
      '--shift <group:factor:week>',
      'demand of a group from a week on, which nobody foresees: coats:0.7:2023-08-07 is 30 % less',
      parseShift,
    )
    .option('--overwrite', 'replace what another simulation left there')
    .option('--json', 'print the result as JSON')
    .action(async (options: SimulateOptions) => {
      const summary = await simulate(options);
      printResult(
        summary,
        `${summary.already ? 'Already there' : 'Simulated'}: ${summary.observed}\n(the truth, which no model may read: ${summary.truth})`,
        options.json,
      );
    });
}

/**
 * Simulates a market with progress on the terminal.
 * @param options as on the command line
 * @returns what was written
 */
export async function simulate(
  options: SimulateOptions,
): Promise<Awaited<ReturnType<typeof simulateMarket>>> {
  const bars = new ProgressBars();
  const signal = interruptSignal();
  try {
    return await simulateMarket({
      ...options,
      onProgress: (event) => bars.update('simulate', event),
      signal,
    });
  } finally {
    bars.stop();
  }
}

function parseShift(text: string): DemandShift {
  const [group, factor, from, ...more] = text.split(':');
  if (from === undefined || more.length > 0 || !Number.isFinite(Number(factor)))
    throw new InvalidArgumentError('Expected GROUP:FACTOR:WEEK, such as coats:0.7:2023-08-07.');
  return { group: group!, factor: Number(factor), from };
}
