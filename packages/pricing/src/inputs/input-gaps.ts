import type { PricingSettings } from './defaults.ts';

/** What was not told and had to be assumed, counted; of several hosts the counts add up. */
export interface InputGaps {
  /** Series (article × market), and weeks of each. */
  readonly series: number;
  readonly weeks: number;
  /** Series without a forecast of it. */
  readonly returnRate: number;
  readonly shippingCost: number;
  readonly returnCost: number;
  readonly residualValue: number;
  readonly returnTime: number;
  /** Series × weeks whose forecast tells no spread. */
  readonly dispersion: number;
  /** Series that were on sale and whose stock is not known lately. */
  readonly stock: number;
}

/** What holds of all series alike. */
export interface WholeGaps {
  /** Whether the weekly table tells stocks. */
  readonly hasStock: boolean;
  /** Articles, and those that are not on sale in these weeks. */
  readonly articles: number;
  readonly over: number;
}

/**
 * @param parts gaps of some series each, at least one
 * @returns those of all
 */
export function sumOfGaps(parts: readonly InputGaps[]): InputGaps {
  const sum = (of: (part: InputGaps) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    ...{ series: sum(({ series }) => series), weeks: parts[0]!.weeks },
    ...{ returnRate: sum((part) => part.returnRate), shippingCost: sum((part) => part.shippingCost) },
    ...{ returnCost: sum((part) => part.returnCost), residualValue: sum((part) => part.residualValue) },
    ...{ returnTime: sum((part) => part.returnTime), dispersion: sum((part) => part.dispersion) },
    stock: sum((part) => part.stock),
  };
}

/**
 * @param gaps of all series
 * @param whole of all series alike
 * @param settings what is assumed
 * @returns a sentence for each assumption, with how often
 */
export function assumptionsOf(gaps: InputGaps, whole: WholeGaps, settings: PricingSettings): string[] {
  const { series, weeks, dispersion } = gaps;
  const told: string[] = [];
  const filled = (count: number, value: number, what: string): void => {
    if (count > 0) told.push(`${what} of ${ofAll(count, series)}: no forecast, ${value} is assumed`);
  };
  filled(gaps.returnRate, settings.returnRate, 'return rate');
  filled(gaps.shippingCost, settings.shippingCost, 'shipping cost');
  filled(gaps.returnCost, settings.returnCost, 'return cost');
  filled(gaps.residualValue, settings.residualValue, 'residual value');
  if (dispersion > 0)
    told.push(
      `dispersion of demand in ${dispersion === series * weeks ? 'all weeks' : `${dispersion} of ${series * weeks} weeks of ${series} series`}: the forecast tells no spread, ${settings.dispersion} is assumed`,
    );
  if (gaps.returnTime > 0)
    told.push(
      `return time of ${ofAll(gaps.returnTime, series)}: no forecast, what is returned is not sold again`,
    );
  if (!whole.hasStock)
    told.push('the weekly table has no column stock: every article is taken never to run out');
  if (gaps.stock > 0) told.push(`stock of ${ofAll(gaps.stock, series)}: not known lately, none is assumed`);
  if (whole.over > 0)
    told.push(`${whole.over} of ${whole.articles} articles are not on sale in these weeks: not priced`);
  return told;
}

function ofAll(count: number, all: number): string {
  return count === all ? 'all series' : `${count} of ${all} series`;
}
