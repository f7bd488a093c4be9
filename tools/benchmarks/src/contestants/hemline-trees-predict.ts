import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Booster, TreeModel } from '@hemline/lightgbm';
import { COLUMNS, readRows } from '../trees/tree-data.ts';
import { printSample, timed } from './sample.ts';

/** Predicts the data on one thread: with the library, or in TypeScript. */
const [folder, model, how] = process.argv.slice(2) as [string, string, string];

const { values, label } = await readRows(folder);
const table = { values, rows: label.length, columns: COLUMNS, layout: 'row' } as const;
const text = await readFile(model, 'utf8');
const into = new Float64Array(table.rows);
const booster = how === 'library' ? await Booster.fromText(text) : null;
const trees = TreeModel.parse(text);
const { seconds, result } = await timed(async () =>
  booster === null
    ? trees.predict(table, { into })
    : booster.predict(table, { into, parameters: { num_threads: 1 } }),
);
printSample(seconds, createHash('sha256').update(result).digest('hex').slice(0, 16));
