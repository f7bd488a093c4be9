import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { expectedBackend } from '@hemline/tensor';
import type { AccuracyCase, AccuracyOptions } from './accuracy/accuracy-case.ts';
import { formatSuite } from './accuracy/format-suite.ts';
import { ACCURACY_DATA } from './accuracy/suite-data.ts';
import type { SuiteReport } from './accuracy/suite-report.ts';
import { CASES } from './cases/cases.ts';
import { beside } from './harness/beside.ts';
import { formatCheck, holds, type CheckCase, type CheckReport } from './harness/check-case.ts';
import type { BenchmarkCase } from './harness/contestant.ts';
import { measure, type Result } from './harness/measure.ts';
import { formatPlan, type PlanCase, type PlanReport } from './harness/plan-case.ts';
import { formatResult } from './harness/report.ts';
import { checkNotKept } from './kept-options.ts';
import { formatSeason } from './season/format-season.ts';
import type { SeasonCase, SeasonCaseOptions, SeasonReport } from './season/season-case.ts';

const HELP = `npm run bench -- [NAME …] [options]
Measures hemline and its peers in turn, in one run, and prints medians and ratios.

${CASES.map(({ name, description }) => `  ${name.padEnd(15)} ${description}`).join('\n')}

Options:
  --rows N     rows (or forecast rows, or single cases of a check) instead of the case's own number
  --rounds N   how often each contestant runs
  --beside DIR another checkout of hemline, set up, in the place of the peers: such as the commit before
  --data LIST  demand-accuracy: of ${ACCURACY_DATA.join(', ')}
  --models LIST  demand-accuracy: our models, the one that users get first
  --cutoff LIST  demand-accuracy: last known weeks of the backtests on public data, of one --data
  --seed LIST  demand-accuracy: seeds of the trainings; 1, 2, 3 by default
  --validation  demand-accuracy: the windows and markets that choices are made on, in the place of the announced ones
  --set name=value, --preset NAME  demand-accuracy: hyperparameters of our models but demand-naive; season: --set model.name=value
  --articles N  demand-accuracy, season: size of the simulated markets
  --set name=value, --preset NAME  demand-accuracy: hyperparameters of our models but demand-naive
  --articles N  demand-accuracy: size of the simulated markets; pricing-hosts: articles of the plan
  --hosts N    pricing-hosts: hosts of the plan
  --market-seed LIST  demand-accuracy: which simulated markets; 11, 12, 13 by default
  --policies LIST  season: as of hemline season; rules, trees, the blend and the oracle by default
  --seeds LIST  season: which simulated markets; 21 to 25 by default
  --json       print one JSON document instead of tables
  --list       print the names
  --help       print this

Peers in Python run in a virtual environment that is made on the first run, and are left out with a note where that is
not possible. Exit code 0 when everything was measured, whatever the figures; 1 when a check found a difference; 64 for a wrong
command line.`;

const count = (text: string | undefined, name: string): number | null => {
  if (text === undefined) return null;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`--${name}: expected a whole number of at least 1, found ${text}`);
  return value;
};

const counts = (text: string, name: string): number[] => text.split(',').map((one) => count(one, name)!);

const listOf = (
  text: string | undefined,
  name: string,
  known: readonly string[],
): readonly string[] | null => {
  const found = text?.split(',') ?? null;
  const unknown = found?.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw new RangeError(`--${name}: expected ${known.join(', ')}, found ${unknown}`);
  return found;
};

const OPTIONS = {
  rows: { type: 'string' },
  rounds: { type: 'string' },
  beside: { type: 'string' },
  data: { type: 'string' },
  cutoff: { type: 'string' },
  seed: { type: 'string' },
  models: { type: 'string' },
  validation: { type: 'boolean', default: false },
  set: { type: 'string', multiple: true, default: [] as string[] },
  preset: { type: 'string' },
  articles: { type: 'string' },
  hosts: { type: 'string' },
  'market-seed': { type: 'string' },
  policies: { type: 'string' },
  seeds: { type: 'string' },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const { values, positionals } = parseArgs({
    // npm keeps the -- before our options for itself; pnpm hands it on, and it would make names of them.
    args: given[0] === '--' ? given.slice(1) : given,
    allowPositionals: true,
    options: OPTIONS,
  });
  checkNotKept(Object.keys(OPTIONS), values, process.env);
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  if (values.list) return void process.stdout.write(`${CASES.map(({ name }) => name).join('\n')}\n`);
  const unknown = positionals.find((name) => !CASES.some((each) => each.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `there is no benchmark ${unknown}; expected ${CASES.map(({ name }) => name).join(', ')}`,
    );
  const chosen = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (values.beside !== undefined && !existsSync(join(values.beside, 'node_modules')))
    throw new RangeError(`--beside: expected a checkout with its node_modules, found ${values.beside}`);
  const options = {
    rows: count(values.rows, 'rows'),
    rounds: count(values.rounds, 'rounds'),
    beside: values.beside ?? null,
  };
  const accuracy: Omit<AccuracyOptions, 'onRun'> = {
    data: listOf(values.data, 'data', ACCURACY_DATA),
    models: values.models?.split(',') ?? null,
    cutoffs: values.cutoff?.split(',') ?? null,
    seeds: counts(values.seed ?? '1,2,3', 'seed'),
    articles: count(values.articles, 'articles'),
    marketSeeds: values['market-seed'] === undefined ? null : counts(values['market-seed'], 'market-seed'),
    validation: values.validation,
    training: [
      ...values.set.flatMap((pair) => ['--set', pair]),
      ...(values.preset === undefined ? [] : ['--preset', values.preset]),
    ],
  };
  const played: Omit<SeasonCaseOptions, 'onRun'> = {
    policies: values.policies?.split(',') ?? null,
    seeds: values.seeds === undefined ? null : counts(values.seeds, 'seeds'),
    articles: accuracy.articles,
    training: values.set.flatMap((pair) => ['--set', pair]),
  };
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memory: totalmem(),
    node: process.version,
    tensorflow: expectedBackend(),
  };
  if (machine.tensorflow === 'wasm')
    process.stderr.write(
      'TensorFlow runs as WebAssembly here: trainings are reduced, and no figure of the Transformer is that of a production machine.\n',
    );
  const [load] = loadavg();
  if (load! > 0.5)
    process.stderr.write(
      `The machine is not idle (load ${load!.toFixed(1)}): trust the ratios more than the seconds.\n`,
    );
  const results: Record<string, readonly (Result | SuiteReport | CheckReport | SeasonReport | PlanReport)[]> =
    {};
  for (const each of chosen)
    results[each.name] =
      'score' in each
        ? [await scoreCase(each, accuracy, values.json)]
        : 'check' in each
          ? [await checkCase(each, options.rows, values.json)]
          : 'play' in each
            ? [await playCase(each, played, values.json)]
            : 'plan' in each
              ? [await planCase(each, accuracy.articles, count(values.hosts, 'hosts'), values.json)]
              : await runCase(each, options, values.json);
  const document = { date: new Date().toISOString(), machine, load: loadavg(), results };
  if (values.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

async function scoreCase(
  each: AccuracyCase,
  options: Omit<AccuracyOptions, 'onRun'>,
  isJson: boolean,
): Promise<SuiteReport> {
  const onRun = (name: string): void => void process.stderr.write(`${each.name}: ${name}\n`);
  const report = await each.score({ ...options, onRun });
  if (!isJson) process.stdout.write(`${formatSuite(report)}\n\n`);
  return report;
}

async function playCase(
  each: SeasonCase,
  options: Omit<SeasonCaseOptions, 'onRun'>,
  isJson: boolean,
): Promise<SeasonReport> {
  const onRun = (name: string): void => void process.stderr.write(`${each.name}: ${name}\n`);
  const report = await each.play({ ...options, onRun });
  if (!isJson) process.stdout.write(`${formatSeason(report)}\n\n`);
  return report;
}

async function checkCase(each: CheckCase, cases: number | null, isJson: boolean): Promise<CheckReport> {
  const onRun = (name: string): void => void process.stderr.write(`${each.name}: ${name}\n`);
  const report = await each.check({ cases, onRun });
  if (!isJson) process.stdout.write(`${formatCheck(report)}\n\n`);
  // What could not be checked is told, and no failure; as with peers that are missing.
  if (report.skipped === null && !holds(report)) process.exitCode = 1;
  return report;
}

async function planCase(
  each: PlanCase,
  articles: number | null,
  hosts: number | null,
  isJson: boolean,
): Promise<PlanReport> {
  const onRun = (name: string): void => void process.stderr.write(`${each.name}: ${name}\n`);
  const report = await each.plan({ articles, hosts, onRun });
  if (!isJson) process.stdout.write(`${formatPlan(report)}\n\n`);
  return report;
}

async function runCase(
  each: BenchmarkCase,
  options: { rows: number | null; rounds: number | null; beside: string | null },
  isJson: boolean,
): Promise<Result[]> {
  process.stderr.write(`${each.name}: making the data\n`);
  const results: Result[] = [];
  try {
    for (const own of await each.prepare(options)) {
      const comparison = options.beside === null ? own : beside(own, options.beside);
      const rounds = options.rounds ?? comparison.rounds ?? each.rounds;
      const result = await measure(comparison, rounds, ({ name }, round) => {
        process.stderr.write(`${each.name}: ${comparison.title}: round ${round + 1} of ${rounds}: ${name}\n`);
      });
      results.push(result);
      if (!isJson) process.stdout.write(`${formatResult(result)}\n\n`);
    }
  } finally {
    await each.finish?.();
  }
  return results;
}

try {
  await main();
} catch (error) {
  const isUsage =
    error instanceof RangeError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${(error as Error).message}\n${isUsage ? '--help lists what there is.\n' : ''}`);
  process.exitCode = isUsage ? 64 : 1;
}
