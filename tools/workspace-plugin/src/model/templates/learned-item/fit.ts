import { itemsOf, memoryTable, throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import { LINK, readBlocks, TARGETS } from '../item-return-rate/observations.ts';
import { Learner } from '../trees/learner.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { ItemAverages } from './item-averages.ts';
import { makeExamples } from './make-examples.ts';

/** What was learnt of one value. */
export interface FittedTarget {
  readonly averages: ItemAverages;
  readonly learner: Learner;
}

/**
 * Averages everything that was observed, and learns how items came to differ from their averages.
 * @param job cutoff, seed, signal, progress
 * @param tables up to the cutoff
 * @param settings of the training
 * @returns what was learnt of each value
 * @throws SchemaError when a table or column is missing
 * @throws DataError when there is nothing to learn from
 * @throws InterruptedError when the signal is raised
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  settings: Hyperparameters,
): Promise<FittedTarget[]> {
  throwIfAborted(job.signal);
  const blocks = await readBlocks(job, tables, settings);
  const items = await itemsOf(
    memoryTable('weekly', [blocks.items()]),
    tables.find('articles'),
    tables.find('markets'),
  );
  const fitted: FittedTarget[] = [];
  // Trainings of several values would take one another's checkpoints for their own.
  const training = TARGETS.length === 1 ? job : { ...job, checkpoints: undefined };
  for (const [target, { column: what }] of TARGETS.entries()) {
    const examples = makeExamples(blocks, items, {
      target,
      what,
      link: LINK,
      validationShare: settings.validationShare,
    });
    fitted.push({
      averages: ItemAverages.fit(blocks, items, target, 0, what),
      learner: await Learner.fit(training, examples, LINK, null, settings),
    });
  }
  return fitted;
}
