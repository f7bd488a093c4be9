import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stagePage } from '../src/stage-page.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'hemline-page-stage-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(text: string): string {
  const path = join(root, 'build.mjs');
  writeFileSync(path, text);
  return path;
}

test('what the builder of the page says is told, and a page that cannot be built is no error but has a reason', async () => {
  expect(await stagePage({ root }, program(`console.log('built /page')`))).toEqual({ state: 'built' });
  expect(await stagePage({ root }, program(`console.log('current /page')`))).toEqual({ state: 'current' });
  expect(
    await stagePage({ root }, program(`console.error('main.tsx: expected a comma'); process.exit(1)`)),
  ).toEqual({
    state: 'unavailable',
    reason: expect.stringContaining('expected a comma'),
  });
});
