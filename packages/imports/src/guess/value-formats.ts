import type { TextFormat } from '../map/import-map.ts';
import type { SampledColumn } from './sampled-column.ts';

/**
 * How numbers are written, such that all columns can be read.
 * @param columns with numbers
 * @param notes to add to, where several ways are possible
 * @returns what is not the default
 */
export function numberFormat(columns: readonly SampledColumn[], notes: string[]): TextFormat {
  const texts = columns.filter(({ type }) => type === 'VARCHAR');
  const [first, ...more] = texts;
  if (first === undefined) return {};
  const fitting = first.numbers.filter((format) => more.every(({ numbers }) => numbers.includes(format)));
  const format = fitting[0];
  if (format === undefined) {
    const names = texts.map(({ name }) => name).join(', ');
    notes.push(`The numbers of ${names} are not all written in one way: those with another are not read.`);
    return {};
  }
  // Whole numbers fit every way; 1.000 fits two.
  const isPlain = fitting.some((each) => each.decimal === '.' && !('thousands' in each));
  const isGrouped = fitting.some((each) => each.decimal === ',' && !('thousands' in each));
  if (isPlain !== isGrouped && fitting.length > 2)
    notes.push(
      `Numbers such as 1${format.decimal}234 may be thousands: taken for tenths, as "decimal": "${format.decimal}".`,
    );
  return {
    ...(format.decimal === '.' ? {} : { decimal: format.decimal }),
    ...('thousands' in format ? { thousands: format.thousands } : {}),
  };
}

/**
 * How dates are written.
 * @param column with dates
 * @param notes to add to, where several ways are possible
 * @returns nothing for dates that need no format
 */
export function dateFormat({ name, dates }: SampledColumn, notes: string[]): TextFormat {
  const [format, ...others] = dates;
  if (format === undefined || format === '') return {};
  if (others.length > 0)
    notes.push(
      `${name} may be ${[format, ...others].join(' or ')}: the first is a guess, since lines are best in order with it. Check it.`,
    );
  return { date: format };
}
