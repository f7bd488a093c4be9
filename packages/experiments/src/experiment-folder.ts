import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError, formatWeek } from '@hemline/core';
import { documentText, readDocument, replaceFile } from '@hemline/runs/documents';
import type { Home } from '@hemline/runs';
import type { ExperimentPlan } from './plan.ts';
import { UnitJournal } from './units/unit-journal.ts';

const stateSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  /** Run of the experiment, whose record it is. */
  run: z.string(),
  finished: z.boolean(),
  /** What decides the result, as JSON by name. */
  facts: z.record(z.string(), z.string()),
  /** Runs of the variants, by name. */
  runs: z.record(z.string(), z.string()),
});

/** How far an experiment has come. */
export type ExperimentState = z.output<typeof stateSchema>;

/** `experiments/<name>/` of the home: `experiment.json`, what is finished in `units/`, and at the end `result.json`. */
export class ExperimentFolder {
  readonly directory: string;
  readonly journal: UnitJournal;

  /**
   * @param home of the command
   * @param name of the experiment
   */
  constructor(home: Home, name: string) {
    this.directory = join(home.directory, 'experiments', encodeURIComponent(name));
    this.journal = new UnitJournal(join(this.directory, 'units'));
  }

  /** File with the result. */
  get result(): string {
    return join(this.directory, 'result.json');
  }

  /** Makes it. */
  create(): void {
    mkdirSync(this.directory, { recursive: true });
  }

  /** @returns the state of the latest start; null when there was none */
  state(): Promise<ExperimentState | null> {
    return readDocument(join(this.directory, 'experiment.json'), stateSchema, 1);
  }

  /** @param state in place of the one before */
  keep(state: ExperimentState): Promise<void> {
    return replaceFile(join(this.directory, 'experiment.json'), `${documentText(state, 2)}\n`);
  }

  /**
   * The state of an experiment that has a result.
   * @param name of the experiment
   * @throws ConfigurationError when it has not ended
   */
  async finishedState(name: string): Promise<ExperimentState> {
    const state = await this.state();
    if (state?.finished === true) return state;
    throw new ConfigurationError(`experiment ${name} has no result`, {
      expected: `one that has ended, in ${this.directory}`,
      found: state === null ? 'none of this name' : 'one that was interrupted',
      remedy: 'Run "hemline experiment FILE --data DIR" to its end first.',
    });
  }
}

/**
 * What decides the result of an experiment, part by part.
 * @param plan of the experiment
 * @returns JSON by name
 */
export function factsOf(plan: ExperimentPlan): Record<string, string> {
  const { variants, champion, cutoffs, horizon, seeds, metric, confidence, stopping, data, code } = plan;
  const parts = {
    ...{ data, code, variants, champion, horizon, seeds, metric, confidence, stopping },
    cutoffs: cutoffs.map(formatWeek),
  };
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, JSON.stringify(value)]));
}

/**
 * @param before facts of the latest start
 * @param now facts of this one
 * @returns names of the parts that differ
 */
export function changesOf(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(now).filter((name) => before[name] !== now[name]);
}
