import { z } from 'zod';

/** Of a column, file or anything else. */
export const name = z.string().min(1);
/** One, or several. */
export const names = z.union([name, z.array(name).min(1)]);

/** A column of text, or a text. */
export const textColumn = z.union([
  name,
  z.strictObject({
    column: name.describe('column of the source'),
    case: z
      .enum(['upper', 'lower'])
      .optional()
      .describe('write all values so: codes that differ only in case are one'),
    first: z.int().min(1).optional().describe('only so many characters'),
  }),
  z.strictObject({
    value: name.describe('the same text for every line, where the source has no such column'),
  }),
]);

/** How text is written; what a section does not say, the map says. */
export const formatSchema = z.strictObject({
  delimiter: z.string().length(1).optional().describe('CSV: between columns; `,`'),
  quote: z.string().length(1).optional().describe('CSV: around text; `"`'),
  encoding: z
    .enum(['utf-8', 'latin-1', 'utf-16'])
    .optional()
    .describe('CSV: `utf-8`, `latin-1` or `utf-16`; `utf-8`'),
  sheet: name.optional().describe('Excel: name of the sheet; the only one with cells'),
  skip: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('lines above the header, such as the title of a report; none'),
  decimal: z.enum(['.', ',']).optional().describe('between units and tenths; `.`'),
  thousands: z
    .enum(['.', ',', ' ', "'"])
    .optional()
    .describe('between thousands; none, so that `1,234` is no number'),
  date: name
    .optional()
    .describe('dates and times as in `%d.%m.%Y %H:%M`; ISO, such as `2024-07-22` or `2024-07-22T08:26:00`'),
  missing: z
    .array(z.string())
    .optional()
    .describe('texts that stand for nothing, such as `NA`; empty text always does'),
});

/** Of one section. */
export const format = formatSchema.optional().describe('how text is written in these files; as in `format`');
/** Of sections that may go without. */
export const files = names.optional();

/** How text is written. */
export type TextFormat = z.output<typeof formatSchema>;
/** Which column a text is in, or the text itself. */
export type TextColumn = z.output<typeof textColumn>;
