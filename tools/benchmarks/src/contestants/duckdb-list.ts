import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { listQuestions, listSql } from '../desk/large-list.ts';
import { listCheck } from '../desk/list-check.ts';
import { median } from '../harness/measure.ts';
import { printSample } from './sample.ts';

/** Asks the table recommendations of a generated list, the file as it is. Arguments: folder of make-desk-list.ts. */
const [folder] = process.argv.slice(2) as [string];
const { file, first } = JSON.parse(await readFile(join(folder, 'list.json'), 'utf8')) as {
  readonly file: string;
  readonly first: string;
};
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const seconds: number[] = [];
const shown: { readonly article: string; readonly market: string }[][] = [];
// The file is in the cache of the disk, as it is of the desk that has read it.
await connection.runAndReadAll(listSql(listQuestions()[0]!, file, first));
for (const question of listQuestions()) {
  const began = performance.now();
  const rows = (await connection.runAndReadAll(listSql(question, file, first))).getRows();
  seconds.push((performance.now() - began) / 1000);
  shown.push(rows.map(([article, market]) => ({ article: String(article), market: String(market) })));
}
printSample(median(seconds), listCheck(shown));
connection.closeSync();
