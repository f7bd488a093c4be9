import { dependencies, type ModelJobStep } from '../declaration/steps.ts';

/** A step with its name. */
export type NamedStep = readonly [name: string, step: ModelJobStep];

/**
 * Puts steps in order: a level holds the steps whose dependencies are all in earlier levels.
 * @param steps by name, without cycles (the linter sees to it)
 * @returns the levels
 */
export function levelsOf(steps: Readonly<Record<string, ModelJobStep>>): NamedStep[][] {
  const levels: NamedStep[][] = [];
  const done = new Set<string>();
  let rest = Object.entries(steps);
  while (rest.length > 0) {
    const level = rest.filter(([, step]) =>
      dependencies(step).every((name) => done.has(name) || steps[name] === undefined),
    );
    if (level.length === 0)
      throw new TypeError(`steps wait for each other: ${rest.map(([name]) => name).join(', ')}`);
    levels.push(level);
    for (const [name] of level) done.add(name);
    rest = rest.filter(([name]) => !done.has(name));
  }
  return levels;
}
