import { InvalidArgumentError, type Command } from 'commander';
import { QUANTITIES, type QuantityName } from '@hemline/core';
import { DEFAULT_MINIMUM_GAIN, price } from '@hemline/hemline';
import { priceText } from '../terminal/price-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseNames, withMlflow, type MlflowOption } from './options.ts';

interface PriceCommandOptions extends MlflowOption {
  readonly limits?: string;
  readonly plan?: string;
  readonly dryRun?: boolean;
  readonly data?: string;
  readonly descriptor?: string;
  readonly model?: readonly string[];
  readonly require?: readonly QuantityName[];
  readonly minimumGain: number;
  readonly maximumError?: number;
  readonly certain?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/**
 * Adds `hemline price`.
 * @param program to add to
 */
export function addPrice(program: Command): void {
  withMlflow(program.command('price'))
    .description(
      'recommend a discount for every article, market and week of a run: what earns most by its forecasts, with the stock there is, within limits',
    )
    .argument('[run]', 'its id, or the beginning of it (default: the latest that has forecast)', 'latest')
    .option(
      '--limits <file>',
      'limits of articles and of the business, YAML or JSON (packages/pricing/README.md)',
    )
    .option(
      '--plan <file>',
      'discounts that are fixed already: Parquet with article, market, week, discount; the others are found around them',
    )
    .option('--dry-run', 'print what it comes to, and write nothing')
    .option('--data <dir>', 'folder of the dataset (default: where the run found it)')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option(
      '--model <names>',
      'take the forecasts of these models, separated by commas (default: of each quantity, the one that errs least in the run)',
      parseNames,
    )
    .option(
      '--require <quantities>',
      'every article must have a forecast of these, such as return-rate; otherwise defaults take their place, which is told',
      parseQuantities,
    )
    .option(
      '--minimum-gain <x>',
      "what a change of an article has to earn more, a fraction of what holding today's discounts earns",
      parseFraction,
      DEFAULT_MINIMUM_GAIN,
    )
    .option(
      '--maximum-error <x>',
      "demand error in the run's evaluation above which a group keeps today's discounts, and no level of a band of discounts is offered (default: none)",
      parseFraction,
    )
    .option('--certain', 'take demand to be its mean for certain, to see what its spread costs')
    .option('--output <place>', 'folder or s3://bucket/prefix of the tables (default: a folder of the run)')
    .option('--json', 'print the result as JSON')
    .action(async (run: string, { json, model, require, ...options }: PriceCommandOptions) => {
      const result = await withBars((told) =>
        price(run, { ...options, models: model, required: require, ...told }),
      );
      printResult(result, priceText(result), json);
    });
}

function parseFraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < Infinity) || text.trim() === '')
    throw new InvalidArgumentError('Expected a number from 0.');
  return value;
}

function parseQuantities(text: string): QuantityName[] {
  const names = Object.keys(QUANTITIES) as QuantityName[];
  return parseNames(text).map((name) => {
    const found = names.find((each) => each === name);
    if (found === undefined)
      throw new InvalidArgumentError(`There is no quantity ${name}; expected one of ${names.join(', ')}.`);
    return found;
  });
}
