import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const here = (path: string): URL => new URL(path, import.meta.url);

it('the policy of the page is the example, which is played in the tests of the library', async () => {
  const example = await readFile(here('../examples/half-price.ts'), 'utf8');
  expect(await readFile(here('../README.md'), 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\``);
});
