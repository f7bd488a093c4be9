import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_MINIMUM_GAIN, season, SEASON_DEFAULTS, type SeasonOptions } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { seasonText } from '../terminal/season-text.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  collectSetting,
  parseFraction,
  parseNames,
  parseWhole,
  withMlflow,
  type MlflowOption,
  type ModelSettings,
} from './options.ts';
import { withWorld } from './simulate.ts';

interface SeasonCommandOptions extends MlflowOption, Omit<SeasonOptions, 'hyperparameters'> {
  readonly set: ModelSettings;
  readonly json?: boolean;
}

/** Of a number of markets alone. */
const FIRST_SEED = 21;

/**
 * Adds `hemline season`.
 * @param program to add to
 */
export function addSeason(program: Command): void {
  const { articles, markets, weeks, history, retrain, horizon, policies } = SEASON_DEFAULTS;
  withWorld(withMlflow(program.command('season')))
    .description(
      'play a season of a simulated market with policies of pricing, week by week, and compare what they earned; one that was interrupted goes on',
    )
    .option(
      '--policies <names>',
      'separated by commas: hold, flat-N (N % for all), planner (the rule of stock cover), price:MODEL, oracle (the true curves), these two also with +explore-N (N % of the articles get discounts by lot, one level around the plan; +explore-NxK: up to K levels), or modules of your own (packages/seasons/README.md)',
      parseNames,
      [...policies],
    )
    .option(
      '--seeds <list>',
      `seeds of the markets: 21,22 or 21-25 or 21, with a comma; a number alone is how many, from ${FIRST_SEED} on (default: 1)`,
      parseSeeds,
      [FIRST_SEED],
    )
    .option('--articles <n>', 'articles of a market', parseWhole, articles)
    .option('--markets <n>', 'markets (countries) that the articles are sold in', parseWhole, markets)
    .option('--weeks <n>', 'weeks that are played', parseWhole, weeks)
    .option('--history <n>', 'weeks before them, priced by the planner', parseWhole, history)
    .option('--retrain <n>', 'weeks from one training to the next', parseWhole, retrain)
    .option('--horizon <n>', 'weeks ahead that are forecast and planned', parseWhole, horizon)
    .option('--limits <file>', 'limits of prices, YAML or JSON (packages/pricing/README.md)')
    .option(
      '--minimum-gain <x>',
      'of price:MODEL: what a change of an article has to earn more, a fraction of what holding earns',
      parseFraction,
      DEFAULT_MINIMUM_GAIN,
    )
    .option(
      '--set <model.name=value>',
      'hyperparameter of a model in place of its default, preset among them; may be given several times',
      collectSetting,
      {},
    )
    .option(
      '--parallel <n>',
      'policies and markets at the same time (default: 2 where there are two cores)',
      parseWhole,
    )
    .option(
      '--output <dir>',
      'folder of the season (default: one in seasons/ of the home, by what is asked for)',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ json, set, ...options }: SeasonCommandOptions) => {
      const end = await withBars(
        (told) => season({ ...options, hyperparameters: set, ...told }),
        'Stopping; weeks that were played are kept, and the same command goes on.',
      );
      printResult(end, seasonText(end), json);
    });
}

function parseSeeds(text: string): number[] {
  const range = /^(\d+)-(\d+)$/.exec(text.trim());
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from || to - from >= 1000)
      throw new InvalidArgumentError('Expected a range such as 21-25, of at most 1000 seeds.');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
  if (!text.includes(',')) return Array.from({ length: parseWhole(text) }, (_, i) => FIRST_SEED + i);
  // One seed is told from a number of markets by the comma behind it.
  return text.replace(/,\s*$/, '').split(',').map(parseWhole);
}
