import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigurationError, HemlineError } from '@hemline/core';
import { Home } from '@hemline/runs';
import { watchFolder } from '@hemline/workflow';
import type { RunReport } from './run-report.ts';
import {
  checkWorkflowOptions,
  runWorkflow,
  type WorkflowName,
  type WorkflowOptions,
} from './run-workflow.ts';

/** Workflows that run on arrivals. */
const ON_ARRIVAL: readonly string[] = ['weekly', 'training', 'inference'] satisfies WorkflowName[];
const SECOND = 1000;

/** What is done with what arrives. */
export interface WatchOptions extends Omit<WorkflowOptions, 'data' | 'descriptor' | 'runId' | 'cutoffs'> {
  /** `weekly` by default; `backtest` does not run on arrivals. */
  readonly workflow?: WorkflowName;
  /** Seconds between two looks, 10 by default. */
  readonly interval?: number;
  /** Whether to end after the arrivals that are there now. */
  readonly once?: boolean;
  /** A folder has arrived, and its run begins. */
  onArrival?(name: string): void;
  /** Its run has ended. */
  onReport?(name: string, report: RunReport): void;
  /** It cannot be run on; the next is. */
  onRefused?(name: string, error: HemlineError): void;
}

/**
 * Runs a workflow for every folder of data that arrives, once it holds `_SUCCESS`; each once, also after restarts.
 * @param folder below which data arrives
 * @param options workflow, and what its runs take
 * @returns how many were run, when the signal was raised or with `once` nothing is left
 * @throws ConfigurationError when there is no such folder, or the workflow does not run on arrivals
 */
export async function watch(folder: string, options: WatchOptions = {}): Promise<number> {
  const { workflow = 'weekly', interval = 10, once = false, signal, ...rest } = options;
  const directory = resolve(folder);
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw new ConfigurationError('there is nothing to watch', {
      expected: 'a folder',
      found: 'none',
      where: { file: folder },
      remedy: 'Make it, or check the path.',
    });
  if (!ON_ARRIVAL.includes(workflow))
    throw new ConfigurationError('this workflow does not run on arrivals', {
      expected: 'weekly, training or inference',
      found: workflow,
    });
  await checkWorkflowOptions(rest);
  return watchFolder({
    ...{ folder: directory, workflow, interval: interval * SECOND, once },
    ledger: join(new Home(options.home).prepared().directory, 'arrivals'),
    signal: signal ?? new AbortController().signal,
    run: async (arrival) => {
      options.onArrival?.(arrival.name);
      try {
        const report = await runWorkflow(workflow, { ...rest, signal, data: arrival.directory });
        options.onReport?.(arrival.name, report);
      } catch (error) {
        // Data that cannot be run on must not keep the next from being run on.
        if (!(error instanceof HemlineError) || error.blame !== 'input' || error.code === 'CONFLICT')
          throw error;
        options.onRefused?.(arrival.name, error);
      }
    },
  });
}
