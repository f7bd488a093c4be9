import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeAsNobody } from '../../src/check-image/remove-as-nobody.ts';

// Whoever is not root is refused by nothing of their own.
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)(`removal by others${isRoot ? '' : ' (skipped: this is not root)'}`, () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-removal-'));
    await mkdir(join(folder, 'left', 'deep'), { recursive: true });
    await writeFile(join(folder, 'left', 'deep', 'file'), '');
    await chmod(folder, 0o755);
    await chmod(join(folder, 'left'), 0o777);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('removes what was made without a umask', async () => {
    await chmod(join(folder, 'left', 'deep'), 0o777);
    await removeAsNobody(join(folder, 'left'));
    await expect(stat(join(folder, 'left'))).rejects.toThrow('ENOENT');
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('tells what cannot be removed', async () => {
    await chmod(join(folder, 'left', 'deep'), 0o755);
    await expect(removeAsNobody(join(folder, 'left'))).rejects.toThrow(
      /cannot be removed by others.*deep\/file/s,
    );
  });
});
