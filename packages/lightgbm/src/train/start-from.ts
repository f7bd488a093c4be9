import type { Booster } from '../booster/booster.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { LightgbmError } from '../lightgbm-error.ts';

/**
 * Lets the scores of a dataset start where a booster ends.
 * @param booster whose trees come first
 * @param dataset made with `keepTable`
 * @param signal ends the work
 * @throws LightgbmError when the dataset kept no table
 */
export async function startFrom(booster: Booster, dataset: Dataset, signal?: AbortSignal): Promise<void> {
  const { table, rows } = dataset;
  if (table === null)
    throw new LightgbmError('a training cannot go on with a dataset whose table was not kept', {
      remedy: 'Make training and validation sets with `keepTable: true`.',
    });
  const { classes } = booster;
  const scores = await booster.predict(table, { kind: 'raw', signal });
  // Predictions lie row by row, scores to start from class after class.
  const byClass = classes === 1 ? scores : new Float64Array(scores.length);
  if (classes > 1)
    for (let row = 0, at = 0; row < rows; row++)
      for (let one = 0; one < classes; one++) byClass[one * rows + row] = scores[at++]!;
  dataset.setField('init_score', byClass);
}
