import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeasonResult } from '@hemline/seasons';
import { hemline } from '../accuracy/hemline-command.ts';
import { CACHE } from '../harness/cache.ts';
import type { SeasonCase, SeasonReport } from '../season/season-case.ts';

const POLICIES = [
  ...['hold', 'flat-0', 'flat-20', 'flat-40', 'planner'],
  ...['price:demand-trees', 'price:demand-blend', 'oracle'],
];
const SEEDS = [21, 22, 23, 24, 25];

/** What is earned by what is forecast: whole seasons, from data to sales. */
export const season: SeasonCase = {
  name: 'season',
  description:
    'profit of policies over seasons of simulated markets: rules, hemline by its models, the oracle; hours, an interrupted one goes on',
  async play(options) {
    const policies = options.policies ?? POLICIES;
    const seeds = options.seeds ?? SEEDS;
    const home = join(CACHE, 'seasons');
    await mkdir(home, { recursive: true });
    options.onRun(`${policies.join(', ')} in markets ${seeds.join(', ')}`);
    const { result, seconds } = await hemline<SeasonResult & Pick<SeasonReport, 'spent'>>(
      [
        ...['season', '--policies', policies.join(','), '--seeds', `${seeds.join(',')},`],
        ...(options.articles === null ? [] : ['--articles', String(options.articles)]),
        ...options.training,
      ],
      home,
    );
    return {
      title: `Profit of policies in ${seeds.length} markets`,
      ...{ policies: result.policies, notes: result.notes, spent: result.spent, seconds },
    };
  },
};
