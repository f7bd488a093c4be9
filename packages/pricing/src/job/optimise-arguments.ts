import { parseArgs } from 'node:util';
import { ConfigurationError, QUANTITIES, type QuantityName } from '@hemline/core';
import { DEFAULT_MINIMUM_GAIN } from '../inputs/defaults.ts';

/** What stands for no file: a workflow hands over texts, and cannot leave one out. */
export const NO_FILE = 'none';

/** The arguments of the job. */
export interface OptimiseArguments {
  /** Place of a run's set of forecasts. */
  readonly forecasts: string;
  /** Place of a file of limits; null: none. */
  readonly limits: string | null;
  readonly minimumGain: number;
  /** Place of the store of decisions whose manual prices stand; null: none are heeded. */
  readonly decisions: string | null;
  /** What is drawn by lot around the plan; null: nothing. */
  readonly explore: { readonly share: number; readonly step: number; readonly seed: number } | null;
  /** Quantities that every article must have a forecast of. */
  readonly required: readonly QuantityName[];
  /** Whether the others are priced where some articles cannot be. */
  readonly leaveOutBad: boolean;
  /** Folder or URL; null: the job's output. */
  readonly output: string | null;
  /** Null: by the number of articles. */
  readonly threads: number | null;
  /** Articles of a block: blocks are what hosts share out, and have files of their own. */
  readonly articlesOfBlock: number;
  /** Seconds that a host waits for others. */
  readonly patience: number;
}

/** Of 20 markets, 26 weeks: files of 2.6 million rows, and four of them a host where 50 price a million articles. */
export const DEFAULT_ARTICLES_OF_BLOCK = 5000;
const DEFAULT_PATIENCE = 1800;

/** What `--help` prints. */
export const OPTIMISE_HELP = `Recommends a discount for every article, market and week of a run's forecasts.
Arguments:
  --forecasts URL      folder or s3://bucket/prefix of the run's set of forecasts
  --limits URL|none    file of limits, YAML or JSON (default none)
  --minimum-gain X     what a change of an article has to earn more, a fraction of what holding today's discounts earns (default ${DEFAULT_MINIMUM_GAIN})
  --decisions URL|none folder or s3://bucket/prefix of the decisions about the dataset: what people have fixed in them stays (default none)
  --explore X          share of the articles, from 0 to 1, whose discounts of the first week are drawn by lot around the plan (default 0: of none)
  --explore-step N     levels up and down from the plan, at most (default 1)
  --explore-seed N     seed of the draws (default 1)
  --require LIST       quantities that every article must have a forecast of, separated by commas
  --leave-out-bad X    true: price the other articles where some cannot be, and list these; false: end with one error that names them (default)
  --output URL         folder or s3://bucket/prefix to write to (default: the folder of the job's output recommendations)
  --threads N          threads that solve articles (default HEMLINE_THREADS, else one for every 500, up to the cores); the result is the same
  --articles-of-a-block N
                       articles that stay together, on one host and in one file (default ${DEFAULT_ARTICLES_OF_BLOCK}); changes the files, and the last digits of sums over all articles
  --patience SECONDS   how long a host waits for others before it ends and says for whom (default ${DEFAULT_PATIENCE})
Hosts: any number; the result is the same. Several need --output, in a store that all of them see.
Inputs: weekly, articles and markets where there are, or dataset; descriptor where columns have names of their own.
Output: recommendations; needless with --output.`;

/**
 * Reads the arguments of the job.
 * @param argv without node and script
 * @param environment of the process: `HEMLINE_THREADS`
 * @returns the arguments
 * @throws ConfigurationError that names every problem
 */
export function parseOptimiseArguments(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): OptimiseArguments {
  const values = readTexts(argv);
  const problems: string[] = [];
  const number = (name: string, text: string, isRight: (value: number) => boolean, what: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !isRight(value)) problems.push(`${name}: expected ${what}, found ${text}`);
    return value;
  };
  const count = (name: string, text: string): number =>
    number(name, text, (value) => Number.isSafeInteger(value) && value >= 1, 'a whole number of at least 1');
  const { forecasts, limits = NO_FILE, decisions = NO_FILE, output, require = '' } = values;
  if (forecasts === undefined || forecasts === '')
    problems.push('--forecasts: expected the place of a set of forecasts, found nothing');
  const known = Object.keys(QUANTITIES);
  const required = require.split(',').filter(Boolean);
  for (const name of required)
    if (!known.includes(name))
      problems.push(`--require: expected quantities of ${known.join(', ')}, found ${name}`);
  const leaveOut = values['leave-out-bad'] ?? 'false';
  if (!['true', 'false'].includes(leaveOut))
    problems.push(`--leave-out-bad: expected true or false, found ${leaveOut}`);
  const gain = values['minimum-gain'];
  const minimumGain =
    gain === undefined
      ? DEFAULT_MINIMUM_GAIN
      : number('--minimum-gain', gain, (value) => value >= 0 && value < Infinity, 'a number from 0');
  const { explore = '0' } = values;
  const share = number('--explore', explore, (value) => value >= 0 && value <= 1, 'a share from 0 to 1');
  const step = count('--explore-step', values['explore-step'] ?? '1');
  const seed = number(
    '--explore-seed',
    values['explore-seed'] ?? '1',
    Number.isSafeInteger,
    'a whole number',
  );
  const block = values['articles-of-a-block'];
  const articlesOfBlock =
    block === undefined ? DEFAULT_ARTICLES_OF_BLOCK : count('--articles-of-a-block', block);
  const isSpan = (value: number): boolean => value > 0 && value < Infinity;
  const patience =
    values.patience === undefined
      ? DEFAULT_PATIENCE
      : number('--patience', values.patience, isSpan, 'seconds above 0');
  const given = environment['HEMLINE_THREADS'] ?? '';
  const threads =
    values.threads !== undefined
      ? count('--threads', values.threads)
      : given === ''
        ? null
        : count('HEMLINE_THREADS', given);
  if (problems.length > 0)
    throw new ConfigurationError("the job's arguments are not valid", {
      found: problems.join('; '),
      remedy: '--help lists them.',
    });
  return {
    ...{ forecasts: forecasts!, limits: limits === NO_FILE ? null : limits, minimumGain },
    ...{ decisions: decisions === NO_FILE ? null : decisions },
    ...{ explore: share > 0 ? { share, step, seed } : null },
    ...{ required: required as QuantityName[], output: output ?? null, threads },
    ...{ leaveOutBad: leaveOut === 'true', articlesOfBlock, patience },
  };
}

function readTexts(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    ...{ forecasts: text, limits: text, decisions: text, output: text, threads: text, require: text },
    ...{ explore: text, 'explore-step': text, 'explore-seed': text },
    ...{ 'minimum-gain': text, 'leave-out-bad': text, 'articles-of-a-block': text, patience: text },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (cause) {
    throw new ConfigurationError("the job's arguments are not valid", {
      found: (cause as Error).message.replace(/\.$/, ''),
      remedy: '--help lists them.',
      cause,
    });
  }
}
