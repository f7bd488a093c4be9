import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellBlocks } from './shell-blocks.ts';

function blocksOf(...lines: string[]): ReturnType<typeof shellBlocks> {
  const file = join(mkdtempSync(join(tmpdir(), 'hemline-readme-')), 'README.md');
  writeFileSync(file, lines.join('\n'));
  return shellBlocks(file);
}

test('blocks of commands are found, with the reason why one is not run', () => {
  expect(
    blocksOf(
      '# A',
      '```ts',
      'no();',
      '```',
      '```sh',
      'a',
      'b # c',
      '```',
      '  ```bash no-test: needs AWS',
      '  d',
      '  ```',
    ),
  ).toEqual([
    { line: 6, commands: 'a\nb # c', reason: null },
    { line: 10, commands: 'd', reason: 'needs AWS' },
  ]);
});

test('a block that is not run has to say why', () => {
  expect(() => blocksOf('```sh no-test', 'a', '```')).toThrow(/README.md:1: expected "sh no-test: REASON"/);
  expect(() => blocksOf('```sh notest: x', 'a', '```')).toThrow(/expected/);
  expect(() => blocksOf('```sh', 'a')).toThrow(/does not end/);
});
