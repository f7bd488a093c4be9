import { rename, rm, mkdir, stat } from 'node:fs/promises';
import { importDataset, parseMap } from '@hemline/imports';
import { importCheck } from './import-check.ts';
import { printSample } from './sample.ts';

const [file] = process.argv.slice(2) as [string];
const out = `${file}.${process.pid}.dataset`;
const map = parseMap({
  sales: {
    columns: {
      article: 'article',
      market: 'market',
      date: 'sold_at',
      units: 'units',
      price: 'price',
      customer: 'customer',
    },
  },
  returns: {},
});
try {
  const start = performance.now();
  await importDataset({ source: file, map, out, threads: 2 });
  const seconds = (performance.now() - start) / 1000;
  // A small table is one file, a large one a folder.
  if ((await stat(`${out}/weekly`).catch(() => null)) === null) {
    await mkdir(`${out}/weekly`);
    await rename(`${out}/weekly.parquet`, `${out}/weekly/weekly.parquet`);
  }
  printSample(seconds, await importCheck(out));
} finally {
  await rm(out, { recursive: true, force: true });
}
