import { parseArgs } from 'node:util';
import {
  checkHorizon,
  ConfigurationError,
  DEFAULT_DISCOUNTS,
  parseDiscountGrid,
  parseWeek,
  type DiscountGrid,
  type Week,
} from '@hemline/core';

/** Steps of a processing job. */
export const STEPS = ['features', 'forecast', 'evaluate', 'backtest'] as const;
/** One of them. */
export type Step = (typeof STEPS)[number];

/** What forecasts are written as: a row for each discount, or a row for each curve. */
const FORMS = ['grid', 'curves'] as const;
/** One of them. */
export type Form = (typeof FORMS)[number];

/** Whether the data must have the past that the model was trained on. */
const PASTS = ['same', 'any'] as const;
/** One of them. */
export type Past = (typeof PASTS)[number];

/** The arguments of a processing job. */
export interface ProcessingArguments {
  readonly step: Step;
  /** Null: the trained model's. */
  readonly cutoff: Week | null;
  readonly horizon: number;
  readonly discounts: DiscountGrid;
  readonly form: Form;
  readonly batchRows: number;
  /** Items without a row in these weeks before the cutoff, nor in the horizon, are no longer sold: not forecast. */
  readonly activeWeeks: number;
  readonly past: Past;
  readonly segment?: string;
  /** Path of a definition of features; null: the model's own. */
  readonly features: string | null;
  /** Folder or URL; null: the job's output. */
  readonly output: string | null;
  /** Threads that partitions are spread over; null: as the model wants. */
  readonly threads: number | null;
  /** Of a backtest: of everything random. */
  readonly seed: number;
  /** Of a backtest: hyperparameters as texts, `preset` among them; what is not given has its default. */
  readonly set: Readonly<Record<string, string>>;
}

const DEFAULT_HORIZON = 26;
const DEFAULT_BATCH_ROWS = 65_536;
const DEFAULT_ACTIVE_WEEKS = 52;

/** What `--help` prints. */
export const PROCESSING_HELP = `Arguments:
  --step ${STEPS.join('|')}
                              what to do
  --cutoff YYYY-MM-DD         last known week (default: the trained model's; of features, the last one with a demand; of a backtest,
                              none: it has to be given)
  --horizon WEEKS             weeks ahead; of features, those of them that are planned (default ${DEFAULT_HORIZON})
  --discounts LEVELS          from:to:step or a list (default ${DEFAULT_DISCOUNTS})
  --form ${FORMS.join('|')}          forecast: a row for each discount, or one for each item and week with the coefficients of its curve,
                              of models that have curves (default grid)
  --batch-rows ROWS           rows held at once (default ${DEFAULT_BATCH_ROWS})
  --active-weeks WEEKS        forecast: only items with a row in these last weeks or in the plan (default ${DEFAULT_ACTIVE_WEEKS})
  --past ${PASTS.join('|')}             forecast, evaluate: whether the data must have the past that the model was trained on (default same)
  --features FILE             features: their definition as JSON (default: those of the model)
  --segment COLUMN            evaluate: also score by this attribute of the items
  --output URL                folder or s3://bucket/prefix to write to (default: the folder of the job's output)
  --threads N                 features, forecast: threads that partitions are spread over, each with the model and one partition in
                              memory (default HEMLINE_THREADS, else one a core, fewer where there is little to write, or 1 for a model
                              with an engine)
  --seed N                    backtest: of everything random (default 1)
  --set NAME=VALUE            backtest: a hyperparameter of the fit, or preset=NAME; may be given several times
Inputs: model (not for features and backtest), and dataset or one input per table (weekly, articles, …), descriptor where columns have names of their own.
Outputs: features, forecast, evaluation, or backtest; needless with --output.`;

/**
 * Reads the arguments of a processing job.
 * @param argv without node and script
 * @param environment of the process: `HEMLINE_THREADS`
 * @returns the arguments
 * @throws ConfigurationError that names every problem
 */
export function parseProcessingArguments(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ProcessingArguments {
  const problems: string[] = [];
  const { values, pairs } = readTexts(argv);
  const read = <T>(name: string, parse: (text: string) => T, fallback: T): T => {
    const text = values[name];
    if (text === undefined) return fallback;
    try {
      return parse(text);
    } catch (error) {
      problems.push(`--${name}: ${(error as Error).message.replace(/\.$/, '')}`);
      return fallback;
    }
  };
  if (values['step'] === undefined)
    problems.push(`--step: expected one of ${STEPS.join(', ')}, found nothing`);
  const threadsByDefault = (): number | null => {
    const text = environment['HEMLINE_THREADS'] ?? '';
    try {
      return text === '' ? null : parseCount(text);
    } catch (error) {
      problems.push(`HEMLINE_THREADS: ${(error as Error).message}`);
      return null;
    }
  };
  const parsed: ProcessingArguments = {
    step: read<Step>('step', oneOf(STEPS), 'forecast'),
    cutoff: read<Week | null>('cutoff', parseWeek, null),
    horizon: read('horizon', parseHorizon, DEFAULT_HORIZON),
    discounts: read('discounts', parseDiscountGrid, parseDiscountGrid(DEFAULT_DISCOUNTS)),
    form: read<Form>('form', oneOf(FORMS), 'grid'),
    batchRows: read('batch-rows', parseCount, DEFAULT_BATCH_ROWS),
    activeWeeks: read('active-weeks', parseCount, DEFAULT_ACTIVE_WEEKS),
    past: read<Past>('past', oneOf(PASTS), 'same'),
    segment: values['segment'],
    features: values['features'] ?? null,
    output: values['output'] ?? null,
    threads: values['threads'] === undefined ? threadsByDefault() : read('threads', parseCount, 1),
    seed: read('seed', parseCount, 1),
    set: readPairs(pairs, problems),
  };
  if (problems.length > 0)
    throw new ConfigurationError("the job's arguments are not valid", {
      found: problems.join('; '),
      remedy: '--help lists them.',
    });
  return parsed;
}

/** What was given, by name; pairs of `--set` apart. */
interface GivenTexts {
  readonly values: Partial<Record<string, string>>;
  readonly pairs: readonly string[];
}

function readTexts(argv: readonly string[]): GivenTexts {
  const text = { type: 'string' } as const;
  try {
    const options = {
      step: text,
      cutoff: text,
      horizon: text,
      discounts: text,
      form: text,
      'batch-rows': text,
      'active-weeks': text,
      past: text,
      segment: text,
      features: text,
      output: text,
      threads: text,
      seed: text,
      set: { type: 'string', multiple: true },
    } as const;
    const { set: pairs = [], ...values } = parseArgs({ args: [...argv], options, strict: true }).values;
    return { values, pairs };
  } catch (cause) {
    throw new ConfigurationError("the job's arguments are not valid", {
      found: (cause as Error).message.replace(/\.$/, ''),
      remedy: '--help lists them.',
      cause,
    });
  }
}

/** Cutoff and seed travel apart: given here they would not be heeded. */
function readPairs(pairs: readonly string[], problems: string[]): Record<string, string> {
  const set = pairs.map((pair): [string, string] => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at));
    if (name === '') problems.push(`--set: expected NAME=VALUE, found ${pair}`);
    if (name === 'cutoff' || name === 'seed') problems.push(`--set: --${name} says it`);
    return [name, pair.slice(at + 1)];
  });
  return Object.fromEntries(set);
}

function oneOf<T extends string>(known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((each) => each === text);
    if (found === undefined) throw new RangeError(`expected one of ${known.join(', ')}, found ${text}`);
    return found;
  };
}

function parseHorizon(text: string): number {
  return checkHorizon(parseCount(text));
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`expected a whole number of at least 1, found ${text}`);
  return count;
}
