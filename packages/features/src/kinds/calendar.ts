import { weekOfYear as weekNumber, yearFraction } from '../calendar/week-of-year.ts';
import type { PlannedFeature } from './feature.ts';
import { wholeNumber } from './parameters.ts';
import { WeekTable } from './week-table.ts';

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
export function yearWave(options: { readonly wave: 'sin' | 'cos'; readonly order?: number }): PlannedFeature {
  const order = wholeNumber('yearWave', 'order', options.order ?? 1, 1);
  const wave = options.wave === 'sin' ? Math.sin : Math.cos;
  return ofWeek(`year_${options.wave}${order}`, { kind: 'yearWave', wave: options.wave, order }, (week) =>
    wave(2 * Math.PI * order * yearFraction(week)),
  );
}

/**
 * Sine and cosine of the waves up to an order: a smooth season in 2 × order features.
 * @param order highest number of waves a year
 * @returns the features
 */
export function yearWaves(order: number): PlannedFeature[] {
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
