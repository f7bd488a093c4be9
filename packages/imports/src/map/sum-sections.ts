import { z } from 'zod';
import { format, name, names, textColumn } from './columns.ts';

/** Files that are summed by week for the table `sizes`. */
export const sizesSchema = z.strictObject({
  files: names.describe('files, folders or globs below SOURCE'),
  format,
  columns: z
    .strictObject({
      article: textColumn.describe('what, in all its sizes'),
      market: textColumn.describe('where'),
      date: name.describe('when: a day, or a point in time, of the week'),
      size: textColumn.describe('size; each that is on offer has lines, sold out or not'),
      units: name.describe('units sold of the size'),
      available: name.describe(
        'whether the size was in stock: a flag such as `Y`, `no`, `true`, `0`, or units in stock; of a week where it holds of all its lines',
      ),
    })
    .describe('which column is what'),
});

/** Files that are summed by week for the table `fulfillment`. */
export const fulfillmentSchema = z.strictObject({
  files: names.describe('files, folders or globs below SOURCE'),
  format,
  columns: z
    .strictObject({
      article: textColumn.describe('what'),
      market: textColumn.describe('where'),
      date: name.describe('when: a day, or a point in time, of the week'),
      shippedUnits: name.describe('units shipped; nothing is 0, in the three others too'),
      shippingCost: name.describe('cost of shipping them, in all'),
      returnedUnits: name.describe('units returned'),
      returnCost: name.describe('cost of returning them, in all'),
    })
    .describe('which column is what'),
});

/** Files that are summed by week for the table `clearance`. */
export const clearanceSchema = z.strictObject({
  files: names.describe('files, folders or globs below SOURCE'),
  format,
  columns: z
    .strictObject({
      article: textColumn.describe('what'),
      market: textColumn.describe('where'),
      date: name.describe('when: a day, or a point in time, of the week'),
      units: name.describe('units cleared after the season'),
      value: name.describe('what they brought, in all'),
      blackPrice: name.describe('undiscounted price of one unit; the week has the mean, by units'),
    })
    .describe('which column is what'),
});
