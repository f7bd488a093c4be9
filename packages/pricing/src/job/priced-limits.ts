import { ConfigurationError, listing, valueAt, type Batch } from '@hemline/core';
import type { Choice } from '../coordinator/choose-plans.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';

/** A limit of the business, and what it costs. */
export interface PricedLimit {
  readonly limit: string;
  readonly line: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly value: number | null;
  readonly isMet: boolean;
  readonly missedBy: number;
  readonly inWords: string;
}

/**
 * @param table limits; null where the business has none
 * @returns its rows as objects, for people
 */
export function pricedLimits(table: Batch | null): PricedLimit[] {
  return Array.from({ length: table?.length ?? 0 }, (_, row) => {
    const of = (name: string) => valueAt(table!.column(name), row);
    const number = (name: string): number | null => {
      const value = of(name) as number | null;
      return value === null || Number.isNaN(value) ? null : value;
    };
    return {
      ...{ limit: of('limit') as string, line: of('line') as number, inWords: of('inWords') as string },
      ...{ lower: number('lower'), upper: number('upper'), value: number('value') },
      ...{ isMet: of('isMet') as boolean, missedBy: number('missedBy') ?? 0 },
    };
  });
}

/**
 * A plan that breaks a hard limit is not to be recommended.
 * @param rows limits of the business
 * @param priced plans
 * @param priced.found what was found
 * @param limits as they were given
 * @throws ConfigurationError that names every limit that is missed
 */
export function checkLimitsMet(
  rows: readonly PricedLimit[],
  { found }: { readonly found: { readonly choice: Pick<Choice, 'isFeasible'> } },
  limits: PricingLimits,
): void {
  if (found.choice.isFeasible) return;
  const isHard = (line: number): boolean =>
    limits.business.some((limit) => limit.line === line && limit.price === undefined);
  const missed = rows.filter(({ isMet, line }) => !isMet && isHard(line));
  throw new ConfigurationError('limits of the business cannot be met together', {
    expected: 'plans of the articles within all limits without a price',
    found: listing(
      missed.map(
        ({ limit, line, value, lower, upper }) =>
          `line ${line}: ${limit} at ${value?.toPrecision(4)}, not ${[lower === null ? '' : `from ${lower}`, upper === null ? '' : `to ${upper}`].filter(Boolean).join(' ')}`,
      ),
      10,
    ),
    where: { file: limits.file },
    remedy: 'Loosen them, or give them a price: then they are missed by what is cheapest.',
  });
}
