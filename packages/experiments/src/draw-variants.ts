import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { ConfigurationError } from '@hemline/core';
import { isRange, type Range, type VariantSet } from './declaration.ts';

/** Values of hyperparameters, as declared. */
export type GivenValues = Readonly<Record<string, unknown>>;

/** Draws of the same set in a row before there is nothing new to expect. */
const MOST_REPEATS = 1000;

/**
 * The hyperparameters of an entry's variants: every combination of its values, the last name fastest; or as many draws as it asks for,
 * each different, the same for the same seed.
 * @param entry of a declaration
 * @returns what is set in each variant
 * @throws ConfigurationError when there are fewer different ones than are to be drawn
 */
export function drawVariants(entry: VariantSet): GivenValues[] {
  return entry.random === undefined ? combinations(entry) : draws(entry, entry.random);
}

function combinations({ hyperparameters }: VariantSet): GivenValues[] {
  let sets: GivenValues[] = [{}];
  for (const [name, value] of Object.entries(hyperparameters)) {
    const values = Array.isArray(value) ? value : [value];
    sets = sets.flatMap((set) => values.map((each: unknown) => ({ ...set, [name]: each })));
  }
  return sets;
}

function draws({ model, hyperparameters, seed }: VariantSet, count: number): GivenValues[] {
  // Not xoroshiro128plus, whose first number hardly depends on a small seed: see findings/pure-rand-first-number.sh.
  const random = mersenne(seed);
  const drawn = new Map<string, GivenValues>();
  for (let repeats = 0; drawn.size < count; repeats++) {
    if (repeats === MOST_REPEATS)
      throw new ConfigurationError(`there are not so many variants of ${model}`, {
        expected: `${count} different draws`,
        found: `${drawn.size}`,
        remedy: 'Lower "random", or give wider ranges or more values.',
      });
    const set = Object.fromEntries(
      Object.entries(hyperparameters).map(([name, value]) => {
        if (isRange(value)) return [name, between(value, uniformFloat64(random))];
        if (!Array.isArray(value)) return [name, value];
        return [name, (value as unknown[])[Math.floor(uniformFloat64(random) * value.length)]];
      }),
    );
    const key = JSON.stringify(set);
    if (drawn.has(key)) continue;
    drawn.set(key, set);
    repeats = -1;
  }
  return [...drawn.values()];
}

/** Four digits: finer differences are no idea that somebody tries, and names stay readable. */
function between({ from, to, scale, whole }: Range, share: number): number {
  // Each whole number of the range is as likely as the others.
  if (whole && scale === 'linear')
    return Math.ceil(from) + Math.floor(share * (Math.floor(to) - Math.ceil(from) + 1));
  const value =
    scale === 'log' ? Math.exp(Math.log(from) + share * Math.log(to / from)) : from + share * (to - from);
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(to, Math.max(from, rounded));
}
