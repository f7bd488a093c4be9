import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { givenFile } from '@hemline/pricing/job';
import { Home } from '@hemline/runs';
import { placeOfGiven } from '../../src/decisions/given-file.ts';
import { absolutePlace } from '../../src/runs/absolute-place.ts';

const LIMITS = 'articles: [{ maximum: 0.3 }]\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-given-'));
  await mkdir(join(folder, 'kept'));
  await writeFile(join(folder, 'limits.yaml'), LIMITS);
  await writeFile(join(folder, 'kept', 'limits.yaml'), 'articles: [{ maximum: 0.2 }]\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A run as far as it matters: what it says of its files. */
function placeOf(file: string | null, parameters: Record<string, string> = {}): Promise<string | null> {
  const run = {
    origin: { limits: file === null ? null : givenFile(file, LIMITS), plan: null },
    known: { record: { parameters } },
  };
  return placeOfGiven(
    new Home(join(folder, '.hemline')),
    run as unknown as Parameters<typeof placeOfGiven>[1],
    'limits',
  );
}

it('finds a file from the folder of the home, wherever this process is', async () => {
  expect(await placeOf('limits.yaml')).toBe(join(folder, 'limits.yaml'));
});

it('finds the file that was copied into a bucket of this machine', async () => {
  const file = join(folder, 'limits.yaml');
  expect(await placeOf('s3://artifacts/limits/limits-1.yaml', { limits: file })).toBe(file);
});

it('prefers the file that has not changed, and takes the one that has before none', async () => {
  const [same, other] = [join(folder, 'limits.yaml'), join(folder, 'kept', 'limits.yaml')];
  expect(await placeOf(other, { limits: same })).toBe(same);
  expect(await placeOf(other)).toBe(other);
});

it('names what was recorded where nothing is there', async () => {
  expect(await placeOf('s3://bucket/limits.yaml')).toBe('s3://bucket/limits.yaml');
  expect(await placeOf(null)).toBeNull();
});

it('makes paths absolute, and leaves addresses as they are', () => {
  expect(absolutePlace('limits.yaml')).toBe(resolve('limits.yaml'));
  expect(absolutePlace('s3://bucket/limits.yaml')).toBe('s3://bucket/limits.yaml');
});
