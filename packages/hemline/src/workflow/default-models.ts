import type { ModelFacts } from '@hemline/workflow';

/**
 * The models of a run for which none are named: all but those that another one is made of. It trains them itself, and tells how each
 * did; beside it they would be trained twice. What others have to be better than takes part in any case.
 * @param catalog all models
 * @returns their names
 */
export function defaultModels(catalog: readonly ModelFacts[]): string[] {
  const members = new Set(catalog.flatMap(({ members = [] }) => members));
  return catalog
    .filter(({ name, baseline }) => baseline === true || !members.has(name))
    .map(({ name }) => name);
}
