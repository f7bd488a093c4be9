import type { ForecastOverview, ItemOverview } from './forecast-overview.ts';

/** An article that is shown, and why. */
export interface ChosenArticle {
  readonly item: Pick<ItemOverview, 'article' | 'market' | 'partition'>;
  readonly why: string;
}

/** A level that has become so many times as high, or as low, has jumped. */
export const JUMP = 1.5;
/** Lists of articles are so long. */
export const LIST_LENGTH = 10;

/**
 * @param overview of the forecast
 * @returns articles with most units forecast, first those with most
 */
export function largestArticles({ items }: ForecastOverview): ItemOverview[] {
  return items.toSorted((a, b) => b.units - a.units).slice(0, LIST_LENGTH);
}

/**
 * @param overview of the forecast
 * @returns articles with the widest band for their size, of those with at least middling units: how little is known of the others
 *   matters less; none of a model without quantiles
 */
export function mostUncertain({ items }: ForecastOverview): ItemOverview[] {
  const banded = items.filter(({ band, units }) => band !== null && units > 0);
  const middle = banded.map(({ units }) => units).sort((a, b) => a - b)[Math.floor(banded.length / 2)] ?? 0;
  return banded
    .filter(({ units }) => units >= middle)
    .sort((a, b) => b.band! - a.band!)
    .slice(0, LIST_LENGTH);
}

/**
 * @param overview of the forecast
 * @returns articles whose level jumped, first those by most units
 */
export function jumpedArticles({ items }: ForecastOverview): ItemOverview[] {
  return items
    .filter(({ level }) => level !== null && hasJumped(level))
    .sort((a, b) => change(b) - change(a))
    .slice(0, LIST_LENGTH);
}

/**
 * @param level before and now
 * @returns whether it has jumped, up or down
 */
function hasJumped({ before, now }: { readonly before: number; readonly now: number }): boolean {
  return now >= before * JUMP || before >= now * JUMP;
}

function change({ level }: ItemOverview): number {
  return Math.abs(level!.now - level!.before);
}

/**
 * The articles whose forecasts are drawn: one that sells most, one in the middle, the one that is least certain, the one whose level
 * jumped by most units, one that is hardly known, one that is new.
 * @param overview of the forecast
 * @returns a few, each once
 */
export function chooseArticles(overview: ForecastOverview): ChosenArticle[] {
  const sorted = overview.items.filter(({ units }) => units > 0).sort((a, b) => b.units - a.units);
  const known = sorted.filter(({ support }) => support > 0);
  const wanted: readonly (readonly [string, ItemOverview | undefined])[] = [
    ['sells most', known[0]],
    ['in the middle', known[Math.floor(known.length / 2)]],
    ['least certain', mostUncertain(overview)[0]],
    ['its level jumped', jumpedArticles(overview)[0]],
    ['fewest observations behind it', known.toSorted((a, b) => a.support - b.support)[0]],
    ['cold start: never observed', sorted.find(({ support }) => support === 0)],
  ];
  const taken = new Set<ItemOverview>();
  return wanted.flatMap(([why, item]) => {
    if (item === undefined || taken.has(item)) return [];
    taken.add(item);
    return [{ item, why }];
  });
}
