import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lineOfCounted, linesOfRows } from '../src/source/csv-lines.ts';
import { fromGroup, type FileGroup } from '../src/source/file-group.ts';
import { numberedRows } from '../src/sql/database.ts';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-lines-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** What a row of a file is: as it is, broken, empty, or with a text that goes on over lines. */
const row = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('plain', '5" pipe', ' blanks ', 'é€😀', '') },
  { weight: 3, arbitrary: fc.constantFrom('"two\nlines"', '"a\r\nb\n\nc"', '"with ""quotes"", and\nlines"') },
  { weight: 2, arbitrary: fc.constantFrom(' "behind\na blank"', '"before\na blank" ', '"", ', '"a;b"') },
  { weight: 1, arbitrary: fc.constant('BROKEN') },
  { weight: 1, arbitrary: fc.constant('EMPTY') },
);

it('rows are found on the lines on which DuckDB reads them, whatever stands between', async () => {
  const file = join(folder, 'rows.csv');
  let multiline = 0;
  const property = fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 30 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom(';', '|'),
    fc.integer({ min: 0, max: 2 }),
    fc.boolean(),
    async (rows, end, delimiter, skip, isEnded) => {
      let line = 1;
      let text = '';
      const add = (content: string): void => {
        text += content + end;
        line += (content + end).split('\n').length - 1;
      };
      for (let i = 0; i < skip; i++) add(`Report of ${i}`);
      add(['at', 'text'].join(delimiter));
      // Each row holds the line that it begins on.
      for (const content of rows) {
        if (content === 'BROKEN') add(`${line}${delimiter}too${delimiter}many`);
        else add(content === 'EMPTY' ? '' : `${line}${delimiter}${content.replaceAll(';', ',')}`);
      }
      const written = isEnded ? text : text.slice(0, -end.length);
      await writeFile(file, written);
      const format = { delimiter, ...(skip === 0 ? {} : { skip }) };
      const group: FileGroup = {
        ...{ kind: 'csv', paths: [file], names: [file], format, header: ['at', 'text'] },
        columns: new Map(),
      };
      await connection.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
      const read = await connection.runAndReadAll(
        `SELECT c0, row_of_file FROM (${numberedRows(fromGroup(group, { keepBroken: true }))}) ORDER BY row_of_file`,
      );
      const errors = await connection.runAndReadAll(
        `SELECT DISTINCT line, regexp_extract(csv_line, '\\d+') FROM reject_errors ORDER BY line`,
      );
      const broken = errors.getRows().map(([counted]) => Number(counted));
      const found = await linesOfRows(
        file,
        group,
        read.getRows().map(([, number]) => Number(number)),
        broken,
      );
      expect(found.rows).toEqual(read.getRows().map(([at]) => Number(at)));
      expect(found.broken).toEqual(errors.getRows().map(([, at]) => Number(at)));
      for (const [i, counted] of broken.entries())
        expect(await lineOfCounted(file, format, counted)).toBe(found.broken[i]);
      if (found.rows.some((at, i) => at - i > skip + 2)) multiline++;
    },
  );
  await fc.assert(property, { numRuns: 150 });
  expect(multiline).toBeGreaterThan(50);
});
