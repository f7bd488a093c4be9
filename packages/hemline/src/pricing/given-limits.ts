import { readFile } from 'node:fs/promises';
import { isSystemError, systemError } from '@hemline/core';
import { parseLimits, type PricingLimits } from '@hemline/pricing';

/** A file of limits that somebody has named. */
export interface GivenLimits {
  readonly limits: PricingLimits;
  readonly text: string;
}

/**
 * Reads a file of limits, before anything is done that takes its time.
 * @param file YAML or JSON
 * @returns its limits, and what stands in it
 * @throws ConfigurationError that names every wrong line, and limits that contradict each other
 */
export async function readLimits(file: string): Promise<GivenLimits> {
  try {
    const text = await readFile(file, 'utf8');
    return { text, limits: parseLimits(text, file) };
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'read') : cause;
  }
}
