import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { ConfigurationError, DEFAULT_DISCOUNTS, HemlineError } from '@hemline/core';
import { watchFolder } from '@hemline/workflow';
import { Home } from '@hemline/runs';
import { interruptSignal } from '../terminal/interrupt.ts';
import { parseWhole, withMlflow, type MlflowOption } from './options.ts';
import { jobsOfMachine } from './run.ts';

const SECOND = 1000;

interface WatchOptions extends MlflowOption {
  readonly workflow: 'weekly' | 'training' | 'inference';
  readonly out?: string;
  readonly models?: string;
  readonly horizon: number;
  readonly discounts: string;
  readonly seed: number;
  readonly jobs: number;
  readonly interval: number;
  readonly once?: boolean;
  readonly requirements?: boolean;
}

/**
 * Adds `hemline watch DIR`.
 * @param program to add to
 */
export function addWatch(program: Command): void {
  withMlflow(program.command('watch'))
    .description('run a workflow for every folder of data that arrives, once it holds _SUCCESS')
    .addArgument(new Argument('<dir>', 'folder below which data arrives'))
    .option('--workflow <name>', 'what to run: weekly, training or inference', 'weekly')
    .option('--out <dir>', 'folder for runs, models and forecasts (default: HEMLINE_HOME, else .hemline)')
    .option('--models <names>', 'only these, separated by commas')
    .option('--horizon <weeks>', 'weeks ahead', parseWhole, 26)
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
    .option('--seed <n>', 'seed of everything random', parseWhole, 1)
    .option('--jobs <n>', 'jobs at the same time', parseWhole, jobsOfMachine())
    .option('--interval <seconds>', 'time between two looks', parseWhole, 10)
    .option('--once', 'end after the arrivals that are there now')
    .option('--no-requirements', 'approve every version that was scored, for experiments')
    .action(watch);
}

async function watch(dir: string, options: WatchOptions): Promise<void> {
  const folder = resolve(dir);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ConfigurationError('there is nothing to watch', {
      expected: 'a folder',
      found: 'none',
      where: { file: dir },
      remedy: 'Make it, or check the path.',
    });
  if (!['weekly', 'training', 'inference'].includes(options.workflow))
    throw new ConfigurationError('this workflow does not run on arrivals', {
      expected: 'weekly, training or inference',
      found: options.workflow,
    });
  const { runWorkflow } = await import('../workflow/run-workflow.ts');
  let worst = 0;
  await watchFolder({
    folder,
    ledger: join(new Home(options.out).directory, 'arrivals'),
    workflow: options.workflow,
    interval: options.interval * SECOND,
    once: options.once ?? false,
    signal: interruptSignal(),
    run: async ({ name, directory }) => {
      process.stderr.write(`${name} has arrived\n`);
      try {
        await runWorkflow(options.workflow, { ...options, data: directory });
      } catch (error) {
        // Data that cannot be run on must not keep the next from being run on.
        if (!(error instanceof HemlineError) || error.blame !== 'input' || error.code === 'CONFLICT')
          throw error;
        process.stderr.write(`${name}: ${error.message}\n`);
        process.exitCode = 65;
      }
      worst = Math.max(worst, Number(process.exitCode ?? 0));
    },
  });
  process.exitCode = worst;
}
