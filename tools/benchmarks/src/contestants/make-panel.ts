import type { Batch } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { panelOf, WEEKS } from '../features/panel-data.ts';

const [path, text] = process.argv.slice(2) as [string, string];
const series = Math.round(Number(text) / WEEKS);
const CHUNK = 1000;

async function* rows(): AsyncGenerator<Batch> {
  for (let first = 0; first < series; first += CHUNK)
    yield panelOf(first, Math.min(series, first + CHUNK), series);
}

await writeParquetFile(path, rows(), { codec: 'none' });
