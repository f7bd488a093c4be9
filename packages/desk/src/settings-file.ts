import { ConfigurationError } from '@hemline/core';
import type { z } from 'zod';

/**
 * Reads a JSON file of somebody's settings.
 * @param file its path, for errors
 * @param text that stands in it
 * @param schema of it
 * @param what it is, for errors
 * @returns the settings
 * @throws ConfigurationError that names what is wrong
 */
export function parsedFile<T>(file: string, text: string, schema: z.ZodType<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`these are no ${what}`, {
      expected: 'JSON',
      found: String(cause),
      where: { file },
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(`these are no ${what}`, {
    found: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    where: { file },
  });
}
