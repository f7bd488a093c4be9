import { readFile } from 'node:fs/promises';
import { ConfigurationError, issueText, listing } from '@hemline/core';
import { priceTableSchema, type PriceTable } from './run-event.ts';

/**
 * Reads what an hour of an instance costs: `{"currency": "EUR", "perHour": {"ml.m5.xlarge": 0.276, "local": 0}}`. Prices are the
 * owner's to give: they differ by region, contract and year.
 * @param file of the table
 * @returns the table; null when there is no file
 * @throws ConfigurationError when it is none
 */
export async function readPrices(file: string): Promise<PriceTable | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw wrong(file, (cause as Error).message, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(file, (cause as Error).message, cause);
  }
  const parsed = priceTableSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'table'}: ${issueText(message)}`,
  );
  throw wrong(file, listing(problems, 20), parsed.error);
}

function wrong(file: string, found: string, cause: unknown): ConfigurationError {
  return new ConfigurationError('the prices of instances cannot be read', {
    expected: '{"currency": "EUR", "perHour": {"ml.m5.xlarge": 0.276}}',
    found,
    where: { file },
    cause,
  });
}
