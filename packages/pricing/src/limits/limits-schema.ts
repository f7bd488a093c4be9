import { z } from 'zod';

const discount = z
  .number()
  .min(0, 'expected a fraction from 0, such as 0.2 for 20 %')
  .lt(1, 'expected a fraction below 1, such as 0.2 for 20 %');
const positive = z.number().positive('expected a number above 0');
const date = z.iso.date("expected a week's first day, such as 2026-01-05");
const name = z.string().min(1);

/** Column → values that are meant. Values are text as it was written: a group 007 is not 7. */
const where = z.record(name, z.union([name, z.array(name).min(1, 'expected at least one value')]));

const weeks = z
  .strictObject({ from: date.optional(), until: date.optional() })
  .refine((range) => range.from !== undefined || range.until !== undefined, 'expected from, until, or both')
  .refine(
    ({ from, until }) => from === undefined || until === undefined || from <= until,
    'contradiction: from is after until',
  );

const floor = z
  .strictObject({
    price: positive.optional(),
    column: name.optional(),
    factor: positive.optional(),
  })
  .refine(
    (given) => (given.price === undefined) !== (given.column === undefined),
    'expected either price, or column (of the table articles, such as a purchase price)',
  )
  .refine(
    (given) => given.factor === undefined || given.column !== undefined,
    'factor is of a column: with a price, multiply it yourself',
  );

/** Settings that hold in single weeks. */
export const WEEKLY_SETTINGS = ['levels', 'minimum', 'maximum', 'discount', 'price', 'floor'] as const;
/** Settings of the whole path of a market's discounts. */
export const PATH_SETTINGS = ['deepenOnly', 'changes', 'weeksBetween', 'largestStep', 'priceOrder'] as const;

/** What single articles may cost. */
export const articleLimitSchema = z
  .strictObject({
    name: name.optional(),
    where: where.optional(),
    weeks: weeks.optional(),
    levels: z.array(discount).min(1, 'expected at least one level').optional(),
    minimum: discount.optional(),
    maximum: discount.optional(),
    discount: discount.optional(),
    price: positive.optional(),
    floor: floor.optional(),
    deepenOnly: z.boolean().optional(),
    changes: z.int().min(0).optional(),
    weeksBetween: z.int().min(1).optional(),
    largestStep: z.number().positive('expected a number above 0').max(1).optional(),
    priceOrder: z
      .array(name)
      .min(2, 'expected two markets or more, the cheapest first')
      .refine((markets) => new Set(markets).size === markets.length, 'names a market twice')
      .optional(),
  })
  .refine(
    (limit) => [...WEEKLY_SETTINGS, ...PATH_SETTINGS].some((setting) => limit[setting] !== undefined),
    `says nothing: expected one of ${[...WEEKLY_SETTINGS, ...PATH_SETTINGS].join(', ')}`,
  );

/** What is measured over articles. */
export const MEASURES = ['discount-rate', 'stock-left', 'revenue', 'units', 'discount-budget'] as const;
/** A measure of many articles. */
export type Measure = (typeof MEASURES)[number];

/** What all articles together may come to. */
export const businessLimitSchema = z
  .strictObject({
    name: name.optional(),
    limit: z.enum(MEASURES),
    where: where.optional(),
    weeks: weeks.optional(),
    at: date.optional(),
    lower: z.number().optional(),
    upper: z.number().optional(),
    price: positive.optional(),
  })
  .refine(
    ({ lower, upper }) => lower !== undefined || upper !== undefined,
    'says nothing: expected lower, upper, or both',
  );

/** The file. */
export const limitsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  articles: z.array(articleLimitSchema).optional(),
  business: z.array(businessLimitSchema).optional(),
});

/** Column → values that are meant, any of them. */
export type Where = Readonly<Record<string, string | readonly string[]>>;

/** Where a limit stands in its file, and what it is called. */
interface Placed {
  readonly name: string;
  readonly line: number;
}

/** What single articles may cost: {@link articleLimitSchema} with its place. */
export type ArticleLimit = Omit<z.output<typeof articleLimitSchema>, 'name'> & Placed;
/** What articles together may come to: {@link businessLimitSchema} with its place. */
export type BusinessLimit = Omit<z.output<typeof businessLimitSchema>, 'name'> & Placed;

/** Limits of articles and of the business, as a file states them. */
export interface PricingLimits {
  /** Path, for messages. */
  readonly file: string;
  readonly articles: readonly ArticleLimit[];
  readonly business: readonly BusinessLimit[];
}

/** Nothing is limited. */
export const NO_LIMITS: PricingLimits = { file: 'no limits', articles: [], business: [] };
