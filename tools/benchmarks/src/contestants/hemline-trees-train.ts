import { createHash } from 'node:crypto';
import { createDataset, train } from '@hemline/lightgbm';
import { CATEGORICAL, COLUMNS, PARAMETERS, readRows } from '../trees/tree-data.ts';
import { printSample } from './sample.ts';

/** Bins the data and grows trees; from one matrix, or from an array a column. */
const [folder, form, rounds, output] = process.argv.slice(2) as [string, string, string, string?];

const { values, label } = await readRows(folder);
const rows = label.length;
const table =
  form === 'columns'
    ? {
        columns: Array.from({ length: COLUMNS }, (_, column) =>
          Float32Array.from({ length: rows }, (_row, row) => values[row * COLUMNS + column]!),
        ),
      }
    : ({ values, rows, columns: COLUMNS, layout: 'row' } as const);

const began = performance.now();
using data = await createDataset(table, { label, categorical: CATEGORICAL, parameters: PARAMETERS });
const binned = performance.now();
using booster = await train({ data, parameters: PARAMETERS, rounds: Number(rounds) });
const ended = performance.now();

const text = await booster.toText();
if (output !== undefined) await (await import('node:fs/promises')).writeFile(output, text);
printSample((ended - began) / 1000, createHash('sha256').update(text.trim()).digest('hex').slice(0, 16), {
  stages: { dataset: (binned - began) / (ended - began), training: (ended - binned) / (ended - began) },
});
