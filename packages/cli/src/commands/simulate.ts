import { InvalidArgumentError, type Command } from 'commander';
import { simulate, type SimulateOptions } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole } from './options.ts';

/**
 * Adds `hemline simulate`.
 * @param program to add to
 */
export function addSimulate(program: Command): void {
  withWorld(withMarket(program.command('simulate'), 'folder to write; observed/ and truth/ below it'))
    .description('write a synthetic fashion market with known demand curves')
    .option(
      '--shift <group:factor:week>',
      'demand of a group from a week on, which nobody foresees: coats:0.7:2023-08-07 is 30 % less',
      parseShift,
    )
    .option('--overwrite', 'replace what another simulation left there')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, ...options }: SimulateOptions & { json?: boolean }) => {
      const summary = await withBars((told) => simulate({ ...options, ...told }));
      printResult(
        summary,
        `${summary.already ? 'Already there' : 'Simulated'}: ${summary.observed}\n(the truth, which no model may read: ${summary.truth})`,
        json,
      );
    });
}

/**
 * Adds the options of a simulated market.
 * @param command to add to
 * @param out what `--out` is
 * @returns it
 */
export function withMarket(command: Command, out: string): Command {
  return command
    .option('--out <dir>', out, '.hemline/market')
    .option('--articles <n>', 'articles', parseWhole, 2000)
    .option('--markets <n>', 'markets', parseWhole, 4)
    .option('--weeks <n>', 'weeks of history', parseWhole, 104)
    .option('--seed <n>', 'same seed, same bytes', parseWhole, 1);
}

/**
 * Adds the options of markets that are not the plain one.
 * @param command to add to
 * @returns it
 */
export function withWorld(command: Command): Command {
  return command
    .option('--pool', 'all markets of an article sell from one stock (column pool of markets)')
    .option(
      '--competition <share>',
      'share of the demand that discounts bring which is taken from other articles of the group, 0 to 0.95',
      parseNumber,
    )
    .option(
      '--aging <change>',
      'how much the log of the response to discounts changes from launch to season end, -2 to 2',
      parseNumber,
    )
    .option('--vat', 'list prices hold the value-added tax of their market (column vat of markets)')
    .option('--overstock <share>', 'by how much more is bought than is needed, -0.9 to 5', parseNumber)
    .option('--residual <factor>', 'what residual values are multiplied by, 0 to 2', parseNumber);
}

function parseNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

function parseShift(text: string): NonNullable<SimulateOptions['shift']> {
  const [group, factor, from, ...more] = text.split(':');
  if (from === undefined || more.length > 0 || !Number.isFinite(Number(factor)))
    throw new InvalidArgumentError('Expected GROUP:FACTOR:WEEK, such as coats:0.7:2023-08-07.');
  return { group: group!, factor: Number(factor), from };
}
