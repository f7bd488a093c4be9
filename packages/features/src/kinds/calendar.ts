import { weekOfYear as weekNumber, yearFraction } from '../calendar/week-of-year.ts';
import { z } from 'zod';
import type { PlannedFeature } from './feature.ts';
import { kindOptions, readOptions, type OptionsOf } from './options.ts';
import { WeekTable } from './week-table.ts';

/** Options of `weekOfYear`. */
export const WEEK_OF_YEAR = kindOptions('weekOfYear', null, {});

/** Options of `yearWave`. */
export const YEAR_WAVE = kindOptions('yearWave', null, {
  wave: z.enum(['sin', 'cos']).describe('which of the two'),
  order: z.int().min(1).default(1).describe('how many waves a year'),
});

/**
 * The number of the week in the year (ISO 8601), 1 … 53.
 * @returns the feature
 */
export function weekOfYear(): PlannedFeature {
  return ofWeek('week_of_year', { kind: 'weekOfYear' }, weekNumber);
}

/**
 * One term of a Fourier series over the year: the sine or cosine of `order` waves.
 * @param options which wave, how many of it a year
 * @returns the feature, such as `year_sin2`
 */
export function yearWave(options: OptionsOf<typeof YEAR_WAVE>): PlannedFeature {
  const { wave, order } = readOptions(YEAR_WAVE, options);
  const height = wave === 'sin' ? Math.sin : Math.cos;
  return ofWeek(`year_${wave}${order}`, { kind: 'yearWave', wave, order }, (week) =>
    height(2 * Math.PI * order * yearFraction(week)),
  );
}

/**
 * Sine and cosine of the waves up to an order: a smooth season in 2 × order features.
 * @param order highest number of waves a year
 * @returns the features
 * @throws ConfigurationError when it is no whole number of at least 1
 */
export function yearWaves(order: number): PlannedFeature[] {
  readOptions(YEAR_WAVE, { wave: 'sin', order });
  return Array.from({ length: order }, (_, i) => i + 1).flatMap((each) => [
    yearWave({ wave: 'sin', order: each }),
    yearWave({ wave: 'cos', order: each }),
  ]);
}

function ofWeek(
  name: string,
  definition: PlannedFeature['definition'],
  value: (week: number) => number,
): PlannedFeature {
  const table = new WeekTable((weeks) => Float64Array.from(weeks, value));
  return {
    looks: 'at the week',
    name,
    definition,
    reads: [],
    attributes: [],
    groups: [],
    fill({ from, to, week }, out) {
      table.copy(week, out, from, to);
    },
  };
}
