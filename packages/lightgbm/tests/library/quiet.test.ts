import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { missingLibrary } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

test.skipIf(missingLibrary !== null)(
  `LightGBM says nothing unless it is asked to, on any thread${note}`,
  async () => {
    const script = join(import.meta.dirname, 'quiet-probe.ts');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script]);
    expect([stdout, stderr]).toEqual(['1 class, 200 rows\n', '']);
  },
);
