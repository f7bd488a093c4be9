import { z } from 'zod';
import { files, format, formatSchema, name, names, textColumn, type TextFormat } from './columns.ts';
import { clearanceSchema, fulfillmentSchema, sizesSchema } from './sum-sections.ts';

/** Weekdays on which weeks may begin. */
export const WEEK_STARTS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const day = z.iso.date('a date such as 2024-07-22');
const pattern = z.string().refine(isPattern, 'a regular expression');

const leaveOut = z.strictObject({
  reason: z
    .string()
    .regex(/^[A-Za-z][\w-]*$/, 'a word')
    .describe('under which such lines are counted'),
  column: name.describe('column of the source'),
  matches: pattern.optional().describe('lines whose value matches are left out'),
  unless: pattern.optional().describe('lines whose value does not match, or is missing, are left out'),
});

const covariate = z.strictObject({
  column: name.describe('column of the source: numbers, or flags such as `Y`, `no`, `true`, `0`'),
  of: z.enum(['mean', 'max', 'min', 'sum']).default('mean').describe('what the week has of its lines'),
  known: z
    .enum(['ahead', 'afterwards'])
    .default('afterwards')
    .describe('`ahead`: planned, so that models may know it of weeks to come; or `afterwards`'),
});

const attribute = z.record(name, textColumn);

const salesSchema = z.strictObject({
  files: files.describe('files, folders or globs below SOURCE; SOURCE itself'),
  format,
  kind: z
    .enum(['lines', 'daily'])
    .default('lines')
    .describe('`lines`: a line is a sale. `daily`: a line is a day, so that 0 units are an observation'),
  columns: z
    .strictObject({
      article: textColumn.describe('what was sold'),
      market: textColumn.describe('where'),
      date: name.describe('when: a date, or a point in time'),
      units: name.describe('how many; negative on returns'),
      price: name.optional().describe('paid for one unit; or `amount`'),
      amount: name.optional().describe('paid for all units of the line'),
      listPrice: name.optional().describe('undiscounted price of one unit'),
      discountAmount: names
        .optional()
        .describe('taken off the line, in all; several are added, signs are ignored'),
      customer: textColumn.optional().describe('who bought: by it returns find their purchase'),
      document: textColumn.optional().describe('number of the invoice or order'),
      currency: textColumn
        .optional()
        .describe('currency of prices: one in each market; a column that is called so is looked at unasked'),
      stock: name.optional().describe('units in stock; the week has that of its earliest line'),
    })
    .describe('which column is what'),
  repeats: z
    .enum(['stop', 'add'])
    .default('stop')
    .describe('days that two files tell alike, or a daily table twice: `stop` names them, `add` takes both'),
  leaveOut: z
    .array(leaveOut)
    .default([])
    .describe('lines that are no sales of articles; the first rule that fits counts'),
  covariates: z
    .record(name, covariate)
    .default({})
    .describe('name → what else is told of the week, such as promotions'),
});

const returnsSchema = z.strictObject({
  files: files.describe('files, folders or globs below SOURCE; lines of `sales`'),
  format,
  documents: pattern
    .optional()
    .describe(
      'lines of `sales` whose `document` matches are returns; without it, all lines with negative units',
    ),
  columns: z
    .strictObject({
      article: textColumn.describe('what came back'),
      date: name.describe('when it was back'),
      units: name.describe('how many, of either sign'),
      customer: textColumn.optional().describe('who returned it'),
      document: textColumn.optional().describe('the document of the purchase'),
    })
    .optional()
    .describe('with `files`: returns that have files of their own'),
  match: z
    .enum(['customer', 'document'])
    .default('customer')
    .describe('what a return and its purchase have in common'),
  sameTime: z
    .boolean()
    .default(true)
    .describe(
      'whether a purchase at the very time of the return, or day where there are days only, is an earlier one',
    ),
});

const pricesSchema = z.strictObject({
  files: names.describe('files, folders or globs below SOURCE'),
  format,
  columns: z
    .strictObject({
      article: textColumn.describe('what'),
      market: textColumn.optional().describe('where; everywhere'),
      price: name.describe('undiscounted price of one unit'),
      validFrom: name.describe('first day'),
      validTo: name.optional().describe('last day; until the next price'),
    })
    .describe('which column is what'),
});

const stockSchema = z.strictObject({
  files: names.describe('files, folders or globs below SOURCE'),
  format,
  columns: z
    .strictObject({
      article: textColumn.describe('what'),
      market: textColumn.describe('where'),
      date: name.describe('when it was counted'),
      units: name.describe('units; several lines of one article, market and day are added'),
    })
    .describe('which column is what'),
  counted: z
    .enum(['morning', 'evening'])
    .default('morning')
    .describe('`evening`: what is counted is in stock on the next day; or `morning`'),
});

const articlesSchema = z.strictObject({
  files: files.describe('files, folders or globs below SOURCE; lines of `sales`'),
  format,
  columns: attribute.describe(
    'role or name → column, `article` among them where there are `files`; without, of the lines of `sales`, the value most lines have',
  ),
});

const marketsSchema = z.strictObject({
  files: files.describe('files, folders or globs below SOURCE; lines of `sales`'),
  format,
  columns: attribute.describe('as of `articles`, with `market`'),
});

/** What a map may say. Descriptions are those of the table in the README. */
export const importMapSchema = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  name: name.optional().describe('of the dataset; the name of the folder'),
  description: z.string().optional().describe('for people'),
  weekStart: z.enum(WEEK_STARTS).default('monday').describe('weekday on which weeks begin'),
  timeZone: name
    .optional()
    .describe('zone of the shop, such as `Europe/Berlin`: points in time with an offset become days there'),
  from: day.optional().describe('first day; lines before are left out'),
  to: day.optional().describe('last day; lines after are left out'),
  format: formatSchema.default({}).describe('how text is written, where a section does not say'),
  badValues: z
    .enum(['stop', 'leaveOut'])
    .default('stop')
    .describe('lines that cannot be read: `stop` tells the first, `leaveOut` counts them'),
  missingWeeks: z
    .enum(['zero', 'unobserved', 'error'])
    .default('zero')
    .describe('what a week without a line is: no sale, not known, or a mistake'),
  blackPrice: z
    .enum(['lines', 'list', 'highest'])
    .optional()
    .describe(
      'undiscounted price: of the `lines` (`listPrice`, `discountAmount`), of the price `list` (`prices`), or the `highest` weekly price of the last 13 weeks; the first of these that there is',
    ),
  sales: salesSchema.describe('transaction lines, or a daily table'),
  returns: returnsSchema.optional().describe('what came back'),
  prices: pricesSchema.optional().describe('price list with days of validity'),
  stock: stockSchema.optional().describe('stock as it was counted'),
  sizes: sizesSchema.optional().describe('sales by size, and whether the size was there'),
  fulfillment: fulfillmentSchema.optional().describe('what shipping and returning cost'),
  clearance: clearanceSchema.optional().describe('what was cleared after the season'),
  articles: articlesSchema.optional().describe('attributes of articles'),
  markets: marketsSchema.optional().describe('attributes of markets'),
});

/** A map that has been read: every default is there. */
export type ImportMap = z.output<typeof importMapSchema>;
/** A map as it is written. */
export type ImportMapInput = z.input<typeof importMapSchema>;
export type { TextColumn, TextFormat } from './columns.ts';
/** What all sections with files of their own have. */
export interface Files {
  readonly files?: string | readonly string[];
  readonly format?: TextFormat;
}
/** A name of a section with lines. */
export type SectionName =
  'sales' | 'returns' | 'prices' | 'stock' | 'sizes' | 'fulfillment' | 'clearance' | 'articles' | 'markets';

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
