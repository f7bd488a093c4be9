import { z } from 'zod';

/** JSON has no word for these; `null` would say that nothing was measured. */
const NOT_FINITE = ['NaN', 'Infinity', '-Infinity'] as const;

/** A number of a document; one that is none, or infinite, is the text of it. */
export const metricValue = z.union([z.number(), z.enum(NOT_FINITE).transform(Number)]);

/** Metrics by name. */
export const metricValues = z.record(z.string(), metricValue);

/**
 * Writes a document as JSON, with the numbers that JSON lacks as text.
 * @param value plain data
 * @param indent spaces; one line without
 * @returns the text; {@link metricValue} reads its numbers
 */
export function documentText(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === 'number' && !Number.isFinite(each) ? String(each) : each),
    indent,
  );
}
