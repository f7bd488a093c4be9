import { InvalidArgumentError, type Command } from 'commander';
import { QUANTITIES, type QuantityName } from '@hemline/core';
import {
  DEFAULT_FRONTIER_POINTS,
  DEFAULT_MINIMUM_GAIN,
  explainPrice,
  price,
  priceFrontier,
} from '@hemline/hemline';
import { explainText } from '../terminal/explain-text.ts';
import { frontierText } from '../terminal/frontier-text.ts';
import { priceText } from '../terminal/price-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  parseFraction,
  parseNames,
  parseShare,
  parseWhole,
  withMlflow,
  type MlflowOption,
} from './options.ts';
import { refuseIdleDecisions } from './run.ts';

interface PriceCommandOptions extends MlflowOption {
  readonly limits?: string;
  readonly plan?: string;
  readonly ignoreOverrides?: boolean;
  readonly decisions?: string;
  readonly explore?: number;
  readonly exploreStep?: number;
  readonly exploreSeed?: number;
  readonly dryRun?: boolean;
  readonly data?: string;
  readonly descriptor?: string;
  readonly model?: readonly string[];
  readonly require?: readonly QuantityName[];
  readonly minimumGain: number;
  readonly maximumError?: number;
  readonly certain?: boolean;
  readonly leaveOutBad?: boolean;
  readonly frontier?: string;
  readonly points?: number;
  readonly explain?: string;
  readonly market?: string;
  readonly week?: string;
  readonly threads?: number;
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
    .option(
      '--ignore-overrides',
      'leave prices out of account that people have fixed (hemline decisions); by default these stay as they are, and the others are found around them',
    )
    .option(
      '--decisions <place>',
      'folder or s3://bucket/prefix of these decisions (default: decisions/ of the home)',
    )
    .option(
      '--explore <share>',
      'draw the discounts of the first week by lot around the plan, of so many of the articles at most: those that tell most for what is at stake (5%, or 0.05; default: none)',
      parseShare,
    )
    .option(
      '--explore-step <n>',
      'of --explore: levels up and down from the plan, at most (default: 1)',
      parseWhole,
    )
    .option('--explore-seed <n>', 'of --explore: same seed and week, same draws (default: 1)', parseWhole)
    .option('--dry-run', 'print what it comes to, and write nothing')
    .option('--data <dir>', 'folder of the dataset (default: where the run found it)')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option(
      '--model <names>',
      'take the forecasts of these models, separated by commas (default: of each quantity, the one that errs least in the run; of demand, one that answers to the price)',
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
    .option(
      '--leave-out-bad',
      'price the other articles where some cannot be: these are told, and listed in a table of their own (default: one error names them)',
    )
    .option(
      '--frontier <limit>',
      'recommend nothing: show what the plans earn at other values of this limit of the business, by its name',
    )
    .option('--points <n>', `values of --frontier (default: ${DEFAULT_FRONTIER_POINTS})`, parseWhole)
    .option(
      '--explain <article>',
      'recommend nothing: show why its discounts are not 10 points more or less, part by part and by week, and what forbids a level',
    )
    .option('--market <name>', 'of --explain: one market')
    .option('--week <date>', 'of --explain: one week, by its first day')
    .option('--certain', 'take demand to be its mean for certain, to see what its spread costs')
    .option(
      '--threads <n>',
      'threads that solve articles (default: one for every 500, up to the cores); the result is the same',
      parseWhole,
    )
    .option(
      '--output <place>',
      'folder or s3://bucket/prefix of the tables (default: a folder of the run); of --frontier also a .csv file (default: not written)',
    )
    .option('--json', 'print the result as JSON')
    .action(async (run: string, given: PriceCommandOptions, command: Command) => {
      checkTogether(given, command);
      const { json, model, require, frontier, explain, ...options } = given;
      if (frontier !== undefined) {
        const result = await withBars((told) =>
          priceFrontier(frontier, run, { ...options, models: model, required: require, ...told }),
        );
        return printResult(result, frontierText(result), json);
      }
      if (explain !== undefined) {
        const result = await withBars((told) =>
          explainPrice(explain, run, { ...options, models: model, required: require, ...told }),
        );
        return printResult(result, explainText(result), json);
      }
      const result = await withBars((told) =>
        price(run, { ...options, models: model, required: require, ...told }),
      );
      printResult(result, priceText(result), json);
    });
}

/** An option that would do nothing is told, and not passed over. */
function checkTogether(given: PriceCommandOptions, command: Command): void {
  const { frontier, explain, points, market, week, output, dryRun, explore, exploreStep, exploreSeed } =
    given;
  const refuse = (text: string): void => command.error(`error: ${text}`);
  if ((frontier ?? explain) !== undefined && explore !== undefined)
    refuse("option '--explore <share>': --frontier and --explain recommend nothing");
  refuseIdleDecisions(given, command);
  if (explore === undefined && (exploreStep ?? exploreSeed) !== undefined)
    refuse("options '--explore-step <n>' and '--explore-seed <n>' need --explore");
  if (frontier !== undefined && explain !== undefined)
    refuse("options '--frontier' and '--explain' are two questions: ask one");
  if (frontier === undefined && points !== undefined) refuse("option '--points <n>' needs --frontier");
  if (explain === undefined && market !== undefined) refuse("option '--market <name>' needs --explain");
  if (explain === undefined && week !== undefined) refuse("option '--week <date>' needs --explain");
  if (explain !== undefined && output !== undefined)
    refuse("option '--output <place>': --explain writes nothing; --json gives all of it");
  if ((frontier ?? explain) !== undefined && dryRun === true)
    refuse("option '--dry-run': --frontier and --explain recommend nothing as they are");
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
