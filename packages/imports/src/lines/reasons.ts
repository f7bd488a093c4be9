/** Kinds that are used; their places in {@link lineKinds} are 0 and 1. */
export const SALE = 0;
/** A line of units that came back. */
export const RETURN = 1;

/** Reasons that lie in a value, and say which role it has. */
const BAD: Readonly<Record<string, { readonly role: string; readonly expected: string }>> = {
  missingArticle: { role: 'article', expected: 'an article in every line' },
  missingMarket: { role: 'market', expected: 'a market in every line' },
  missingSize: { role: 'size', expected: 'a size in every line' },
  missingDate: { role: 'date', expected: 'a date in every line' },
  unreadableDate: { role: 'date', expected: 'a date' },
  unreadableEnd: { role: 'validTo', expected: 'a date' },
  missingUnits: { role: 'units', expected: 'a number of units in every line' },
  unreadableUnits: { role: 'units', expected: 'a number' },
  missingAmount: { role: 'amounts', expected: 'a value in every line' },
  unreadableAmount: { role: 'amounts', expected: 'a number, or a flag where one is meant' },
  unreadablePrice: { role: 'price', expected: 'a number' },
  unreadableListPrice: { role: 'listPrice', expected: 'a number' },
  unreadableDiscount: { role: 'discountAmount', expected: 'a number' },
  unreadableStock: { role: 'stock', expected: 'a number' },
  unreadableCovariate: { role: 'covariates', expected: 'a number, or a flag such as Y or no' },
};

/** Reasons that lie in what the line says. */
const OTHER = [
  'beforeFrom',
  'afterTo',
  'contraryReturn',
  'negativeUnits',
  'noUnits',
  'unpriced',
  'endsBeforeItBegins',
] as const;

/** Lines that have not the columns of the header. They are never seen as lines, so they have no code. */
export const BROKEN_LINE = 'brokenLine';

/**
 * @param rules reasons of the map, for lines of sales
 * @returns all kinds; the place of one is its code
 */
export function lineKinds(rules: readonly string[] = []): string[] {
  return [...new Set(['sale', 'return', ...rules, ...Object.keys(BAD), ...OTHER])];
}

/**
 * @param kind of a line
 * @returns the role of the value that cannot be read, and what it should be; null where none is to blame
 */
export function badValue(kind: string): { readonly role: string; readonly expected: string } | null {
  return Object.hasOwn(BAD, kind) ? BAD[kind]! : null;
}

/** Names that no rule of a map may have. */
export const RESERVED_REASONS: readonly string[] = [
  'sale',
  'return',
  BROKEN_LINE,
  ...Object.keys(BAD),
  ...OTHER,
];
