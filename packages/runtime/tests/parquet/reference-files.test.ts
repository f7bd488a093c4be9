import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError } from '@hemline/core';
import { openParquet } from '../../src/index.ts';

/** Files of https://github.com/apache/parquet-testing: many writers, encodings and codecs. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data/parquet-testing/data');
/** Broken on purpose. */
const MALFORMED = ['nation.dict-malformed.parquet'];

describe('the files of parquet-testing', () => {
  it.skipIf(!existsSync(FOLDER))(
    'are read to their last row, but for the malformed one (skipped where shared/data is missing)',
    async () => {
      const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.parquet'));
      expect(names.length).toBeGreaterThan(20);
      const refused: string[] = [];
      for (const name of names) {
        const file = await openParquet(join(FOLDER, name));
        const columns = file.schema.fields.map((field) => field.name);
        let rows = 0;
        try {
          for await (const batch of file.batches({ columns })) rows += batch.length;
          expect(rows, name).toBe(file.rows);
        } catch (error) {
          expect(error, name).toBeInstanceOf(DataError);
          refused.push(name);
        }
      }
      expect(refused).toEqual(MALFORMED);
    },
  );
});
