// The weekly table of a dataset with demand in the place of sales, estimated by hemline: what peers are given to learn from.
import { collect, emptyBatch, memoryTable, TABLES } from '@hemline/core';
import { demandLevels, inSeriesOrder, recoverDemand, sizeShares } from '@hemline/features';
import { openDataset } from '@hemline/runtime';
import { writeParquetFile } from '@hemline/stores';

const [folder, output] = process.argv.slice(2) as [string, string];
const dataset = await openDataset(folder);
const cutoff = await dataset.lastKnownWeek();
const known = dataset.tables.asOf(cutoff);
const noSizes = memoryTable('sizes', [emptyBatch({ fields: TABLES.sizes.roles })]);
const weekly = dataset.tables.get('weekly');
const tables = { weekly, sizes: dataset.tables.find('sizes') ?? noSizes };
// As the model does it: learnt from the weeks up to the cutoff.
const past = await inSeriesOrder({
  weekly: known.get('weekly'),
  sizes: known.find('sizes') ?? noSizes,
});
const shares = await sizeShares(past.sizes, known.find('articles'), { cutoff });
const levels = await demandLevels(past.weekly, past.sizes, shares, { cutoff });
const ordered = await inSeriesOrder(tables);
const recovered = await collect(recoverDemand(ordered.weekly, ordered.sizes, shares, levels, cutoff));
await writeParquetFile(output, [recovered]);
