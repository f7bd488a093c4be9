import type { Found } from './journal.ts';

/**
 * @param value of the journal
 * @returns it as text; null where there is none
 */
export function textOr(value: Found[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/**
 * @param value of the journal
 * @returns it as a number; null where there is none
 */
export function numberOr(value: Found[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
