import { PATH_SETTINGS, WEEKLY_SETTINGS, type ArticleLimit, type BusinessLimit } from './limits-schema.ts';
import type { PricingLimits } from './limits-schema.ts';
import type { LimitProblem } from './limit-problem.ts';

/**
 * Limits that nothing can meet, whatever the data: each by itself, and two that select the same. What only the data tells (a floor
 * above the list price, a week without any level left) is found where articles are priced.
 * @param limits that are well formed
 * @returns a problem for each, with the line to correct
 */
export function findContradictions({ articles, business }: PricingLimits): LimitProblem[] {
  return [
    ...articles.flatMap((limit) => within(limit).map((text) => ({ line: limit.line, text }))),
    ...business.flatMap((limit) => withinBusiness(limit).map((text) => ({ line: limit.line, text }))),
    ...betweenArticleLimits(articles),
    ...betweenBusinessLimits(business),
  ];
}

function* pairs<T>(items: readonly T[]): Generator<readonly [T, T]> {
  for (let j = 1; j < items.length; j++) for (let i = 0; i < j; i++) yield [items[i]!, items[j]!];
}

function within(limit: ArticleLimit): string[] {
  const { levels, minimum = 0, maximum = 1, discount, price, where, priceOrder, weeks } = limit;
  const found: string[] = [];
  if (minimum > maximum) found.push(`contradiction: minimum ${minimum} is above maximum ${maximum}`);
  else if (levels !== undefined && !levels.some((level) => level >= minimum && level <= maximum))
    found.push(`contradiction: none of the levels ${levels.join(', ')} is from ${minimum} to ${maximum}`);
  if (discount !== undefined && price !== undefined)
    found.push('a fixed price and a fixed discount: expected one of them');
  if (discount !== undefined && (discount < minimum || discount > maximum))
    found.push(`contradiction: the fixed discount ${discount} is not from ${minimum} to ${maximum}`);
  if (priceOrder !== undefined && where?.['market'] !== undefined)
    found.push('priceOrder names its markets itself: leave market out of where');
  const ofPath = PATH_SETTINGS.filter((setting) => limit[setting] !== undefined);
  const ofWeeks = WEEKLY_SETTINGS.filter((setting) => limit[setting] !== undefined);
  if (weeks !== undefined && ofPath.length > 0)
    found.push(
      `weeks: ${ofPath.join(', ')} hold${ofPath.length === 1 ? 's' : ''} over all weeks: ${ofWeeks.length > 0 ? 'make it a limit of its own without weeks' : 'leave weeks out'}`,
    );
  return found;
}

function withinBusiness({ limit, lower, upper, at, weeks }: BusinessLimit): string[] {
  const found: string[] = [];
  if (lower !== undefined && upper !== undefined && lower > upper)
    found.push(`contradiction: lower ${lower} is above upper ${upper}`);
  if (limit === 'stock-left' && (at === undefined || weeks !== undefined))
    found.push('stock-left is of one date: expected at, and no weeks');
  if (limit !== 'stock-left' && at !== undefined) found.push(`at: of stock-left alone, ${limit} takes weeks`);
  if (limit === 'discount-rate')
    for (const [name, bound] of [
      ['lower', lower],
      ['upper', upper],
    ] as const)
      if (bound !== undefined && (bound < 0 || bound >= 1))
        found.push(`${name}: expected a fraction in [0, 1), such as 0.2 for 20 %, found ${bound}`);
  if (limit !== 'discount-rate' && upper !== undefined && upper < 0)
    found.push(`contradiction: ${limit} is never below 0, upper is ${upper}`);
  return found;
}

/** Two limits with the same selection hold for the same articles: their intervals must meet. */
function betweenArticleLimits(articles: readonly ArticleLimit[]): LimitProblem[] {
  const found: LimitProblem[] = [];
  for (const [a, b] of pairs(articles)) {
    if (!overlaps(a, b)) continue;
    const low = Math.max(a.minimum ?? 0, b.minimum ?? 0);
    const high = Math.min(a.maximum ?? 1, b.maximum ?? 1);
    const isOwn = [a, b].some(({ minimum = 0, maximum = 1 }) => minimum > maximum);
    if (low > high && !isOwn)
      found.push({
        line: b.line,
        text: `contradiction with line ${a.line}: the highest minimum is ${low}, the lowest maximum ${high}, for the same articles`,
      });
    for (const setting of ['discount', 'price'] as const)
      if (a[setting] !== undefined && b[setting] !== undefined && a[setting] !== b[setting])
        found.push({
          line: b.line,
          text: `contradiction with line ${a.line}: two different fixed ${setting}s for the same articles`,
        });
  }
  return found;
}

function betweenBusinessLimits(business: readonly BusinessLimit[]): LimitProblem[] {
  const found: LimitProblem[] = [];
  for (const [a, b] of pairs(business)) {
    const isSame = a.limit === b.limit && a.at === b.at && sameWhere(a, b) && sameWeeks(a, b);
    if (!isSame || a.price !== undefined || b.price !== undefined) continue;
    const low = Math.max(a.lower ?? -Infinity, b.lower ?? -Infinity);
    const high = Math.min(a.upper ?? Infinity, b.upper ?? Infinity);
    const isOwn = [a, b].some(({ lower = -Infinity, upper = Infinity }) => lower > upper);
    if (low > high && !isOwn)
      found.push({
        line: b.line,
        text: `contradiction with line ${a.line}: at least ${low} and at most ${high} of the same`,
      });
  }
  return found;
}

type Selected = Pick<BusinessLimit, 'where' | 'weeks'>;

function overlaps(a: Selected, b: Selected): boolean {
  const [from, until] = ['0000', '9999'];
  const meets =
    (a.weeks?.from ?? from) <= (b.weeks?.until ?? until) &&
    (b.weeks?.from ?? from) <= (a.weeks?.until ?? until);
  return meets && sameWhere(a, b);
}

function sameWeeks(a: Selected, b: Selected): boolean {
  return a.weeks?.from === b.weeks?.from && a.weeks?.until === b.weeks?.until;
}

function sameWhere(a: Selected, b: Selected): boolean {
  return whereText(a) === whereText(b);
}

function whereText({ where = {} }: Selected): string {
  const sorted = Object.entries(where).map(([column, values]): [string, string[]] => [
    column,
    [values].flat().toSorted(),
  ]);
  return JSON.stringify(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
}
