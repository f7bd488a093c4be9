import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locationOf } from '@hemline/workflow';

/**
 * How far the versions err that forecast in a run of a workflow, by its set of forecasts. The run's own evaluation may be of another
 * version: of one that was refused, for which an earlier one forecasts.
 * @param home folder of the runs
 * @param run its name
 * @returns main metric by model; empty of a run that is no workflow's
 */
export function setErrors(home: string, run: string): ReadonlyMap<string, number> {
  const file = join(home, locationOf('forecasts', { run }), 'manifest.json');
  if (!existsSync(file)) return new Map();
  const { models } = JSON.parse(readFileSync(file, 'utf8')) as {
    models: readonly { readonly model: string; readonly error?: number | null }[];
  };
  return new Map(models.flatMap(({ model, error }) => (typeof error === 'number' ? [[model, error]] : [])));
}
