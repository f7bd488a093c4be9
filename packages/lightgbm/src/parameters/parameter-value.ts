import { LightgbmError } from '../lightgbm-error.ts';

/** A value of a parameter. Lists are joined by commas, lists in lists stand in brackets: `[[0, 1], [2]]`. */
export type ParameterValue = string | number | boolean | readonly (string | number | readonly number[])[];

/** Whole numbers from here on have an exponent: LightGBM adds digits up one by one, and would lose the last ones. */
const LONG = 1e16;
/** Smaller fractions have an exponent, too. */
const SHORT = 1e-4;

/**
 * Writes a value as Python does, since LightGBM reads a number differently, in its last bit, where it is written differently.
 * @param name of the parameter, for errors
 * @param value of it
 * @returns its text
 * @throws LightgbmError when LightGBM could not tell it apart from what comes next, or it is no value
 */
export function formatValue(name: string, value: ParameterValue): string {
  const text = Array.isArray(value)
    ? value.map((one) => formatOne(name, one)).join(',')
    : formatOne(name, value);
  if (text === '' || /[\s=\0]/.test(text))
    throw new LightgbmError(`the parameter ${name} cannot be passed on`, {
      expected: 'a value without white space or equals signs',
      found: JSON.stringify(text),
    });
  return text;
}

function formatOne(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && !Number.isNaN(value)) return formatNumber(value);
  if (Array.isArray(value)) return `[${value.map((one) => formatOne(name, one)).join(',')}]`;
  throw new LightgbmError(`the parameter ${name} has no value that LightGBM reads`, {
    expected: 'a number, a text, true or false, or a list of these',
    found: String(value),
  });
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  return size >= LONG || (size < SHORT && size > 0) ? value.toExponential() : String(value);
}
